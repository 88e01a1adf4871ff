// Light frames with their moments: what the lights show at a time, between and after the frames that came.

import { CHANNELS, type Frame } from "../model";

const MAX_FRAMES = 600;
/** Frames further apart than this (µs) are steps; closer ones are blended. */
const BLEND = 160_000;

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

  /** Eight levels in 0..1 at `time`, into `out`; frames long past are forgotten. */
  sample(time: number, out: Float32Array): Float32Array {
    const frames = this.#frames;
    let past = 0;
    while (past + 1 < frames.length && frames[past + 1]!.at <= time) past++;
    if (past) frames.splice(0, past);
    const [before, after] = frames;
    if (!before || before.at > time) return out.fill(0);
    const blend = after && after.at - before.at <= BLEND ? (time - before.at) / (after.at - before.at) : 0;
    for (let k = 0; k < CHANNELS; k++) {
      const level = before.levels[k] ?? 0;
      out[k] = (level + blend * ((after?.levels[k] ?? level) - level)) / 255;
    }
    return out;
  }

  /** Whether anything still changes after `time`. */
  moving(time: number): boolean {
    return this.#frames.length > 1 || (this.#frames[0]?.at ?? -Infinity) > time;
  }
}
