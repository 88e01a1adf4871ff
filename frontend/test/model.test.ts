import { describe, expect, it } from "vitest";

import { clock, type House, IDLE, length, NOWHERE, ownerOf, partsOf, played, positionAt } from "../src/model";

const song = { id: "a", title: "Bells", artist: "", duration: 100 };
const house = (changes: object): House => ({ ...NOWHERE, link: "online", heardAt: 1000, status: { ...IDLE, song, position: 10, ...changes } });

describe("the position", () => {
  it("moves with the clock while the song plays, and stops at its end", () => {
    expect(positionAt(house({ state: "playing", moving: true }), 3500)).toBe(12.5);
    expect(positionAt(house({ state: "paused" }), 3500)).toBe(10);
    expect(positionAt(house({ state: "playing", moving: true }), 1e9)).toBe(100);
    expect(positionAt(house({ state: "playing", moving: true }), 0)).toBe(10);
  });

  it("is told in minutes and hours", () => {
    expect([0, 9.9, 83, 3600, 3671, -3].map(clock)).toEqual(["0:00", "0:09", "1:23", "1:00:00", "1:01:11", "0:00"]);
  });
});

describe("the parts of a song", () => {
  it("cover it without gaps, whatever sections come", () => {
    for (const sections of [[], [0, 30, 60], [30, 10, 10.2, 99.9, 200, -5], [0]]) {
      const parts = partsOf(100, sections);
      expect(parts[0]!.start).toBe(0);
      expect(parts.at(-1)!.end).toBe(100);
      for (const [k, part] of parts.entries()) {
        expect(part.end - part.start).toBeGreaterThanOrEqual(1);
        if (k) expect(part.start).toBe(parts[k - 1]!.end);
      }
    }
    expect(partsOf(0, [1])).toEqual([]);
  });

  it("fill one after the other", () => {
    const part = { start: 10, end: 20 };
    expect([0, 10, 15, 20, 90].map((at) => played(part, at))).toEqual([0, 0, 0.5, 1, 1]);
  });
});

it("a light is the show's, somebody's, or nobody's", () => {
  const channel = { channel: 1, on: false, brightness: 0, effect: "" };
  expect(ownerOf({ ...channel, effect: "show" }, "playing")).toBe("show");
  expect(ownerOf(channel, "playing")).toBe("you");
  expect(ownerOf(channel, "idle")).toBe("");
  expect(ownerOf({ ...channel, on: true }, "idle")).toBe("you");
});

it("a song is as long as the command line says, which rounds halves to the even second", () => {
  // What Python's round() and the command line's clock make of them.
  const told: [number, string][] = [
    [83.4, "1:23"],
    [83.6, "1:24"],
    [214.5, "3:34"],
    [215.5, "3:36"],
    [59.7, "1:00"],
    [3599.6, "1:00:00"],
    [0.2, "0:00"],
  ];
  for (const [seconds, text] of told) expect(length(seconds), String(seconds)).toBe(text);
});

it("as many sections as a long song may have leave marks that can be seen on the smallest phone", () => {
  const many = Array.from({ length: 700 }, (_, k) => k * 7.3);
  const parts = partsOf(5110, many);
  expect(parts[0]!.start).toBe(0);
  expect(parts.at(-1)!.end).toBe(5110);
  for (const [k, { start, end }] of parts.entries()) {
    if (k) expect(start).toBe(parts[k - 1]!.end);
    expect(((end - start) / 5110) * 288, "pixels of a bar that is 288 wide").toBeGreaterThan(5);
  }
});
