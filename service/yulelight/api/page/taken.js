// The small bar for a string somebody took over: how bright it is, and giving it back to the show.

import { t } from "./strings.js";

const $ = (id) => document.getElementById(id);
/** Between two messages while a finger moves (ms). */
const PACE = 150;

/** ``set(channel, on, brightness)`` and ``release(channel)`` carry what was chosen. */
export class Taken {
  #channel = 0;
  #timer = 0;

  constructor(set, release) {
    $("taken-level").addEventListener("input", () => {
      this.#timer ||= setTimeout(() => {
        this.#timer = 0;
        if (this.#channel) set(this.#channel, true, Number($("taken-level").value));
      }, PACE);
    });
    $("taken-release").addEventListener("click", () => {
      release(this.#channel);
      this.close();
    });
    $("taken-close").addEventListener("click", () => this.close());
  }

  get channel() {
    return this.#channel;
  }

  open(channel, brightness, colour) {
    this.#channel = channel;
    $("taken-name").textContent = t.yours(channel);
    $("taken").style.setProperty("--glow", colour);
    if (!this.#timer) $("taken-level").value = String(brightness);
    $("taken").hidden = false;
  }

  close() {
    this.#channel = 0;
    $("taken").hidden = true;
  }
}
