declare module "virtual:face" {
  /** A woff2 file, base64. */
  const data: string;
  export default data;
}
