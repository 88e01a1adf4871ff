// The guide from a new installation to lights that follow a carol. Its progress is derived from what exists, so it can be left at any time.

import { mdiCheckCircle, mdiCircleOutline, mdiPlay } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { House } from "../model";
import { define } from "../parts/define";
import { icon } from "../parts/icon";
import { tokens } from "../parts/tokens.css";
import type { LibraryState } from "../service/library";
import type { ServiceSource } from "../service/source";
import { calendarWordsFor } from "../words/calendar";
import { type GuideWords, guideWordsFor } from "../words/guide";
import "./calendar/city";
import "./calendar/season";
import "./lights/found";
import type { Output } from "./lights/told";
import { say } from "./say";
import { shelfStyle } from "./shelf.css";

const STEPS = ["music", "place", "lights", "sound", "night"] as const;
type Step = (typeof STEPS)[number];

interface Known {
  placed: boolean;
  outputs: Output[];
  sounds: { name: string; problem: string }[];
  events: number;
  night: string;
}

/** Steps that a person marked as fine, which the service cannot know. */
const FINE = "yulelight-fine";
const PACE = 4000;

export class YulelightGuide extends LitElement {
  static override properties = {
    source: { attribute: false },
    house: { attribute: false },
    library: { attribute: false },
    language: {},
    known: { state: true },
    open: { state: true },
    fine: { state: true },
  };
  static override styles = [
    tokens,
    shelfStyle,
    css`
      ol { list-style: none; margin: 14px 0; padding: 0; }
      li { margin-bottom: 8px; border-radius: 18px; background: color-mix(in srgb, var(--raised) 55%, transparent); }
      li > button { display: grid; grid-template-columns: 34px 1fr; align-items: center; width: 100%; min-height: 60px; padding: 8px 14px; border: 0; border-radius: 18px; background: none; text-align: left; }
      li b { display: block; font: 600 18px/1.25 var(--serif); }
      li small { font-size: 14px; color: var(--soft); }
      li svg.icon { color: var(--soft); }
      li.done > button svg.icon { color: #3fb872; }
      li[aria-current] { background: var(--raised); box-shadow: inset 0 0 0 2px color-mix(in srgb, var(--gold) 70%, transparent); }
      .body { padding: 0 14px 14px; }
      .body p { margin: 0 0 10px; }
      .body .text { margin: 0 6px 6px 0; background: var(--line); }
      .body .text.golden { background: linear-gradient(#ffe09a, #ffb83f); }
    `,
  ];

  declare source: ServiceSource;
  declare house: House;
  declare library: LibraryState | null;
  declare language: string;
  declare known: Known | null;
  /** The step opened by hand; "" for none, undefined for the first that is not done. */
  declare open: Step | "" | null;
  declare fine: readonly string[];

  #leave: (() => void) | null = null;
  #timer = 0;

