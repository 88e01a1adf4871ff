// A look of one's own: four sliders away from the look that it is made from, tried at once on what plays.

import { mdiArrowLeft, mdiCheck, mdiDeleteOutline, mdiRestore } from "@mdi/js";
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { House } from "../../model";
import { define } from "../../parts/define";
import { icon } from "../../parts/icon";
import { sliderStyle } from "../../parts/slider.css";
import { styled } from "../../parts/styled";
import { tokens } from "../../parts/tokens.css";
import type { ServiceSource } from "../../service/source";
import type { Words } from "../../words";
import { type LookWords, lookWordsFor, type SliderName } from "../../words/own-looks";
import { focusIn } from "../focus";
import { say } from "../say";
import { shelfStyle } from "../shelf.css";
import { freeName, Looks, type LooksView, type OwnLook, SLIDERS, type Values } from "./told";

/** Fires "close", and "told" with the looks as they are after a change. */
export class YulelightLookEditor extends LitElement {
  static override properties = {
    source: { attribute: false },
    common: { attribute: false },
    house: { attribute: false },
    told: { attribute: false },
    language: {},
    look: {},
    name: { state: true },
    values: { state: true },
    shown: { state: true },
    making: { type: Boolean, state: true },
    busy: { type: Boolean, state: true },
  };
  static override styles = [
    tokens,
    shelfStyle,
    sliderStyle,
    css`
      form { display: contents; }
      .name { display: grid; gap: 4px; margin: 10px 0; font-size: 14px; color: var(--soft); }
      .name input { width: 100%; color: var(--text); font-size: 16px; }
      .slider { padding: 12px 16px 10px; border-radius: 18px; background: var(--raised); }
      .slider + .slider { margin-top: 8px; }
      .slider label { display: flex; justify-content: space-between; align-items: baseline; gap: 8px; font: 600 18px/1.25 var(--serif); }
      .slider output { font: 400 14px/1.2 var(--face, inherit); color: var(--soft); }
      .slider p { margin: 2px 0 0; font-size: 14px; }
      input[type="range"] { width: 100%; min-height: 44px; padding: 0; border: 0; }
      input[type="range"]:disabled { --colour: var(--soft); }
      .ends { display: flex; justify-content: space-between; margin-top: -6px; font-size: 13px; color: var(--soft); }
      .ab { display: grid; grid-template-columns: 1fr 1fr; gap: 4px; margin: 14px 0 4px; padding: 4px; border-radius: 16px; background: var(--raised); }
      .ab button { min-height: 46px; padding: 0 8px; border: 0; border-radius: 13px; background: none; }
      .ab button[aria-pressed="true"] { color: var(--ink); background: linear-gradient(#ffe09a, #ffb83f); font-weight: 500; }
      .hint { min-height: 24px; margin: 6px 0 0; font-size: 14px; }
      .foot { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
      .foot .golden { flex: 1; min-width: 140px; }
    `,
  ];

  declare source: ServiceSource;
  declare common: Words;
  declare house: House;
  declare told: LooksView;
  declare language: string;
  declare look: string;
  declare name: string;
  declare values: Values;
  /** Which of both the lights show: nothing was tried yet, as it was, or as changed. */
  declare shown: "" | "before" | "after";
  declare making: boolean;
  declare busy: boolean;

  #asked = 0;
  /** The look in use when this was opened: a look that is tried is that of the house meanwhile. */
  #before = "";

  constructor() {
    super();
    this.name = this.shown = "";
    this.values = { base: "" };
    this.making = this.busy = false;
  }

