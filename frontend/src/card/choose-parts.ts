// A field of the card's form: what the card shows. Home Assistant's own list would tick nothing if nothing is set.

import { html, LitElement, type TemplateResult } from "lit";

import { define } from "../parts/define";
import { PARTS, type PartName } from "../parts/remote";
import { wordsFor } from "../words";
import { DEFAULT_PARTS } from "./config";

/** Home Assistant's form shows it as `ha-form-yulelight-parts`, and hears the selector's "value-changed" through it. */
export class YulelightChooseParts extends LitElement {
  static override properties = { hass: { attribute: false }, data: { attribute: false }, label: {} };

  declare hass: unknown;
  declare data: PartName[] | undefined;
  declare label: string;

  override render(): TemplateResult {
    const { card } = wordsFor(document.documentElement.lang);
    const selector = { select: { multiple: true, mode: "list", options: PARTS.map((value) => ({ value, label: card.parts[value] })) } };
    return html`<ha-selector .hass=${this.hass} .selector=${selector} .value=${this.data ?? DEFAULT_PARTS} .label=${this.label} .required=${false}></ha-selector>`;
  }
}

define("ha-form-yulelight-parts", YulelightChooseParts);
