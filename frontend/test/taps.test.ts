import { expect, it } from "vitest";
import { delayFrom, TAPS, tapped, wrapped } from "../src/page/sound/taps";

/** Taps once a second, so late, with a person's unsteadiness. */
const taps = (late: number, more: readonly number[] = []): number[] =>
  Array.from({ length: TAPS }, (_, k) => 3 + k + late + [0.02, -0.03, 0.01, 0, -0.02, 0.03, 0.015, -0.01, 0.005, -0.02][k % 10]! + (more[k] ?? 0));

it.each([-0.49, -0.2, 0, 0.04, 0.31, 0.499])("finds how late taps are: %d s", (late) => {
  const found = tapped(taps(late))!;
  expect(Math.abs(wrapped(found.offset - late))).toBeLessThan(0.012);
  expect(found.kept).toBeGreaterThanOrEqual(7);
});

it("one tap that slipped does not count, nor do the first two", () => {
  const found = tapped(taps(0.1, [0.4, -0.3, 0, 0, 0.45]))!;
  expect(Math.abs(found.offset - 0.1)).toBeLessThan(0.015);
  expect(found.kept).toBe(TAPS - 3);
});

it("says nothing of few taps or of taps at random", () => {
  expect(tapped([])).toBeNull();
  expect(tapped(taps(0).slice(0, 5))).toBeNull();
  expect(tapped([0, 0, 0.05, 1.3, 2.6, 3.9, 4.15, 5.45, 6.75, 7.5])).toBeNull();
});

it("the delay is what sound comes later than light, within its range", () => {
  const at = (offset: number) => ({ offset, spread: 0.02, kept: 8 });
  expect(delayFrom(0.1, at(0.15), at(-0.05), -2, 5)).toBe(0.3);
  expect(delayFrom(0, at(-0.45), at(0.45), -2, 5)).toBe(0.1);
  expect(delayFrom(4.9, at(0.3), at(0), -2, 5)).toBe(5);
  expect(delayFrom(-1.9, at(-0.3), at(0), -2, 5)).toBe(-2);
});
