// The song that plays, its buttons, and the one big button that makes everything dark.

import { Progress } from "./progress.js";
import { t } from "./strings.js";

const $ = (id) => document.getElementById(id);

/** Draws the status; ``send(command)`` carries a person's wishes, ``now()`` is µs on the service's clock. */
export class Player {
  #status = null;
  #songKey = "";

  constructor(send, now) {
    this.send = send;
    this.now = now;
    this.progress = new Progress(
      { root: $("progress"), track: $("track"), range: $("seek"), elapsed: $("elapsed"), total: $("total") },
      (position) => send({ command: "seek", position }),
    );
    $("play").addEventListener("click", () => this.toggle());
    $("stop").addEventListener("click", () => send({ command: "stop" }));
    $("next").addEventListener("click", () => send({ command: "next" }));
    $("blackout").addEventListener("click", () => this.blackout());
    addEventListener("keydown", (event) => this.#key(event));
    setInterval(() => this.#tick(), 250);
    this.setOffline();
  }

  /** Play, pause or go on, whichever there is to do. */
  toggle() {
    const command = { playing: "pause", paused: "resume" }[this.#status?.state] ?? "play";
    this.send({ command });
  }

  blackout() {
    this.send({ command: "blackout", on: !this.#status?.blackout });
  }

  /** The service's status message. */
  hear(status) {
    this.#status = status;
    const { state, song, blackout } = status;
    document.body.dataset.state = state;
    document.body.classList.toggle("blackout", blackout);
    const live = state === "live";
    $("title").textContent = song?.title || (live ? t.liveTitle : t.idleTitle);
    $("artist").textContent = state === "loading" ? t.loadingText : song ? song.artist : live ? "" : t.idleText;
    $("chip").textContent = blackout ? t.chips.blackout : t.chips[state];
    this.#buttons(state, blackout);
    const key = JSON.stringify([song?.id, song?.duration, status.sections, live]);
    if (key !== this.#songKey) {
      this.#songKey = key;
      this.progress.setSong(live ? 0 : song?.duration ?? 0, status.sections);
    }
    this.#tick();
  }

  /** Nothing is known of the house. */
  setOffline(title = "", text = "") {
    this.#status = null;
    this.#songKey = "";
    document.body.dataset.state = "idle";
    document.body.classList.remove("blackout");
    $("title").textContent = title;
    $("artist").textContent = text;
    this.progress.setSong(0, []);
    this.#buttons("idle", false);
  }

  #buttons(state, blackout) {
    const playing = state === "playing";
    const label = playing ? t.pause : state === "paused" ? t.resume : t.play;
    $("play").setAttribute("aria-label", label);
    $("play").querySelector("use").setAttribute("href", playing ? "#i-pause" : "#i-play");
    $("stop").disabled = !this.#status || state === "idle";
    $("next").disabled = !this.#status || state === "live" || state === "idle";
    $("play").disabled = !this.#status || state === "loading" || state === "live";
    $("blackout").disabled = !this.#status;
    $("blackout").setAttribute("aria-pressed", String(blackout));
    $("blackout-text").textContent = blackout ? t.lightsOn : t.lightsOut;
    $("blackout").querySelector("use").setAttribute("href", blackout ? "#i-bulb" : "#i-moon");
  }

  #tick() {
    const status = this.#status;
    if (!status?.song) return;
    const since = status.state === "playing" ? (this.now() - status.now) / 1e6 : 0;
    this.progress.show(Math.min(status.song.duration, status.position + Math.max(0, since)));
  }

  #key(event) {
    const within = (what) => event.target.closest?.(what);
    if (!this.#status || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && !within("input, button")) this.toggle();
    else if (event.key === "b" && !within("[type=search], dialog")) this.blackout();
    else return;
    event.preventDefault();
  }
}
