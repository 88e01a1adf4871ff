// What the eight lights show: frames in, the way of each light out. Ways are told a few times a second, some hundred
// milliseconds ahead, so that the browser's compositor can draw them and the page itself has next to nothing to do.

import type { FramesMessage } from "../model";
import { ServiceClock } from "./service-clock";
import { Timeline, type Way } from "./timeline";

/** A way is told anew this long (ms) before its end. */
const AHEAD = 120;

export class Glow {
  #timeline = new Timeline();
  #clock = new ServiceClock();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Until when (µs of the service's clock) the way is told. */
  #told = -Infinity;

  /** `show` is given what the lights do from now on. */
  constructor(readonly show: (way: Way) => void) {}

  hear({ now, frames }: FramesMessage): void {
    this.#clock.hear(now, performance.now());
    this.#timeline.push(frames);
    const first = frames[0]?.at ?? Infinity;
    if (first <= this.#told || this.#timer === undefined) this.again();
  }

  /** The level of light `channel` (1 to 8) at this moment, 0 to 1. */
  level(channel: number): number {
    return this.#timeline.way(this.#now).levels[channel - 1]![0]!;
  }

  /** Nobody knows what the lights do: they go dark. */
  forget(): void {
    this.#timeline.clear();
    this.#clock.clear();
    this.again();
  }

  /** Nobody looks. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#told = -Infinity;
  }

  /** Show everything anew, as after the page was drawn anew. */
  again(): void {
    this.stop();
    const now = this.#now;
    const way = this.#timeline.way(now);
    const lasts = way.times.at(-1)!;
    this.#told = now + lasts * 1000;
    if (lasts > 0) this.#timer = setTimeout(() => this.#goOn(), Math.max(0, lasts - AHEAD));
    this.show(way);
  }

  get #now(): number {
    return this.#clock.at(performance.now());
  }

  /** With what was heard since; if nothing was, with what comes next. */
  #goOn(): void {
    this.#timer = undefined;
    if (this.#timeline.end > this.#told) this.again();
  }
}
