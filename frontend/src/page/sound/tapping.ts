// The delay of an output, measured by tapping: along with clicks that are heard, then with blinks that are seen.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type House, positionAt } from "../../model";
import { define } from "../../parts/define";
import { tokens } from "../../parts/tokens.css";
import type { ServiceSource } from "../../service/source";
import { soundWordsFor } from "../../words/sound";
import { say } from "../say";
import { shelfStyle } from "../shelf.css";
import { delayFrom, TAPS, type Tapped, tapped } from "./taps";

/** Range of a delay (s). */
const LEAST = -2;
const MOST = 5;

/** Fires "delay" with the new delay in seconds, and "close". The clicks play for as long as it is there. */
export class YulelightTapping extends LitElement {
  static override properties = {
    source: { attribute: false },
    house: { attribute: false },
    language: {},
    delay: { type: Number },
    heard: { state: true },
    positions: { state: true },
    irregular: { type: Boolean, state: true },
  };
  static override styles = [
    tokens,
    shelfStyle,
    css`
      p { font-size: 15px; }
      .tap { display: grid; place-items: center; align-content: center; gap: 6px; width: 100%; min-height: 150px; border: 0; border-radius: 24px; background: linear-gradient(#ffe09a, #ffb83f); color: var(--ink); font: 600 26px/1.2 var(--serif); touch-action: none; user-select: none; }
      .tap small { font: 400 15px/1.2 system-ui, sans-serif; }
      .tap:active { filter: brightness(1.06); }
      .tap:disabled { opacity: .5; }
    `,
  ];

  declare source: ServiceSource;
  declare house: House;
  declare language: string;
  /** The present delay (s). */
  declare delay: number;
  declare heard: Tapped | null;
  declare positions: readonly number[];
  declare irregular: boolean;

  constructor() {
    super();
    this.heard = null;
    this.positions = [];
    this.irregular = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#clicks(true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    void this.#clicks(false);
  }

  override render(): TemplateResult {
    const words = soundWordsFor(this.language);
    const plays = this.house.status.state === "playing";
    return html`<p role="status">${plays ? (this.heard ? words.see : words.hear) : words.starting}</p>
      <button type="button" class="tap" id="tap" ?disabled=${!plays} @pointerdown=${this.#tap} @keydown=${this.#key}>${words.tap}<small>${words.taps(this.positions.length, TAPS)}</small></button>
      ${this.irregular ? html`<p role="alert">${words.irregular}</p>` : nothing}
      <p class="end"><button type="button" class="text" id="tap-cancel" @click=${this.#close}>${words.cancel}</button></p>`;
  }

  #key(event: KeyboardEvent): void {
    if ((event.key !== " " && event.key !== "Enter") || event.repeat) return;
    event.preventDefault();
    event.stopPropagation();
    this.#tap(event);
  }

  /** The event says when the finger came down, however late it is heard of here. */
  #tap(event: Event): void {
    this.irregular = false;
    this.positions = [...this.positions, positionAt(this.house, event.timeStamp)];
    if (this.positions.length < TAPS) return;
    const found = tapped(this.positions);
    this.positions = [];
    if (!found) this.irregular = true;
    else if (!this.heard) this.heard = found;
    else {
      const words = soundWordsFor(this.language);
      const spread = Math.round(1000 * Math.max(this.heard.spread, found.spread));
      const text = words.agree(Math.min(this.heard.kept, found.kept), spread);
      this.dispatchEvent(new CustomEvent("delay", { detail: { delay: delayFrom(this.delay, this.heard, found, LEAST, MOST), text } }));
      this.#close();
    }
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent("close"));
  }

  async #clicks(on: boolean): Promise<void> {
    try {
      await this.source.command("calibrate", { on });
    } catch (error) {
      if (on) say(this, (error as Error).message || soundWordsFor(this.language).failed);
    }
  }
}

define("yulelight-tapping", YulelightTapping);
