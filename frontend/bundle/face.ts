// The display face of headings and titles, as `virtual:face`: cut down to the letters of western European languages, so that it
// costs a few kB. Letters that are not in it are drawn in the next serif of the style sheet.

import { readFile } from "node:fs/promises";
import subset from "subset-font";
import type { Plugin } from "vite";

const FILE = new URL("../node_modules/@fontsource/fraunces/files/fraunces-latin-600-normal.woff2", import.meta.url);
const ASCII = Array.from({ length: 95 }, (_, k) => String.fromCodePoint(32 + k)).join("");
const LETTERS = "ÄÖÜäöüßÀÁÂÅÆÇÈÉÊËÍÎÑÓÔØàáâãåæçèéêëìíîïñòóôõøùúûÿœ";
const SIGNS = "\u00a0–—‘’‚“”„…·©";

/** All that the face can draw. */
export const CHARACTERS = ASCII + LETTERS + SIGNS;

export function face(): Plugin {
  return {
    name: "yulelight-face",
    resolveId: (id) => (id === "virtual:face" ? "\0face" : null),
    async load(id) {
      if (id !== "\0face") return null;
      const cut = await subset(await readFile(FILE), CHARACTERS, { targetFormat: "woff2", noLayoutClosure: true });
      return `export default ${JSON.stringify(cut.toString("base64"))};`;
    },
  };
}
