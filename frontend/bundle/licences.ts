// The licences of what others made, in full, at the head of each file that is built.

import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const INCLUDED = ["lit", "@mdi/js", "@fontsource/fraunces"];

function textOf(name: string): string {
  const text = readFileSync(new URL(`../node_modules/${name}/LICENSE`, import.meta.url), "utf8");
  return `${name}\n\n${text.trim().replaceAll("\r\n", "\n").replaceAll("*/", "* /")}`;
}

export function licences(): Plugin {
  const parts = ["Yulelight is licensed under the Apache License 2.0. This file includes:", ...INCLUDED.map(textOf)];
  const head = `/*!\n${parts.join(`\n\n${"-".repeat(40)}\n\n`)}\n*/\n`;
  return {
    name: "yulelight-licences",
    enforce: "post",
    // After everything was made small, which leaves no comment.
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) if (chunk.type === "chunk") chunk.code = head + chunk.code;
    },
  };
}