  constructor() {
    super();
    this.known = null;
    this.open = null;
    this.fine = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    try {
      this.fine = (localStorage.getItem(FINE) ?? "").split(" ");
    } catch {
      // In private browsing nothing is stored, so the notice appears again.
    }
    this.#leave = this.source.hear("schedule", () => void this.#read());
    this.#timer = window.setInterval(() => document.hidden || void this.#read(), PACE);
    void this.#read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
    clearInterval(this.#timer);
  }

  override render(): TemplateResult {
    const words = guideWordsFor(this.language);
    const { known } = this;
    if (!known) return html``;
    const done = STEPS.map((step) => this.#done(step, known));
    const first = STEPS[done.indexOf(false)] ?? "";
    const open = this.open ?? first;
    const step = (name: Step, k: number): TemplateResult =>
      html`<li class=${done[k] ? "done" : ""} aria-current=${open === name ? "step" : nothing}><button type="button" data-step=${name} aria-expanded=${String(open === name)} @click=${() => (this.open = open === name ? "" : name)}>
        ${icon(done[k] ? mdiCheckCircle : mdiCircleOutline)}<span><b>${words[name]}</b><small>${words.step(k + 1, STEPS.length, done[k]!)}</small></span></button>
        ${open === name ? html`<div class="body">${this.#body(words, name, known)}</div>` : nothing}</li>`;
    return html`<h3>${first ? words.title : words.ready}</h3><p>${first ? words.text : words.readyText}</p><ol>${STEPS.map(step)}</ol>
      <p class="end"><button type="button" class="text golden" id="guide-play" @click=${this.#play}>${icon(mdiPlay)}${words.play}</button></p>`;
  }

  #done(step: Step, { placed, outputs, sounds, events }: Known): boolean {
    switch (step) {
      case "music":
        return (this.library?.songs ?? 0) > 1 || this.fine.includes("music");
      case "place":
        return placed;
      case "lights":
        return outputs.length > 0 || this.fine.includes("lights");
      case "sound":
        return sounds.some(({ problem }) => !problem) || this.fine.includes("sound");
      case "night":
        return events > 0;
    }
  }

  #body(words: GuideWords, step: Step, { placed, outputs, sounds, events, night }: Known): TemplateResult {
    const calendar = calendarWordsFor(this.language);
    switch (step) {
      case "music":
        return html`<p>${words.musicHave(this.library?.songs ?? 0)} ${words.musicText}</p><yulelight-upload .source=${this.source} .language=${this.language}></yulelight-upload>
          <button type="button" class="text" id="fine-music" @click=${() => this.#fine("music")}>${words.soundFine}</button>`;
      case "place":
        return html`<p>${placed ? words.placeHave : words.placeText}</p><yulelight-city .source=${this.source} .words=${calendar} .language=${this.language}
          @placed=${(event: CustomEvent<string>) => this.#then(calendar.placeIs(event.detail))}></yulelight-city>`;
      case "lights":
        return html`<p>${outputs.length ? words.lightsHave(outputs.length) : words.lightsText}</p>
          ${outputs.map(({ name, lights }) => html`<button type="button" class="text" data-blink=${name} @click=${() => this.#blink(lights.map(({ channel }) => channel))}>${words.blink(name)}</button>`)}
          ${outputs.length ? nothing : html`<button type="button" class="text golden" id="fine-lights" @click=${() => this.#fine("lights")}>${words.pictured}</button>`}
          <p>${words.findText}</p><yulelight-found .source=${this.source} .language=${this.language}></yulelight-found>
          <p>${words.follow}</p>${outputs.length || this.fine.includes("lights") ? nothing : html`<button type="button" class="text" id="follow-lights" @click=${() => this.#fine("lights")}>${words.following}</button>`}`;
      case "sound":
        return html`<p>${words.soundText}</p>${sounds.map(({ name, problem }) => html`<p>${problem ? words.silent(name, problem) : words.sounds(name)}</p>`)}
          <button type="button" class="text golden" id="fine-sound" @click=${() => this.#fine("sound")}>${words.soundFine}</button>`;
      case "night":
        return html`<p>${events ? words.nightHave : words.nightText}</p>${
          this.house.playlists.length
            ? html`<yulelight-season .source=${this.source} .words=${calendar} .language=${this.language} .today=${night} .playlists=${this.house.playlists} @cancel=${() => (this.open = "")}
              @planned=${(event: CustomEvent<{ text: string }>) => this.#then(event.detail.text)}></yulelight-season>`
            : html`<button type="button" class="text golden" id="guide-list" @click=${this.#list}>${words.makeList}</button>`
        }`;
    }
  }

  async #read(): Promise<void> {
    const { library } = this.source;
    try {
      const [place, lights, sound, schedule, tonight] = await Promise.all([
        library.request<{ latitude: number | null }>("GET", "place"),
        library.request<{ outputs: Output[] }>("GET", "lights"),
        library.request<{ outputs: Known["sounds"] }>("GET", "outputs"),
        library.request<{ events: unknown[] }>("GET", "schedule"),
        library.request<{ night: string }>("GET", "schedule/tonight"),
      ]);
      const known = { placed: place.latitude !== null, outputs: lights.outputs, sounds: sound.outputs, events: schedule.events.length, night: tonight.night };
      if (JSON.stringify(known) !== JSON.stringify(this.known)) this.known = known;
    } catch {
      // Keep what was read; the remote control says that the service is unreachable.
    }
  }

  /** Mark a step as done and open the next one. */
  #then(text: string): void {
    this.open = null;
    say(this, text);
    void this.#read();
  }

  #fine(step: Step): void {
    this.fine = [...this.fine, step];
    this.open = null;
    try {
      localStorage.setItem(FINE, this.fine.join(" "));
    } catch {
      // In private browsing nothing is stored, so the notice appears again.
    }
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    await work().catch((error: Error) => say(this, error.message || guideWordsFor(this.language).failed));
  }

  #blink(channels: number[]): void {
    void this.#try(() => Promise.all(channels.map((channel) => this.source.command("identify", { channel }))));
  }

  #list(): void {
    void this.#try(async () => {
      const { songs } = await this.source.library.songs("", 0);
      const playable = songs.filter(({ problem }) => !problem).map(({ id }) => id);
      await this.source.library.set(guideWordsFor(this.language).listName, { songs: playable });
    });
  }

  #play(): void {
    void this.#try(() => this.source.wish({ do: "play" }));
  }
}

define("yulelight-guide", YulelightGuide);
