import { expect, test } from "vitest";

import { isLight } from "../src/card/contrast";

test.each([
  ["rgb(225, 225, 225)", true],
  ["rgb(33, 33, 33)", false],
  ["rgba(255, 255, 255, 0.87)", true],
  ["rgb(0, 255, 0)", true],
  ["rgb(255, 0, 0)", false],
  ["color(srgb 0.9 0.9 0.9)", null],
  ["", null],
])("a text of %s is light: %s", (colour, light) => {
  expect(isLight(colour)).toBe(light);
});
