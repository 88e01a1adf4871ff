import { expect, it } from "vitest";
import { wordsFor } from "../src/words";
import { de } from "../src/words/de";
import { en } from "../src/words/en";

type Tree = { [key: string]: unknown };

const flat = (tree: Tree, path = ""): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) =>
      value && typeof value === "object" ? Object.entries(flat(value as Tree, `${path}${key}.`)) : [[path + key, value]],
    ),
  );

it("all languages say the same things, and none is left in English", () => {
  const english = flat(en as unknown as Tree);
  const german = flat(de as unknown as Tree);
  expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
  const same = Object.keys(english).filter((key) => typeof english[key] === "string" && english[key] === german[key]);
  expect(same.sort()).toEqual(
    ["card.form.name", "card.name", "card.parts.player", "card.views.remote", "looks.elegant", "pause", "player", "playlist", "states.live", "token"]
      .filter((key) => same.includes(key))
      .sort(),
  );
});

it("a language that is not there is English", () => {
  expect(wordsFor("de-AT")).toBe(de);
  expect(wordsFor("ja")).toBe(en);
  expect(wordsFor(undefined)).toBe(en);
});

it("eight lights have names", () => {
  for (const words of [en, de]) expect(new Set(words.groups).size).toBe(8);
});
