// Two looks on the song that plays: a tap switches between them.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { House } from "../../model";
import { define } from "../../parts/define";
import { tokens } from "../../parts/tokens.css";
import type { ServiceSource } from "../../service/source";
import type { Words } from "../../words";
import { lookWordsFor } from "../../words/own-looks";
import { say } from "../say";
import { shelfStyle } from "../shelf.css";
import { Looks } from "./told";

export class YulelightCompare extends LitElement {
  static override properties = {
    source: { attribute: false },
    common: { attribute: false },
    house: { attribute: false },
    language: {},
    pair: { state: true },
    shown: { state: true },
    making: { state: true },
  };
  static override styles = [
    tokens,
    shelfStyle,
    css`
      section { margin-top: 16px; padding: 14px 16px 16px; border-radius: 20px; background: color-mix(in srgb, var(--raised) 60%, transparent); }
      .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; margin-top: 10px; }
      .side { display: grid; gap: 8px; min-width: 0; }
      select { width: 100%; min-width: 0; min-height: 46px; padding: 8px 12px; border: 1px solid color-mix(in srgb, var(--soft) 65%, transparent); border-radius: 14px; background: var(--raised); text-overflow: ellipsis; }
      .show { min-height: 84px; padding: 0; border: 0; border-radius: 18px; background: var(--raised); font: 600 34px/1 var(--serif); color: var(--soft); }
      .show[aria-pressed="true"] { color: var(--ink); background: linear-gradient(#ffe09a, #ffb83f); }
      .show[aria-busy="true"] { animation: breathe 1.2s ease-in-out infinite alternate; }
      .show:disabled { opacity: .5; }
      @keyframes breathe { from { opacity: 1; } to { opacity: .55; } }
      .foot { display: flex; align-items: center; justify-content: space-between; flex-wrap: wrap; gap: 8px; min-height: 46px; margin-top: 10px; }
      .foot p { margin: 0; font-size: 14px; }
    `,
  ];

  declare source: ServiceSource;
  declare common: Words;
  declare house: House;
  declare language: string;
  /** Chosen looks; empty until somebody chose, or for the first two that differ. */
  declare pair: readonly [string, string];
  /** The side that the lights show, or -1 when nobody asked yet. */
  declare shown: number;
  /** The side whose lights are being made, or -1. */
  declare making: number;

  #before = "";
  #asked = 0;

  constructor() {
    super();
    this.pair = ["", ""];
    this.shown = -1;
    this.making = -1;
  }

  /** Who leaves without a decision leaves the lights as they were. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.#before) void new Looks(this.source).attempt(this.#before).catch(() => {});
    this.#before = "";
  }

  override render(): TemplateResult {
    const words = lookWordsFor(this.language);
    const { looks } = this.house;
    const pair = this.#pair();
    const idle = !["playing", "paused", "live"].includes(this.house.status.state);
    const side = (k: 0 | 1): TemplateResult => {
      const letter = "AB"[k]!;
      return html`<div class="side"><select id="look-${letter}" aria-label=${words.side(letter)} @change=${(event: Event) => this.#choose(k, (event.target as HTMLSelectElement).value)}>
          ${looks.map((look) => html`<option value=${look} ?selected=${look === pair[k]}>${this.#label(look)}</option>`)}</select>
        <button type="button" class="show" id="show-${letter}" ?disabled=${idle} aria-pressed=${String(this.shown === k)} aria-busy=${String(this.making === k)} aria-label=${words.show(letter, this.#label(pair[k]))} @click=${() => this.#show(k)}>${letter}</button></div>`;
    };
    const chosen = this.shown < 0 ? "" : pair[this.shown as 0 | 1];
    return html`<section><h3>${words.compare}</h3><p>${idle ? words.compareIdle : words.compareText}</p><div class="pair">${side(0)}${side(1)}</div>
      ${chosen && !idle ? html`<div class="foot"><p role="status">${this.making < 0 ? "" : words.making}</p><button type="button" class="text golden" id="look-keep" @click=${() => this.#keep(chosen)}>${words.keep(this.#label(chosen))}</button></div>` : nothing}</section>`;
  }

  /** What was chosen, and else the look in use and the first other one. */
  #pair(): readonly [string, string] {
    const { looks, status } = this.house;
    const a = looks.includes(this.pair[0]) ? this.pair[0] : this.#before || status.look || looks[0] || "";
    const b = looks.includes(this.pair[1]) ? this.pair[1] : (looks.find((look) => look !== a) ?? a);
    return [a, b];
  }

  #label(look: string): string {
    return this.common.looks[look] ?? look;
  }

  #choose(k: 0 | 1, look: string): void {
    const pair: [string, string] = [...this.#pair()];
    pair[k] = look;
    this.pair = pair;
    if (this.shown === k) void this.#show(k);
  }

  async #show(k: 0 | 1): Promise<void> {
    const words = lookWordsFor(this.language);
    const looks = new Looks(this.source);
    const asked = ++this.#asked;
    this.pair = this.#pair();
    this.#before ||= this.house.status.look;
    this.shown = this.making = k;
    try {
      await looks.attempt(this.pair[k]);
      if (asked !== this.#asked) return;
      this.making = -1;
      // The other side's lights are made meanwhile: the next tap changes them at once.
      await looks.ahead(this.pair[1 - k]!);
    } catch (error) {
      // A newer tap ended this one.
      if (asked !== this.#asked) return;
      this.making = -1;
      say(this, (error as Error).message || words.failed);
    }
  }

  async #keep(look: string): Promise<void> {
    const words = lookWordsFor(this.language);
    const before = this.#before;
    this.#asked++;
    try {
      await this.source.wish({ do: "look", look });
      this.#before = "";
      this.shown = this.making = -1;
      this.pair = ["", ""];
      say(
        this,
        words.tried(this.#label(look)),
        before && before !== look ? { label: words.undo, run: () => this.source.wish({ do: "look", look: before }) } : undefined,
      );
    } catch (error) {
      say(this, (error as Error).message || words.failed);
    }
  }
}

define("yulelight-compare", YulelightCompare);
