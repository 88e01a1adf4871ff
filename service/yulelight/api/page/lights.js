// The strings on the tree: they glow as the frames say, at the moments the frames say, and can be taken over.

import { ServerClock, Timeline } from "./timeline.js";
import { COLOURS, band, drawGlow } from "./tree.js";
import { t } from "./strings.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
/** How far a string moves to its level in one frame when motion is to be reduced. */
const SLOW = 0.035;

export class Lights {
  #timeline = new Timeline();
  #clock = new ServerClock();
  #levels = new Float32Array(8);
  #shown = new Float32Array(8).fill(-1);
  #glows = [];
  #buttons = [];
  #running = false;

  /** ``tap(channel)`` is called when a string is chosen. */
  constructor({ strings, glows, aura, pools }, tap) {
    this.aura = aura;
    for (let channel = 1; channel <= 8; channel++) this.#hang(strings, glows, channel, tap);
    this.pools = [1, 2, 3].map((channel) => {
      const pool = document.createElement("i");
      pool.style.setProperty("--glow", COLOURS[channel - 1]);
      pools.append(pool);
      return pool;
    });
    this.#draw();
  }

  /** A frames message from the service. */
  hear({ now, frames }) {
    this.#clock.hear(now, performance.now());
    this.#timeline.push(frames);
    this.#run();
  }

  /** µs on the service's clock. */
  now() {
    return this.#clock.at(performance.now());
  }

  /** Any message with the service's clock in it makes the estimate better. */
  tellTime(now) {
    this.#clock.hear(now, performance.now());
  }

  /** The line is lost: nobody knows what the lights do. */
  forget() {
    this.#timeline.clear();
    this.#clock.clear();
    this.#run();
  }

  /** Whether a string is lit at this moment. */
  lit(channel) {
    return this.#levels[channel - 1] > 0.02;
  }

  /** Say what a string is and whose. ``owner``: "show", "you" or "". */
  describe(channel, owner, on) {
    const button = this.#buttons[channel - 1];
    const name = t.string(channel, t.colours[channel - 1]);
    button.dataset.owner = owner;
    button.setAttribute("aria-pressed", String(owner === "you" && on));
    button.setAttribute("aria-label",
      owner === "show" ? t.stringShow(name) : owner === "you" ? t.stringYours(name, on) : t.stringIdle(name));
  }

  #hang(strings, glows, channel, tap) {
    const glow = document.createElement("div");
    glow.className = "glow";
    glow.id = `glow-${channel}`;
    glow.append(drawGlow(channel));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "string";
    button.id = `string-${channel}`;
    button.style.setProperty("--glow", COLOURS[channel - 1]);
    for (const [side, share] of Object.entries(band(channel))) button.style[side] = `${share * 100}%`;
    button.addEventListener("click", () => tap(channel));
    strings.append(button);
    glows.append(glow);
    this.#glows.push(glow);
    this.#buttons.push(button);
    this.describe(channel, "", false);
  }

  #run() {
    if (this.#running) return;
    this.#running = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#running = false;
    const time = this.now();
    const wanted = this.#timeline.sample(time, new Float32Array(8));
    let moving = this.#timeline.moving(time);
    for (let k = 0; k < 8; k++) {
      const gap = wanted[k] - this.#levels[k];
      const step = still.matches && Math.abs(gap) > SLOW ? Math.sign(gap) * SLOW : gap;
      this.#levels[k] += step;
      moving ||= step !== gap;
      this.#show(k);
    }
    const mean = this.#levels.reduce((sum, level) => sum + level, 0) / 8;
    this.aura.style.opacity = (0.18 + 0.82 * mean).toFixed(3);
    if (moving) this.#run();
  }

  #show(k) {
    const level = this.#levels[k];
    if (Math.abs(level - this.#shown[k]) < 0.004 && (level > 0 || this.#shown[k] === 0)) return;
    this.#shown[k] = level;
    this.#glows[k].style.setProperty("--level", level.toFixed(3));
    if (k < 3) this.pools[k].style.opacity = level.toFixed(3);
  }
}
