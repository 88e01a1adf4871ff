import { describe, expect, it } from "vitest";

import { Levels } from "../src/live/levels";
import { ServiceClock } from "../src/live/service-clock";
import { Timeline } from "../src/live/timeline";
import type { Frame } from "../src/model";

const frame = (at: number, level: number): Frame => ({ at, levels: Array<number>(8).fill(level), switched: [] });
const see = (line: Timeline, time: number): number => Math.round(line.sample(time, new Float32Array(8))[7]! * 255);

describe("frames wait for their moment", () => {
  it("are blended when they are close, and steps when they are not", () => {
    const line = new Timeline();
    line.push([frame(1_000_000, 0), frame(1_050_000, 200), frame(1_100_000, 100), frame(3_000_000, 50)]);
    expect([999_999, 1_000_000, 1_025_000, 1_050_000, 1_075_000, 2_900_000, 3_000_000].map((time) => see(line, time))).toEqual([0, 0, 100, 200, 150, 100, 50]);
  });

  it("are replaced from a message's first one on", () => {
    const line = new Timeline();
    line.push([frame(1_000_000, 0), frame(1_050_000, 200), frame(1_100_000, 100), frame(3_000_000, 50)]);
    line.push([frame(1_080_000, 8)]);
    expect([1_050_000, 1_080_000, 9_000_000].map((time) => see(line, time))).toEqual([200, 8, 8]);
    expect(line.moving(9_000_000)).toBe(false);
  });

  it("are not kept without end", () => {
    const line = new Timeline();
    for (let k = 0; k < 2000; k++) line.push([frame(k * 50_000, k % 256)]);
    expect(see(line, 1999 * 50_000)).toBe(1999 % 256);
    expect(see(line, 100 * 50_000)).toBe(0);
  });

  it("an empty message changes nothing; nothing known is dark", () => {
    const line = new Timeline();
    line.push([]);
    expect(see(line, 5)).toBe(0);
    expect(line.moving(5)).toBe(false);
  });
});

describe("the service's clock", () => {
  it("is told by the message that was under way for the least time", () => {
    const clock = new ServiceClock();
    clock.hear(5_000_000, 1000);
    clock.hear(5_400_000, 1500);
    expect(clock.at(2000)).toBe(6_000_000);
  });

  it("forgets old messages, as after a restart of the service", () => {
    const clock = new ServiceClock();
    clock.hear(90_000_000, 0);
    for (let k = 1; k <= 64; k++) clock.hear(1_000_000 + k * 50_000, k * 50);
    expect(clock.at(0)).toBe(1_000_000);
  });
});

describe("levels", () => {
  it("show a frame at its moment, and rest when nothing comes", () => {
    const levels = new Levels();
    levels.hear({ now: 1_000_000, frames: [frame(1_000_000, 0), frame(1_050_000, 255)] }, 0);
    expect(levels.step(25, false)).toBe(true);
    expect(levels.shown[0]).toBeCloseTo(0.5, 2);
    expect(levels.step(60, false)).toBe(false);
    expect(levels.shown[0]).toBe(1);
  });

  it("never jump for those who want less motion, and arrive all the same", () => {
    const levels = new Levels();
    levels.hear({ now: 0, frames: [frame(0, 255)] }, 0);
    let before = 0;
    let steps = 0;
    while (levels.step((steps += 1) * 16, true)) {
      expect(levels.shown[0]! - before).toBeLessThan(0.03);
      before = levels.shown[0]!;
    }
    expect(levels.shown[0]).toBeCloseTo(1);
    expect(steps).toBeGreaterThan(30);
  });

  it("go dark when nobody knows what the lights do", () => {
    const levels = new Levels();
    levels.hear({ now: 0, frames: [frame(0, 255)] }, 0);
    levels.step(10, false);
    levels.forget();
    levels.step(20, false);
    expect([...levels.shown]).toEqual(Array(8).fill(0));
  });
});
