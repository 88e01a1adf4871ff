// Where the song is: the bar with its sections, and the finger that moves it.

import { t } from "./strings.js";

/** Seconds as people read them: 3:07. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** ``seek(seconds)`` is called when a new position was chosen. */
export class Progress {
  #duration = 0;
  #parts = [];
  #held = false;

  constructor(parts, seek) {
    Object.assign(this, parts);
    this.range.addEventListener("input", () => {
      this.#held = true;
      this.#draw(Number(this.range.value));
    });
    this.range.addEventListener("change", () => {
      this.#held = false;
      seek(Number(this.range.value));
    });
  }

  /** A song of ``duration`` seconds with sections that begin at ``starts``; 0: nothing to show. */
  setSong(duration, starts) {
    this.root.classList.toggle("empty", !duration);
    this.#duration = duration;
    this.range.max = String(Math.max(1, Math.floor(duration)));
    const edges = [0, ...starts.filter((start) => start > 0.5 && start < duration - 0.5), duration];
    this.#parts = edges.slice(1).map((end, k) => ({ start: edges[k], end, bar: document.createElement("i") }));
    this.track.replaceChildren(...this.#parts.map(({ start, end, bar }) => {
      bar.style.flexGrow = String(end - start);
      return bar;
    }));
    this.total.textContent = clock(duration);
  }

  /** The music is at ``position`` seconds; a finger on the bar is not disturbed. */
  show(position) {
    if (this.#held || !this.#duration) return;
    this.range.value = String(Math.round(position));
    this.#draw(position);
  }

  #draw(position) {
    for (const { start, end, bar } of this.#parts) {
      const share = Math.min(1, Math.max(0, (position - start) / (end - start)));
      bar.style.setProperty("--done", `${(share * 100).toFixed(1)}%`);
    }
    this.track.style.setProperty("--at", `${Math.min(100, (position / this.#duration) * 100).toFixed(2)}%`);
    this.elapsed.textContent = clock(position);
    this.range.setAttribute("aria-valuetext", t.timeOf(clock(position), clock(this.#duration)));
  }
}
