import { expect, it } from "vitest";

import { keysOf, moved, placeOf } from "../src/page/order";

it("an item is moved as if taken out and put in again", () => {
  const items = [..."abcde"];
  for (let from = 0; from < 5; from++) {
    for (let to = 0; to < 5; to++) {
      const wanted = [...items];
      wanted.splice(to, 0, ...wanted.splice(from, 1));
      expect(moved(items, from, to).join("")).toBe(wanted.join(""));
    }
  }
  expect(items.join("")).toBe("abcde");
});

it("keys tell equal songs apart and stay with the others when one moves", () => {
  expect(keysOf(["a", "b", "a", "a"])).toEqual(["a:0", "b:0", "a:1", "a:2"]);
  expect(new Set(keysOf(["x", "x", "y", "x"])).size).toBe(4);
  expect(keysOf(["b", "a", "c"]).sort()).toEqual(keysOf(["a", "b", "c"]).sort());
});

it("a dragged row belongs where its middle is among the others", () => {
  const others = [28, 84, 140];
  expect(placeOf(0, others)).toBe(0);
  expect(placeOf(60, others)).toBe(1);
  expect(placeOf(139, others)).toBe(2);
  expect(placeOf(400, others)).toBe(3);
});
