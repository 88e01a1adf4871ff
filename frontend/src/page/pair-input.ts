// Players of Music Assistant: the code that pairs one, and whether it is open without.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { define } from "../parts/define";
import { tokens } from "../parts/tokens.css";
import type { ServiceSource } from "../service/source";
import { stationWordsFor } from "../words/stations";
import { say } from "./say";
import { shelfStyle } from "./shelf.css";

interface Input {
  name: string;
  pairing_code: string;
  open_to_unpaired: boolean | null;
}

export class YulelightPairInput extends LitElement {
  static override properties = { source: { attribute: false }, language: {}, inputs: { state: true } };
  static override styles = [
    tokens,
    shelfStyle,
    css`
      output { display: block; font: 600 34px/1.3 var(--serif); letter-spacing: .08em; color: var(--accent); }
      label { display: flex; align-items: center; gap: 12px; min-height: 48px; }
      input { flex: none; width: 24px; min-height: 24px; }
    `,
  ];

  declare source: ServiceSource;
  declare language: string;
  declare inputs: Input[];

  #leave: (() => void) | null = null;

  constructor() {
    super();
    this.inputs = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = this.source.hear("inputs", (message) => {
      this.inputs = (message as unknown as { inputs: Input[] }).inputs;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  override render(): TemplateResult {
    return html`${this.inputs.filter((input) => typeof input.open_to_unpaired === "boolean").map((input) => this.#row(input))}`;
  }

  #row({ name, pairing_code, open_to_unpaired }: Input): TemplateResult {
    const words = stationWordsFor(this.language);
    const change = (event: Event) => this.#open(name, event.target as HTMLInputElement);
    return html`<h3>${name}</h3>${pairing_code ? html`<p role="status">${words.code} <output data-code>${pairing_code}</output>${words.codeText(name)}</p>` : nothing}
      <label><input type="checkbox" data-unpaired=${name} .checked=${open_to_unpaired === true} @change=${change} />${words.unpaired}</label><p>${words.unpairedText}</p>`;
  }

  async #open(name: string, box: HTMLInputElement): Promise<void> {
    await this.source.library.request("PUT", `inputs/${encodeURIComponent(name)}`, { open_to_unpaired: box.checked }).catch((error: Error) => {
      box.checked = !box.checked;
      say(this, error.message);
    });
  }
}

define("yulelight-pair-input", YulelightPairInput);
