// One element that glows: its opacity goes a light's way, drawn by the browser's compositor.

import type { Way } from "./timeline";

/** Differences that nobody sees are not drawn. */
const VISIBLE = 0.006;
/** A way shorter than this (ms) is one step: live frames come one by one, and to animate each costs more than it shows. */
const SHORT = 150;

const less = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

export class Shine {
  #way: Animation | undefined;
  #last = 0;

  constructor(readonly element: HTMLElement | SVGElement) {}

  /** `levels` at the way's `times`. Who wants less motion sees where it goes, slowly (by the style sheet's transition). */
  go({ times }: Way, levels: readonly number[]): void {
    const last = levels.at(-1)!;
    const lasts = times.at(-1)!;
    const before = this.#way;
    const moves = lasts > SHORT && !less?.matches && levels.some((level) => Math.abs(level - last) > VISIBLE);
    this.#way = moves ? this.element.animate({ opacity: [...levels], offset: times.map((time) => time / lasts) }, { duration: lasts }) : undefined;
    // Told when it begins, the browser need not find out and come back to say so.
    if (this.#way) this.#way.startTime = document.timeline.currentTime;
    before?.cancel();
    if (Math.abs(last - this.#last) < VISIBLE && (last > 0 || this.#last === 0)) return;
    this.#last = last;
    this.element.style.opacity = last.toFixed(3);
  }
}
