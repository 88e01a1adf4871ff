// Light frames with their moments: what the lights show at a time, between and after the frames that came.

import { CHANNELS, type Frame } from "../model";

const MAX_FRAMES = 600;
/** Frames further apart than this (µs) are steps; closer ones are blended. */
const BLEND = 160_000;

/** What the lights do from a moment on: straight lines between points, and the last level for ever after. */
export interface Way {
  /** Milliseconds from that moment, rising; the first is 0. */
  times: number[];
  /** For each light its level at each of the times, 0 to 1. */
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

  /** When the last frame is due. */
  get end(): number {
    return this.#frames.at(-1)?.at ?? -Infinity;
  }

  /** From `time` on; before the first frame all is dark. Frames long past are forgotten. */
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
