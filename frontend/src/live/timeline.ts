// Light frames with their times: what the lights show between and after received frames.

import { CHANNELS, type Frame } from "../model";

const MAX_FRAMES = 600;
/** Frames further apart than this (µs) are steps; closer ones are blended. */
const BLEND = 160_000;

/** Levels of the lights from a moment on: linear between points, and constant after the last. */
export interface Way {
  /** Milliseconds from that moment, ascending; the first is 0. */
  times: number[];
  /** For each light, its level (0 to 1) at each of `times`. */
  levels: number[][];
}

/** Frames in the order of their times, in µs of the service's clock. New ones replace all from their first on. */
export class Timeline {
  #frames: Frame[] = [];

  push(frames: readonly Frame[]): void {
    const from = frames[0]?.at;
    if (from === undefined) return;
    const kept = this.#frames.filter((frame) => frame.at < from);
    this.#frames = [...kept, ...frames].slice(-MAX_FRAMES);
  }

  clear(): void {
    this.#frames = [];
  }

  /** Due time of the last frame. */
  get end(): number {
    return this.#frames.at(-1)?.at ?? -Infinity;
  }

  /** Levels from `time` on; dark before the first frame. Drops frames that are long past. */
  way(time: number): Way {
    const frames = this.#frames;
    let past = 0;
    while (past + 1 < frames.length && frames[past + 1]!.at <= time) past++;
    if (past) frames.splice(0, past);
    const way: Way = { times: [], levels: Array.from({ length: CHANNELS }, () => []) };
    const add = (at: number, level: (k: number) => number): void => {
      way.times.push((at - time) / 1000);
      for (const [k, levels] of way.levels.entries()) levels.push(level(k));
    };
    let before: Frame | undefined;
    for (const frame of frames) {
      if (frame.at > time) {
        const from = Math.max(time, before?.at ?? time);
        const step = !before || frame.at - before.at > BLEND;
        if (!way.times.length) add(time, (k) => (step ? of(before, k) : mix(before!, frame, time, k)));
        if (step && frame.at - 1000 > from) add(frame.at - 1000, (k) => of(before, k));
        add(frame.at, (k) => of(frame, k));
      }
      before = frame;
    }
    if (!way.times.length) add(time, (k) => of(before, k));
    return way;
  }
}

const of = (frame: Frame | undefined, k: number): number => (frame?.levels[k] ?? 0) / 255;

function mix(a: Frame, b: Frame, time: number, k: number): number {
  const share = (time - a.at) / (b.at - a.at);
  return of(a, k) + share * (of(b, k) - of(a, k));
}
