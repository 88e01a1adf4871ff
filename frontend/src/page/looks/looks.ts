// How the lights follow the music: a tap tries a look on what plays; looks of one's own are made from others.

import { mdiPencilOutline, mdiTuneVariant } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { House } from "../../model";
import { define } from "../../parts/define";
import { icon } from "../../parts/icon";
import { tokens } from "../../parts/tokens.css";
import type { ServiceSource } from "../../service/source";
import type { Words } from "../../words";
import { lookWordsFor } from "../../words/own-looks";
import { focusIn } from "../focus";
import { say } from "../say";
import { shelfStyle } from "../shelf.css";
import "./compare";
import "./editor";
import "./palettes";
import { Looks, type LooksView, type OwnLook } from "./told";

export class YulelightLooks extends LitElement {
  static override properties = {
    source: { attribute: false },
    common: { attribute: false },
    house: { attribute: false },
    language: {},
    told: { state: true },
    edited: { state: true },
  };
  static override styles = [
    tokens,
    shelfStyle,
    css`
      .row { display: flex; align-items: stretch; gap: 2px; margin-bottom: 8px; border-radius: 18px; background: var(--raised); overflow: hidden; }
      .row[data-on] { box-shadow: inset 0 0 0 2px var(--gold); background: color-mix(in srgb, var(--gold) 14%, var(--raised)); }
      .look { flex: 1; min-width: 0; display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: center; gap: 2px 10px; min-height: 64px; padding: 10px 4px 10px 16px; border: 0; border-radius: 18px; background: none; text-align: left; }
      .look b { font: 600 18px/1.25 var(--serif); overflow-wrap: anywhere; }
      .look small { grid-column: 1 / -1; font-size: 14px; color: var(--soft); }
      .look i { font-style: normal; font-size: 13px; }
      .edit { flex: none; display: grid; place-items: center; width: 56px; padding: 0; border: 0; border-radius: 18px; background: none; color: var(--soft); }
      .edit:hover { color: var(--text); }
      .look:focus-visible, .edit:focus-visible { outline-offset: -3px; }
    `,
  ];

  declare source: ServiceSource;
  declare common: Words;
  declare house: House;
  declare language: string;
  declare told: LooksView | null;
  /** The look that is copied and changed, or changed if it is one's own. */
  declare edited: string;

  #leave: (() => void) | null = null;

  constructor() {
    super();
    this.told = null;
    this.edited = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = this.source.hear("looks", () => void this.#read());
    void this.#read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  override render(): TemplateResult {
    const words = lookWordsFor(this.language);
    const { house, told } = this;
    if (this.edited && told)
      return html`<yulelight-look-editor .source=${this.source} .common=${this.common} .house=${house} .told=${told} .language=${this.language} .look=${this.edited}
        @close=${this.#close} @told=${(event: CustomEvent<LooksView>) => (this.told = event.detail)}></yulelight-look-editor>`;
    return html`<p>${words.intro}</p>${house.looks.map((look) => this.#row(look))}
      <yulelight-compare .source=${this.source} .common=${this.common} .house=${house} .language=${this.language}></yulelight-compare>
      <yulelight-palettes .source=${this.source} .house=${house} .language=${this.language}></yulelight-palettes>`;
  }

  #row(look: string): TemplateResult {
    const words = lookWordsFor(this.language);
    const { status } = this.house;
    const own = this.#own(look);
    const on = look === status.look;
    const label = this.common.looks[look] ?? look;
    const about = words.about[look] ?? (own ? words.own(this.common.looks[own.values.base] ?? own.values.base) : words.settings);
    const edit = own && !own.fixed ? words.change(label) : words.copy(label);
    return html`<div class="row" ?data-on=${on}><button type="button" class="look" data-look=${look} aria-pressed=${String(on)} @click=${() => this.#try(look)}><b>${label}</b>
        ${on ? html`<i>${words.now}</i>` : nothing}<small>${about}</small></button>
        ${this.told ? html`<button type="button" class="edit" data-edit=${look} aria-label=${edit} title=${edit} @click=${() => (this.edited = look)}>${icon(own && !own.fixed ? mdiPencilOutline : mdiTuneVariant)}</button>` : nothing}</div>`;
  }

  #close(): void {
    const { edited } = this;
    this.edited = "";
    focusIn(this, `[data-edit="${CSS.escape(edited)}"]`);
  }

  #own(look: string): OwnLook | undefined {
    return this.told?.own.find(({ name }) => name === look);
  }

  async #read(): Promise<void> {
    try {
      this.told = await new Looks(this.source).read();
    } catch {
      // Without it looks are still chosen; it comes with the next news.
    }
  }

  async #try(look: string): Promise<void> {
    const words = lookWordsFor(this.language);
    const before = this.house.status.look;
    try {
      await this.source.wish({ do: "look", look });
      const back = before && before !== look ? { label: words.undo, run: () => this.source.wish({ do: "look", look: before }) } : undefined;
      say(this, words.tried(this.common.looks[look] ?? look), back);
    } catch (error) {
      say(this, (error as Error).message || words.failed);
    }
  }
}

define("yulelight-looks", YulelightLooks);
