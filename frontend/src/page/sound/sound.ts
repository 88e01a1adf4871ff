// Sound: what is heard, from which input and how loud, and where. Levels come only while this is open.

import { mdiMinus, mdiPlay, mdiPlus, mdiVolumeHigh, mdiVolumeOff } from "@mdi/js";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { House } from "../../model";
import { define } from "../../parts/define";
import { icon } from "../../parts/icon";
import { styled } from "../../parts/styled";
import { tokens } from "../../parts/tokens.css";
import type { ServiceSource } from "../../service/source";
import { type SoundWords, soundWordsFor } from "../../words/sound";
import "../pair-input";
import { say } from "../say";
import { shelfStyle } from "../shelf.css";
import "../stations";
import "./outputs";
import { soundStyle } from "./sound.css";

interface Input {
  name: string;
  kind: string;
  state: string;
  reason: string;
  priority: number;
  muted: boolean;
  problem: string;
  title: string;
  artist: string;
  /** What a line-in was told to record from; empty: as the settings say. */
  device: string;
}

/** dB of full scale at which a meter is empty. */
const QUIETEST = -60;

export class YulelightSound extends LitElement {
  static override properties = {
    source: { attribute: false },
    house: { attribute: false },
    language: {},
    inputs: { state: true },
    levels: { state: true },
    devices: { state: true },
  };
  static override styles = [tokens, shelfStyle, soundStyle];

  declare source: ServiceSource;
  declare house: House;
  declare language: string;
  declare inputs: readonly Input[];
  declare levels: Readonly<Record<string, number>>;
  /** What the machine can record from; null until it was asked. */
  declare devices: readonly string[] | null;

  #leave: (() => void)[] = [];

  constructor() {
    super();
    this.inputs = [];
    this.levels = {};
    this.devices = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = [
      this.source.hear("inputs", (message) => {
        this.inputs = message["inputs"] as Input[];
      }),
      this.source.hear("levels", (message) => {
        this.levels = message["levels"] as Record<string, number>;
      }),
    ];
    void this.#do(async () => {
      this.#take(await this.source.library.request("GET", "inputs"));
      if (!this.inputs.some(({ kind }) => kind === "device")) return;
      const { devices } = await this.source.library.request<{ devices: { name: string }[] }>("GET", "inputs/devices");
      this.devices = [...new Set(devices.map(({ name }) => name))];
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const leave of this.#leave) leave();
  }

  override render(): TemplateResult {
    const words = soundWordsFor(this.language);
    const { state, song } = this.house.status;
    const songs = state !== "idle" && state !== "live";
    return html`<h3>${words.inputs}</h3>
      <div class="row" ?data-on=${songs} data-input=""><b>${words.library}</b><small>${songs && song ? [song.title, song.artist].filter(Boolean).join(" · ") : words.libraryIdle}</small></div>
      ${this.inputs.map((input) => this.#row(words, input))}<p>${this.inputs.length ? words.rule : words.noInputs}</p>
      <yulelight-sound-outputs .source=${this.source} .house=${this.house} .language=${this.language}></yulelight-sound-outputs>
      <yulelight-stations .source=${this.source} .language=${this.language}></yulelight-stations>
      <yulelight-pair-input .source=${this.source} .language=${this.language}></yulelight-pair-input>`;
  }

  #row(words: SoundWords, { name, kind, state, reason, priority, muted, problem, title, artist, device }: Input): TemplateResult {
    const level = this.levels[name];
    const part = level === undefined ? 0 : Math.min(1, Math.max(0, 1 - level / QUIETEST));
    const what = [words.kinds[kind] ?? kind, muted ? words.isMuted : (words.states[state] ?? state)].join(" · ");
    const more = state === "playing" ? [title, artist].filter(Boolean).join(" · ") : problem || reason;
    return html`<div class="row" ?data-on=${state === "playing"} data-input=${name}><div class="line"><div class="what"><b>${name}</b><small>${what}</small></div>
        ${state === "waiting" || state === "stopped" ? html`<button type="button" class="round" data-play=${name} aria-label=${words.play(name)} @click=${() => this.#play(name)}>${icon(mdiPlay)}</button>` : nothing}
        <button type="button" class="round" data-mute=${name} aria-pressed=${String(muted)} aria-label=${muted ? words.unmute(name) : words.mute(name)} @click=${() => this.#change(name, { muted: !muted }, { muted }, muted ? words.unmuted(name) : words.muted(name))}>${icon(muted ? mdiVolumeOff : mdiVolumeHigh)}</button></div>
      ${more ? html`<small>${more}</small>` : nothing}
      ${kind === "device" && this.devices ? this.#device(words, name, device, this.devices) : nothing}
      <div class="meter" role="meter" aria-label=${words.level(name)} aria-valuemin=${QUIETEST} aria-valuemax="0" aria-valuenow=${level ?? QUIETEST} aria-valuetext=${level === undefined ? words.states["silent"]! : words.decibels(level)}
        style=${styled({ "--part": `${(100 * part).toFixed(1)}%`, "--wide": `${part ? (100 / part).toFixed(1) : 100}%` })}></div>
      <div class="steps">${words.priority} ${priority}<button type="button" class="round" data-less=${name} aria-label=${words.less(name)} @click=${() => this.#prioritise(words, name, priority, -1)}>${icon(mdiMinus)}</button>
        <button type="button" class="round" data-more=${name} aria-label=${words.more(name)} @click=${() => this.#prioritise(words, name, priority, 1)}>${icon(mdiPlus)}</button></div></div>`;
  }

  #device(words: SoundWords, name: string, chosen: string, devices: readonly string[]): TemplateResult {
    const all = chosen && !devices.includes(chosen) ? [...devices, chosen] : devices;
    return html`<select data-device=${name} aria-label=${words.device(name)} .value=${chosen} @change=${(event: Event) => {
      const device = (event.target as HTMLSelectElement).value;
      void this.#change(name, { device }, { device: chosen }, words.records(name, device || words.asSet));
    }}><option value="" ?selected=${!chosen}>${words.asSet}</option>${all.map((each) => html`<option value=${each} ?selected=${each === chosen}>${each}</option>`)}</select>`;
  }

  #take(answer: { inputs: Input[] }): void {
    this.inputs = answer.inputs;
  }

  #prioritise(words: SoundWords, name: string, priority: number, step: number): void {
    void this.#change(name, { priority: priority + step }, { priority }, words.prioritised(name, priority + step));
  }

  #play(name: string): void {
    void this.#do(async () => this.#take(await this.source.library.request("POST", `inputs/${encodeURIComponent(name)}/play`)));
  }

  async #change(name: string, change: Partial<Input>, before: Partial<Input>, text: string): Promise<void> {
    const put = async (wanted: Partial<Input>): Promise<void> =>
      this.#take(await this.source.library.request("PUT", `inputs/${encodeURIComponent(name)}`, wanted));
    await this.#do(async () => {
      await put(change);
      say(this, text, { label: soundWordsFor(this.language).undo, run: () => put(before) });
    });
  }

  async #do(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      say(this, (error as Error).message || soundWordsFor(this.language).failed);
    }
  }
}

define("yulelight-sound", YulelightSound);
