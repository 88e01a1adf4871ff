// Turns frames into transitions of the eight lights, sent a few times a second, some hundred
// milliseconds ahead, so that the browser's compositor draws them and the page's own code has little to do.

import type { FramesMessage } from "../model";
import { ServiceClock } from "./service-clock";
import { Timeline, type Way } from "./timeline";

/** A way is told anew this long (ms) before its end. */
const AHEAD = 120;

export class Glow {
  #timeline = new Timeline();
  #clock = new ServiceClock();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Time (µs, the service's clock) up to which the transition is known. */
  #told = -Infinity;

  /** Call `show` with what the lights do from now on. */
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

  /** The state of the lights is unknown: draw them dark. */
  forget(): void {
    this.#timeline.clear();
    this.#clock.clear();
    this.again();
  }

  /** No one is watching. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#told = -Infinity;
  }

  /** Show everything again after the page was redrawn. */
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

  /** Redraw with what has arrived since, or else with the next message. */
  #goOn(): void {
    this.#timer = undefined;
    if (this.#timeline.end > this.#told) this.again();
  }
}
