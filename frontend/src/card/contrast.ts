// Whether a text colour is light, and so its background dark.

/** Parses a computed `colour`; null if it is not rgb(). */
export function isLight(colour: string): boolean | null {
  const [red, green, blue] = [...(/^rgba?\((\d+), (\d+), (\d+)/.exec(colour) ?? [])].slice(1).map(Number);
  if (red === undefined || green === undefined || blue === undefined) return null;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 127.5;
}
