// Light frames with their moments: what the strings show at a time, between and after the frames that came.

const CHANNELS = 8;
const MAX_FRAMES = 600;
/** Frames further apart than this (µs) are steps; closer ones are blended. */
const BLEND = 160_000;

/** Frames in the order of their times, in µs of the service's clock. New ones replace all from their first on. */
export class Timeline {
  #frames = [];

  push(frames) {
    if (!frames.length) return;
    const from = frames[0].at;
    const kept = this.#frames.filter((frame) => frame.at < from);
    this.#frames = [...kept, ...frames].slice(-MAX_FRAMES);
  }

  clear() {
    this.#frames = [];
  }

  /** Eight levels in 0..1 at ``time``, into ``out``; frames long past are forgotten. */
  sample(time, out) {
    while (this.#frames.length > 1 && this.#frames[1].at <= time) this.#frames.shift();
    const [before, after] = this.#frames;
    if (!before || before.at > time) return out.fill(0);
    const blend = after && after.at - before.at <= BLEND ? (time - before.at) / (after.at - before.at) : 0;
    for (let k = 0; k < CHANNELS; k++) {
      const level = before.levels[k] ?? 0;
      out[k] = (level + blend * ((after?.levels[k] ?? level) - level)) / 255;
    }
    return out;
  }

  /** Whether anything still changes after ``time``. */
  moving(time) {
    return this.#frames.length > 1 || (this.#frames[0]?.at ?? 0) > time;
  }
}

/** The service's clock as seen here. The message with the least delay tells best; old ones are slowly forgotten. */
export class ServerClock {
  #offsets = [];

  /** ``now``: µs on the service's clock when the message left; ``here``: ms on this page's when it came. */
  hear(now, here) {
    this.#offsets.push(now - here * 1000);
    if (this.#offsets.length > 64) this.#offsets.shift();
  }

  clear() {
    this.#offsets = [];
  }

  /** µs on the service's clock at ``here`` ms on this page's. */
  at(here) {
    return here * 1000 + (this.#offsets.length ? Math.max(...this.#offsets) : 0);
  }
}
