// The dashboard card: the remote control in a Home Assistant card, with the theme's colours.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";

import { HassSource } from "../hass/source";
import { type Hass, hoursOf } from "../hass/types";
import { define } from "../parts/define";
import "../parts/remote";
import { wordsFor } from "../words";
import { type CardConfig, check, DEFAULT_PARTS, form, stub, TYPE } from "./config";
import { isLight } from "./contrast";

export class YulelightCard extends LitElement {
  static override properties = { hass: { attribute: false }, config: { state: true }, source: { state: true } };
  static override styles = css`
    :host { display: block; color: var(--primary-text-color); }
    ha-card {
      display: block; height: 100%; overflow: clip; position: relative; color: inherit;
      --yl-text: var(--primary-text-color);
      --yl-soft: var(--secondary-text-color);
      --yl-surface: var(--ha-card-background, var(--card-background-color, #fff));
      --yl-raised: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
      --yl-line: color-mix(in srgb, var(--primary-text-color) 22%, transparent);
      --yl-accent: var(--primary-color);
    }
    .light { --yl-gold: #e09a00; --yl-wrong: #a3142a; }
  `;

  declare config: CardConfig | undefined;
  declare source: HassSource | null;

  #hass: Hass | undefined;

  static getConfigForm(): object {
    return form(wordsFor(document.documentElement.lang));
  }

  static getStubConfig(hass: Hass): object {
    return stub(hass);
  }

  constructor() {
    super();
    this.source = null;
  }

  setConfig(config: unknown): void {
    this.config = check(config, wordsFor(document.documentElement.lang));
    this.#connect();
  }

  set hass(hass: Hass) {
    const first = !this.#hass;
    const before = this.#hass;
    this.#hass = hass;
    this.#connect();
    this.source?.update(hass);
    if (first || before?.themes !== hass.themes || before?.language !== hass.language || before?.locale !== hass.locale) this.requestUpdate();
  }

  getCardSize(): number {
    return this.#parts.length ? 12 : 6;
  }

  getGridOptions(): object {
    return { columns: 12, min_columns: 6, rows: "auto" };
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.config || !this.#hass || !this.source) return nothing;
    const hass = this.#hass;
    const dark = this.#isDark();
    const sky = this.config.sky && this.config.sky !== "auto" ? this.config.sky : dark ? "night" : "dusk";
    const language = hass.locale?.language ?? hass.language;
    return html`<ha-card class=${dark ? "dark" : "light"}>
      <yulelight-remote .source=${this.source} .words=${wordsFor(language)} .language=${language} .hours=${hoursOf(hass)} .parts=${this.#parts} .heading=${this.config.name ?? ""}
        .image=${this.config.image ?? ""} .places=${this.config.lights ?? []} .sky=${sky} .repairs=${hass.user?.is_admin ? "/config/repairs" : ""}></yulelight-remote>
    </ha-card>`;
  }

  /** A view applies its theme after its cards are attached. */
  protected override firstUpdated(): void {
    requestAnimationFrame(() => this.requestUpdate());
  }

  /** What is seen counts: a dark theme need not say so, and Home Assistant may draw one before it knows. */
  #isDark(): boolean {
    return isLight(getComputedStyle(this).color) ?? this.#hass?.themes?.darkMode ?? false;
  }

  get #parts(): CardConfig["parts"] & object {
    return this.config?.parts ?? [...DEFAULT_PARTS];
  }

  #connect(): void {
    const entity = this.config?.entity;
    if (entity && this.#hass && this.source?.entity !== entity) this.source = new HassSource(this.#hass, entity);
  }
}

define(TYPE, YulelightCard);
