// One glowing element: its opacity follows a light's level, animated by the browser's compositor.

import type { Way } from "./timeline";

/** Smaller differences are invisible and are not drawn. */
const VISIBLE = 0.006;
/** A way shorter than this (ms) is one step: live frames come one by one, and to animate each costs more than it shows. */
const SHORT = 150;

const less = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

export class Shine {
  #way: Animation | undefined;
  #last = 0;

  constructor(readonly element: HTMLElement | SVGElement) {}

  /** `levels` at `times`. With reduced motion only the target is set, and the style sheet's transition leads there slowly. */
  go({ times }: Way, levels: readonly number[]): void {
    const last = levels.at(-1)!;
    const lasts = times.at(-1)!;
    const before = this.#way;
    const moves = lasts > SHORT && !less?.matches && levels.some((level) => Math.abs(level - last) > VISIBLE);
    this.#way = moves ? this.element.animate({ opacity: [...levels], offset: times.map((time) => time / lasts) }, { duration: lasts }) : undefined;
    // With an explicit start time the browser need not work one out and report it back to the page.
    if (this.#way) this.#way.startTime = document.timeline.currentTime;
    before?.cancel();
    if (Math.abs(last - this.#last) < VISIBLE && (last > 0 || this.#last === 0)) return;
    this.#last = last;
    this.element.style.opacity = last.toFixed(3);
  }
}
