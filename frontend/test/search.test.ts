import { expect, it } from "vitest";
import { matches } from "../src/page/search";

it("finds every word, whatever its case and accents", () => {
  expect(matches("Radio Noël – Köln", "noel")).toBe(true);
  expect(matches("Radio Noel", "NOËL rad")).toBe(true);
  expect(matches("Radio Noel", "  ")).toBe(true);
  expect(matches("Radio Noel", "noel two")).toBe(false);
});
