import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Glow } from "../src/live/glow";
import { ServiceClock } from "../src/live/service-clock";
import { Timeline, type Way } from "../src/live/timeline";
import type { Frame } from "../src/model";

const frame = (at: number, level: number): Frame => ({ at, levels: Array<number>(8).fill(level), switched: [] });
/** The last light's way as [ms, level of 255] points. */
const points = ({ times, levels }: Way): [ms: number, level: number][] => times.map((time, k) => [Math.round(time), Math.round(levels[7]![k]! * 255)]);
const level = (line: Timeline, time: number): number => points(line.way(time))[0]![1];

describe("frames wait for their moment", () => {
  it("are blended when they are close, and steps when they are not", () => {
    const line = new Timeline();
    line.push([frame(1_000_000, 0), frame(1_050_000, 200), frame(1_100_000, 100), frame(3_000_000, 50)]);
    expect(points(line.way(900_000))).toEqual([
      [0, 0],
      [99, 0],
      [100, 0],
      [150, 200],
      [200, 100],
      [2099, 100],
      [2100, 50],
    ]);
    expect(points(line.way(1_025_000))).toEqual([
      [0, 100],
      [25, 200],
      [75, 100],
      [1974, 100],
      [1975, 50],
    ]);
    expect(points(line.way(1_100_000))).toEqual([
      [0, 100],
      [1899, 100],
      [1900, 50],
    ]);
    expect(points(line.way(3_000_000))).toEqual([[0, 50]]);
    expect(line.end).toBe(3_000_000);
  });

  it("go their way for every light, with times that rise from nothing", () => {
    const line = new Timeline();
    let seed = 7;
    const next = (): number => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    for (let round = 0; round < 300; round++) {
      const start = Math.round(next() * 2_000_000);
      line.push(
        Array.from({ length: Math.floor(next() * 9) }, (_, k) => ({
          at: start + k * Math.round(1 + next() * 20) * 10_000,
          levels: Array.from({ length: 8 }, () => Math.floor(next() * 256)),
          switched: [],
        })).sort((a, b) => a.at - b.at),
      );
      const { times, levels } = line.way(Math.round(next() * 2_000_000));
      expect(times[0]).toBe(0);
      expect([...times].sort((a, b) => a - b)).toEqual(times);
      for (const each of levels) {
        expect(each).toHaveLength(times.length);
        expect(Math.min(...each)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...each)).toBeLessThanOrEqual(1);
      }
    }
  });

  it("are replaced from a message's first one on", () => {
    const line = new Timeline();
    line.push([frame(1_000_000, 0), frame(1_050_000, 200), frame(1_100_000, 100), frame(3_000_000, 50)]);
    line.push([frame(1_080_000, 8)]);
    expect([1_050_000, 1_080_000, 9_000_000].map((time) => level(line, time))).toEqual([200, 8, 8]);
  });

  it("are not kept without end", () => {
    const line = new Timeline();
    for (let k = 0; k < 2000; k++) line.push([frame(k * 50_000, k % 256)]);
    expect(level(line, 100 * 50_000)).toBe(0);
    expect(level(line, 1999 * 50_000)).toBe(1999 % 256);
  });

  it("an empty message changes nothing; nothing known is dark", () => {
    const line = new Timeline();
    line.push([]);
    expect(points(line.way(5))).toEqual([[0, 0]]);
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

describe("the glow", () => {
  const shown: [at: number, way: Way][] = [];
  let glow: Glow;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    shown.length = 0;
    glow = new Glow((way) => shown.push([performance.now(), way]));
  });
  afterEach(() => void vi.useRealTimers());

  /** What is seen at this moment of a way that was told some time ago. */
  const seen = (): number => {
    const [at, { times, levels }] = shown.at(-1)!;
    const gone = performance.now() - at;
    const after = times.findIndex((time) => time > gone);
    if (after < 0) return Math.round(levels[0]!.at(-1)! * 255);
    const share = (gone - times[after - 1]!) / (times[after]! - times[after - 1]!);
    return Math.round((levels[0]![after - 1]! * (1 - share) + levels[0]![after]! * share) * 255);
  };

  it("goes the way of a stream of frames that come ahead of time, in few parts", () => {
    const start = performance.now();
    const told = (at: number): number => ((at / 50_000) * 37) % 256;
    for (let k = 0; k < 200; k++) {
      const at = k * 50_000;
      glow.hear({ now: at, frames: [frame(at + 600_000, told(at + 600_000))] });
      vi.advanceTimersByTime(50);
      const now = (performance.now() - start) * 1000;
      if (now > 700_000) expect(seen()).toBe(Math.round(told(now)));
    }
    expect(shown.length).toBeLessThan(10_000 / 300);
  });

  it("takes a blackout at once, whatever was to come", () => {
    glow.hear({ now: 0, frames: [frame(0, 255), frame(50_000, 255), frame(100_000, 255)] });
    vi.advanceTimersByTime(20);
    expect(seen()).toBe(255);
    glow.hear({ now: 20_000, frames: [frame(20_000, 0)] });
    expect(seen()).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(seen()).toBe(0);
    expect([1, 8].map((channel) => glow.level(channel))).toEqual([0, 0]);
  });

  it("does nothing while the house is silent or nobody looks", () => {
    glow.hear({ now: 0, frames: [frame(0, 100)] });
    vi.advanceTimersByTime(5000);
    expect(shown).toHaveLength(1);
    glow.hear({ now: 5_000_000, frames: [frame(5_400_000, 200)] });
    glow.stop();
    vi.advanceTimersByTime(1000);
    expect(shown).toHaveLength(2);
    expect(glow.level(3)).toBeCloseTo(200 / 255);
  });

  it("goes dark when nobody knows what the lights do", () => {
    glow.hear({ now: 0, frames: [frame(0, 255)] });
    expect(seen()).toBe(255);
    glow.forget();
    expect(seen()).toBe(0);
  });
});