  /** Who leaves without saving leaves the lights as they were. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked++;
    if (this.shown) void this.#looks.attempt(this.#before).catch(() => {});
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("look")) return;
    this.#before = this.house.status.look;
    const own = this.#own;
    // A look that is fixed, as one of the environment, is copied with all it has.
    this.values = own ? { ...own.values } : { base: this.look };
    this.name = this.#changes ? this.look : freeName(this.#label(this.look), this.told.looks, lookWordsFor(this.language).copied).slice(0, 40);
  }

  override render(): TemplateResult {
    const words = lookWordsFor(this.language);
    const playing = this.#playing;
    const side = (which: "before" | "after"): TemplateResult =>
      html`<button type="button" id="look-${which}" aria-pressed=${String(this.shown === which)} ?disabled=${!playing} @click=${() => this.#show(which)}>${words[which]}</button>`;
    return html`<div class="head"><button type="button" class="round" id="look-back" aria-label=${words.back} @click=${this.#close}>${icon(mdiArrowLeft)}</button>
        <h3>${this.#changes ? words.change(this.#label(this.look)) : words.copyOf(this.#label(this.look))}</h3></div>
      <form @submit=${this.#save}>
        <label class="name">${words.name}<input id="look-name" maxlength="40" autocomplete="off" required ?disabled=${this.#changes} .value=${this.name} @input=${(event: Event) => (this.name = (event.target as HTMLInputElement).value)} /></label>
        ${SLIDERS.map((slider) => this.#slider(words, slider))}
        <div class="ab" role="group" aria-label=${words.compare}>${side("before")}${side("after")}</div>
        <p class="hint" role="status">${!playing ? words.idle : this.making ? words.making : ""}</p>
        <div class="foot"><button type="submit" class="text golden" id="look-save" ?disabled=${this.busy || !this.name.trim()}>${icon(mdiCheck)}${words.save}</button>
          <button type="button" class="text" id="look-reset" ?disabled=${SLIDERS.every((slider) => !this.values[slider])} @click=${this.#reset}>${icon(mdiRestore)}${words.reset}</button></div>
      </form>
      ${this.#changes ? html`<p class="end"><button type="button" class="text plain" id="look-delete" ?disabled=${this.busy} @click=${this.#remove}>${icon(mdiDeleteOutline)}${words.remove}</button></p>` : nothing}`;
  }

  protected override firstUpdated(): void {
    focusIn(this, "#look-back");
  }

  #slider(words: LookWords, slider: SliderName): TemplateResult {
    const { name, less, more, text } = words.sliders[slider];
    const value = this.values[slider] ?? 0;
    const useless = slider === "voice" && !this.told.voices;
    const shown = value ? `${value > 0 ? "+" : "−"}${Math.round(Math.abs(value) * 100)} %` : words.middle;
    return html`<div class="slider"><label for="slider-${slider}">${name}<output>${shown}</output></label><p id="about-${slider}">${useless ? words.noVoices : text}</p>
      <input type="range" id="slider-${slider}" min="-1" max="1" step="0.05" style=${styled({ "--at": `${50 + 50 * value}%` })} .value=${String(value)} aria-describedby="about-${slider}" aria-valuetext=${shown} ?disabled=${useless}
        @input=${(event: Event) => this.#set(slider, event)} @change=${() => this.#show("after")} /><div class="ends" aria-hidden="true"><span>${less}</span><span>${more}</span></div></div>`;
  }

  get #looks(): Looks {
    return new Looks(this.source);
  }

  get #own(): OwnLook | undefined {
    return this.told.own.find(({ name }) => name === this.look);
  }

  /** Whether the look itself is changed and not a copy of it. */
  get #changes(): boolean {
    return this.#own?.fixed === "";
  }

  get #playing(): boolean {
    return ["playing", "paused", "live"].includes(this.house.status.state);
  }

  #label(look: string): string {
    return this.common.looks[look] ?? look;
  }

  #set(slider: SliderName, event: Event): void {
    this.values = { ...this.values, [slider]: Number((event.target as HTMLInputElement).value) };
  }

  #reset(): void {
    this.values = { ...this.values, drama: 0, calm: 0, contrast: 0, voice: 0 };
    void this.#show("after");
  }

  /** The newest wins; the service ends the one before it. */
  async #show(which: "before" | "after"): Promise<void> {
    if (!this.#playing) return;
    const asked = ++this.#asked;
    this.shown = which;
    this.making = true;
    try {
      await this.#looks.attempt(which === "before" ? this.look : this.values);
    } catch (error) {
      if (asked === this.#asked) this.#failed(error);
    } finally {
      if (asked === this.#asked) this.making = false;
    }
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent("close"));
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const words = lookWordsFor(this.language);
    const name = this.name.trim();
    const old = this.#changes ? this.#own!.values : null;
    if (!old && this.told.looks.some((look) => look === name || this.#label(look) === name)) {
      say(this, words.taken(name));
      return;
    }
    const before = this.#before;
    await this.#do(async () => {
      this.#tell(await this.#looks.save(name, this.values));
      if (this.#playing || before === name) await this.source.wish({ do: "look", look: name });
      this.shown = "";
      const back = async (): Promise<void> => {
        await this.source.wish({ do: "look", look: before });
        if (old) await this.#looks.save(name, old);
        else await this.#looks.remove(name);
      };
      say(this, words.saved(name), { label: words.undo, run: back });
      this.#close();
    });
  }

  async #remove(): Promise<void> {
    const words = lookWordsFor(this.language);
    const { look } = this;
    const { values } = this.#own!;
    const used = [this.#before, this.house.status.look].includes(look);
    await this.#do(async () => {
      this.#tell(await this.#looks.remove(look));
      this.shown = "";
      const back = async (): Promise<void> => {
        await this.#looks.save(look, values);
        if (used) await this.source.wish({ do: "look", look });
      };
      say(this, words.removed(look), { label: words.undo, run: back });
      this.#close();
    });
  }

  #tell(told: LooksView): void {
    this.dispatchEvent(new CustomEvent("told", { detail: told }));
  }

  async #do(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await work();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.busy = false;
    }
  }

  #failed(error: unknown): void {
    say(this, (error as Error).message || lookWordsFor(this.language).failed);
  }
}

define("yulelight-look-editor", YulelightLookEditor);
