// The position in the song with its sections, as a slider to seek with.

import { css, html, LitElement, type TemplateResult } from "lit";
import { clock, type House, length, type Part, partsOf, played, positionAt } from "../model";
import type { Words } from "../words";
import { define } from "./define";
import { styled } from "./styled";
import { tokens } from "./tokens.css";

/** After the song's next whole second (ms). */
const LATE = 20;

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

/** Fires "seek" with seconds as its detail. */
export class YulelightProgress extends LitElement {
  static override properties = { house: { attribute: false }, words: { attribute: false } };
  static override styles = [
    tokens,
    css`
      :host { display: block; }
      .bar { position: relative; height: 44px; }
      .track { position: absolute; inset: 18px 0 auto; height: 8px; pointer-events: none; }
      .track i { position: absolute; inset-block: 0; left: var(--from); width: max(1px, calc(var(--share) - 2px)); border-radius: 4px; background: var(--line); overflow: hidden; }
      .track i:last-child { width: var(--share); }
      .track i::after { content: ""; position: absolute; inset: 0; background: var(--gold); transform: scaleX(var(--done, 0)); transform-origin: left; }
      /* The slide is as wide as the bar and leaves it to the right as the song goes on: what leaves is cut off, or the page grows with it. */
      .rail { position: absolute; inset: 0 -12px; padding: 13px 12px 0; overflow: clip; pointer-events: none; }
      .slide { transform: translateX(var(--at, 0%)); }
      .knob { width: 18px; height: 18px; margin-left: -9px; border-radius: 50%; background: #fff8e6; box-shadow: 0 0 0 1px rgb(120 80 0 / .35), 0 0 12px var(--gold); }
      input { position: absolute; inset: 0; width: 100%; height: 44px; margin: 0; opacity: 0; cursor: pointer; }
      .bar:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 8px; }
      .times { display: flex; justify-content: space-between; margin-top: -8px; font-size: 13px; color: var(--soft); font-variant-numeric: tabular-nums; }
    `,
  ];

  declare house: House;
  declare words: Words;

  #parts: Part[] = [];
  #key = "";
  #held: number | null = null;
  #timer = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    const { song, sections } = this.house.status;
    const duration = song?.duration ?? 0;
    const key = `${song?.id} ${duration} ${sections.join()}`;
    if (key !== this.#key) {
      this.#key = key;
      this.#parts = partsOf(duration, sections);
      this.#held = null;
    }
    return html`<div class="bar">
        <div class="track" id="track" aria-hidden="true">${this.#parts.map(({ start, end }) => html`<i style=${styled({ "--from": percent(start / duration), "--share": percent((end - start) / duration) })}></i>`)}</div>
        <div class="rail" aria-hidden="true"><div class="slide"><div class="knob"></div></div></div>
        <input type="range" id="seek" min="0" max=${Math.max(1, Math.round(duration))} step="1" aria-label=${this.words.seek}
          @input=${this.#hold} @change=${this.#seek} />
      </div>
      <div class="times"><span id="elapsed"></span><span id="total">${length(duration)}</span></div>`;
  }

  protected override updated(): void {
    this.#draw(this.#held ?? positionAt(this.house, performance.now()));
    this.#tick();
  }

  /** Called once for each second of the song. */
  #tick(): void {
    clearTimeout(this.#timer);
    const position = this.house ? positionAt(this.house, performance.now()) : 0;
    if (this.hasUpdated && this.#held === null && !document.hidden && this.house.status.moving) this.#draw(position);
    this.#timer = window.setTimeout(() => this.#tick(), (1 - (position % 1)) * 1000 + LATE);
  }

  #hold(event: Event): void {
    this.#held = Number((event.target as HTMLInputElement).value);
    this.#draw(this.#held);
  }

  #seek(event: Event): void {
    const position = Number((event.target as HTMLInputElement).value);
    // Keep the knob where it was released until the service answers.
    this.#held = position;
    window.setTimeout(() => (this.#held = null), 800);
    this.dispatchEvent(new CustomEvent("seek", { detail: position }));
  }

  #draw(position: number): void {
    const root = this.renderRoot;
    const duration = this.house.status.song?.duration ?? 0;
    for (const [k, bar] of [...root.querySelectorAll<HTMLElement>(".track i")].entries()) {
      const part = this.#parts[k];
      if (part) bar.style.setProperty("--done", played(part, position).toFixed(3));
    }
    const share = duration > 0 ? Math.min(100, (position / duration) * 100) : 0;
    root.querySelector<HTMLElement>(".slide")!.style.setProperty("--at", `${share.toFixed(2)}%`);
    const slider = root.querySelector<HTMLInputElement>("#seek")!;
    if (this.#held === null) slider.value = String(Math.round(position));
    slider.setAttribute("aria-valuetext", this.words.timeOf(clock(position), length(duration)));
    root.querySelector("#elapsed")!.textContent = clock(position);
  }
}

define("yulelight-progress", YulelightProgress);
