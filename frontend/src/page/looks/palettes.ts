// Palettes: the colours of the show. A tap applies one.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { House } from "../../model";
import { define } from "../../parts/define";
import { styled } from "../../parts/styled";
import { tokens } from "../../parts/tokens.css";
import type { ServiceSource } from "../../service/source";
import { lookWordsFor } from "../../words/own-looks";
import { paletteWordsFor } from "../../words/palettes";
import { say } from "../say";
import { shelfStyle } from "../shelf.css";

interface Palette {
  name: string;
  colours: string[];
}

export class YulelightPalettes extends LitElement {
  static override properties = { source: { attribute: false }, house: { attribute: false }, language: {}, palettes: { state: true } };
  static override styles = [
    tokens,
    shelfStyle,
    css`
      .look { display: grid; grid-template-columns: 1fr auto; align-items: center; gap: 2px 10px; width: 100%; min-height: 64px; margin-bottom: 8px; padding: 10px 16px; border: 0; border-radius: 18px; background: var(--raised); text-align: left; }
      .look b { font: 600 18px/1.25 var(--serif); }
      .look small { grid-column: 1 / -1; font-size: 14px; color: var(--soft); }
      .look[aria-pressed="true"] { box-shadow: inset 0 0 0 2px var(--gold); background: color-mix(in srgb, var(--gold) 14%, var(--raised)); }
      h2 { margin: 22px 0 0; font: 600 20px/1.25 var(--serif); }
      .dots { display: flex; gap: 5px; }
      .dots i { width: 16px; height: 16px; border-radius: 50%; background: var(--colour); box-shadow: inset 0 0 0 1px rgb(0 0 0 / .25); }
    `,
  ];

  declare source: ServiceSource;
  declare house: House;
  declare language: string;
  declare palettes: Palette[];

  constructor() {
    super();
    this.palettes = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.palettes.length) return nothing;
    const words = paletteWordsFor(this.language);
    const chosen = this.house.status.palette;
    const dot = (colour: string): TemplateResult => html`<i style=${styled({ "--colour": colour })}></i>`;
    return html`<h2>${words.title}</h2><p>${words.intro}</p>${this.palettes.map(
      ({
        name,
        colours,
      }) => html`<button type="button" class="look" data-palette=${name} aria-pressed=${String(name === chosen)} @click=${() => this.#colour(name)}><b>${words.names[name] ?? name}</b>
        ${colours.length ? html`<span class="dots" aria-hidden="true">${colours.map(dot)}</span>` : nothing}${words.about[name] ? html`<small>${words.about[name]}</small>` : nothing}</button>`,
    )}`;
  }

  async #load(): Promise<void> {
    try {
      this.palettes = ((await this.source.socket.ask({ type: "get", view: "palettes" })) as { palettes: Palette[] }).palettes;
    } catch {
      this.palettes = []; // an older service has none
    }
  }

  async #colour(palette: string): Promise<void> {
    const words = paletteWordsFor(this.language);
    const before = this.house.status.palette;
    const choose = (name: string): Promise<void> => this.source.command("palette", { palette: name });
    try {
      await choose(palette);
      const back = before && before !== palette ? { label: lookWordsFor(this.language).undo, run: () => choose(before) } : undefined;
      say(this, words.tried(words.names[palette] ?? palette), back);
    } catch (error) {
      say(this, (error as Error).message || lookWordsFor(this.language).failed);
    }
  }
}

define("yulelight-palettes", YulelightPalettes);
