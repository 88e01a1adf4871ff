// A field of the card's form: the user's picture, on which the eight lights are dragged to their places.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { GROUPS } from "../house/groups";
import { DEFAULT_PLACES, type Place } from "../house/house";
import { define } from "../parts/define";
import { styled } from "../parts/styled";
import { wordsFor } from "../words";

const clamp = (value: number): number => Math.round(Math.min(100, Math.max(0, value)) * 10) / 10;

/** Home Assistant's form shows it as `ha-form-yulelight-places`, with `data` and the form's `context`. */
export class YulelightPlaces extends LitElement {
  static override properties = { data: { attribute: false }, context: { attribute: false }, label: {}, moved: { state: true } };
  static override styles = css`
    :host { display: block; }
    p { margin: 0 0 8px; }
    small { display: block; color: var(--secondary-text-color); }
    .picture { position: relative; touch-action: none; user-select: none; border-radius: 12px; overflow: hidden; min-height: 120px; background: #0b1534; }
    img { display: block; width: 100%; pointer-events: none; }
    button { position: absolute; width: 44px; height: 44px; margin: -22px; padding: 0; border: 0; border-radius: 50%; background: radial-gradient(closest-side, var(--colour) 48%, rgb(0 0 0 / .55) 52%, transparent 62%); color: #111; font: 700 13px/44px sans-serif; text-align: center; cursor: grab; }
    button:focus-visible { outline: 3px solid #fff; }
  `;

  declare data: Place[] | undefined;
  declare context: { image?: string } | undefined;
  declare label: string;
  declare moved: Place[] | null;

  #held = -1;

  override render(): TemplateResult | typeof nothing {
    const image = this.context?.image;
    if (!image || typeof image !== "string") return nothing;
    const { card } = wordsFor(document.documentElement.lang);
    return html`<p>${card.form.lights}<small>${card.help.lights}</small></p>
      <div class="picture" @pointermove=${this.#drag} @pointerup=${this.#drop} @pointercancel=${this.#drop}>
        <img src=${image} alt="" />
        ${this.#places.map(
          ({ x, y }, k) => html`<button type="button" style=${styled({ left: `${x}%`, top: `${y}%`, "--colour": GROUPS[k]!.colour })}
          aria-label=${card.lightAt(k + 1, Math.round(x), Math.round(y))} @pointerdown=${(event: PointerEvent) => this.#take(event, k)} @keydown=${(event: KeyboardEvent) => this.#key(event, k)}>${k + 1}</button>`,
        )}
      </div>`;
  }

  get #places(): Place[] {
    return this.moved ?? DEFAULT_PLACES.map((place, k) => this.data?.[k] ?? place);
  }

  #take(event: PointerEvent, k: number): void {
    this.#held = k;
    (event.target as HTMLElement).setPointerCapture(event.pointerId);
  }

  #drag(event: PointerEvent): void {
    if (this.#held < 0) return;
    const box = this.renderRoot.querySelector(".picture")!.getBoundingClientRect();
    this.#move(this.#held, ((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
  }

  #drop(): void {
    if (this.#held < 0) return;
    this.#held = -1;
    this.#tell();
  }

  #key(event: KeyboardEvent, k: number): void {
    const step = event.shiftKey ? 5 : 1;
    const by = ({ ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] } as Record<string, [number, number]>)[event.key];
    if (!by) return;
    event.preventDefault();
    const { x, y } = this.#places[k]!;
    this.#move(k, x + by[0], y + by[1]);
    this.#tell();
  }

  #move(k: number, x: number, y: number): void {
    this.moved = this.#places.map((place, at) => (at === k ? { ...place, x: clamp(x), y: clamp(y) } : place));
  }

  #tell(): void {
    const value = this.moved;
    this.data = value ?? undefined;
    this.moved = null;
    this.dispatchEvent(new CustomEvent("value-changed", { detail: { value }, bubbles: true, composed: true }));
  }
}

define("ha-form-yulelight-places", YulelightPlaces);
