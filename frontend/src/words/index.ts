import { de } from "./de";
import { en, type Words } from "./en";

export type { Words } from "./en";

const ALL: Record<string, Words> = { en, de };

/** The texts for a language such as "de-AT"; English if there are none. */
export function wordsFor(language: string | undefined): Words {
  return ALL[(language ?? "en").split("-")[0]!.toLowerCase()] ?? en;
}
