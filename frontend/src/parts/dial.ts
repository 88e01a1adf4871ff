// A slider with an icon, for brightness and volume. While it moves, its value is sent at intervals.

import { css, html, LitElement, type TemplateResult } from "lit";
import { define } from "./define";
import { icon } from "./icon";
import { sliderStyle } from "./slider.css";
import { styled } from "./styled";
import { tokens } from "./tokens.css";

/** Interval between two messages while a finger moves (ms). */
const PACE = 150;
/** After a finger left (ms), until the house has answered. */
const SETTLE = 1000;

/** Fires "level" with 0..1 as its detail. */
export class YulelightDial extends LitElement {
  static override properties = { level: { type: Number }, label: {}, icon: {}, colour: {}, disabled: { type: Boolean } };
  static override styles = [
    tokens,
    sliderStyle,
    css`
      :host { display: block; min-width: 0; }
      label { display: flex; align-items: center; gap: 10px; min-height: 44px; color: var(--soft); }
    `,
  ];

  declare level: number;
  declare label: string;
  declare icon: string;
  declare colour: string;
  declare disabled: boolean;

  #timer = 0;
  #busy = 0;

  override render(): TemplateResult {
    return html`<label style=${styled(this.colour ? { "--colour": this.colour } : {})}>${this.icon ? icon(this.icon) : ""}
      <input type="range" min="0" max="100" step="1" aria-label=${this.label} ?disabled=${this.disabled} @input=${this.#move} @change=${this.#let} /></label>`;
  }

  protected override updated(): void {
    if (performance.now() > this.#busy) this.#draw(Math.round((this.level ?? 0) * 100));
  }

  get #input(): HTMLInputElement {
    return this.renderRoot.querySelector("input")!;
  }

  #draw(value: number): void {
    this.#input.value = String(value);
    this.#input.style.setProperty("--at", `${value}%`);
  }

  #move(): void {
    this.#busy = performance.now() + SETTLE;
    this.#input.style.setProperty("--at", `${this.#input.value}%`);
    this.#timer ||= window.setTimeout(() => this.#tell(), PACE);
  }

  #let(): void {
    clearTimeout(this.#timer);
    this.#tell();
  }

  #tell(): void {
    this.#timer = 0;
    this.#busy = performance.now() + SETTLE;
    this.dispatchEvent(new CustomEvent("level", { detail: Number(this.#input.value) / 100 }));
  }
}

define("yulelight-dial", YulelightDial);
