// The drawn house with eight lamps that are moved by finger, mouse or arrow keys.

import { css, html, LitElement, type TemplateResult } from "lit";
import { unsafeSVG } from "lit/directives/unsafe-svg.js";
import { GROUPS } from "../../house/groups";
import { houseStyle } from "../../house/house.css";
import { HEIGHT, WIDTH } from "../../house/plan";
import { gradients, scene } from "../../house/scene";
import { define } from "../../parts/define";
import { styled } from "../../parts/styled";
import { tokens } from "../../parts/tokens.css";
import { type At, inside } from "./told";

const PICTURE = gradients() + scene();
const STEPS: Record<string, readonly [number, number]> = { ArrowLeft: [-2, 0], ArrowRight: [2, 0], ArrowUp: [0, -2], ArrowDown: [0, 2] };

/** Fires "choose" with a channel and "move" with { channel, x, y }, in percent. */
export class YulelightPicture extends LitElement {
  static override properties = {
    places: { attribute: false },
    names: { attribute: false },
    label: {},
    told: { attribute: false },
    chosen: { type: Number },
    drag: { state: true },
  };
  static override styles = [
    tokens,
    houseStyle,
    css`
      :host { container-type: normal; aspect-ratio: 5 / 4; border-radius: 20px; touch-action: pan-y; }
      .canvas { width: 100%; }
      button { position: absolute; width: 44px; height: 44px; margin: -22px; padding: 0; border: 0; border-radius: 50%; background: none; cursor: grab; touch-action: none; }
      button::before { content: ""; position: absolute; inset: 9px; border-radius: 50%; background: radial-gradient(circle, #fff 12%, var(--colour) 46%, color-mix(in srgb, var(--colour) 50%, #000)); box-shadow: 0 0 0 2px rgb(6 10 32 / .75), 0 0 16px 3px color-mix(in srgb, var(--colour) 65%, transparent); }
      button[aria-pressed="true"]::before { inset: 4px; box-shadow: 0 0 0 3px #fff, 0 0 22px 6px color-mix(in srgb, var(--colour) 75%, transparent); }
      button:focus-visible { outline-color: #fff; }
      span { position: absolute; inset: 0; display: grid; place-items: center; color: #10183c; font: 700 13px/1 system-ui, sans-serif; }
    `,
  ];

  declare places: readonly At[];
  declare names: readonly string[];
  declare label: string;
  declare told: (name: string, x: number, y: number) => string;
  declare chosen: number;
  /** What is held now. */
  declare drag: ({ k: number } & At) | null;

  #from: At | null = null;

  constructor() {
    super();
    this.drag = null;
  }

  override render(): TemplateResult {
    return html`<div class="night"><div class="stage"><div class="canvas" aria-hidden="true"><svg class="whole" viewBox="0 0 ${WIDTH} ${HEIGHT}">${unsafeSVG(PICTURE)}</svg></div></div></div>
      <div role="group" aria-label=${this.label} @pointermove=${this.#pull} @pointerup=${() => this.#drop(true)} @pointercancel=${() => this.#drop(false)}>${GROUPS.map((_, k) => this.#lamp(k))}</div>`;
  }

  #lamp(k: number): TemplateResult {
    const { x, y } = this.drag?.k === k ? this.drag : this.places[k]!;
    return html`<button type="button" id="lamp-${k + 1}" style=${styled({ left: `${x}%`, top: `${y}%`, "--colour": GROUPS[k]!.colour })} aria-pressed=${String(this.chosen === k + 1)}
      aria-label=${this.told(`${k + 1}: ${this.names[k]!}`, Math.round(x), Math.round(y))} @click=${() => this.#tell("choose", k + 1)} @pointerdown=${(event: PointerEvent) => this.#take(event, k)} @keydown=${(event: KeyboardEvent) => this.#key(event, k)}><span>${k + 1}</span></button>`;
  }

  #take(event: PointerEvent, k: number): void {
    if (event.button) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#from = { x: event.clientX, y: event.clientY };
    this.drag = { k, ...this.places[k]! };
  }

  #pull = (event: PointerEvent): void => {
    if (!this.drag || !this.#from) return;
    const { width, height } = this.getBoundingClientRect();
    const start = this.places[this.drag.k]!;
    const x = start.x + (100 * (event.clientX - this.#from.x)) / width;
    const y = start.y + (100 * (event.clientY - this.#from.y)) / height;
    this.drag = { k: this.drag.k, x: inside(x), y: inside(y) };
  };

  #drop(done: boolean): void {
    const { drag } = this;
    if (!drag) return;
    const { x, y } = this.places[drag.k]!;
    this.drag = null;
    // A finger never rests quite still: a movement this small is a tap.
    if (done && Math.hypot(drag.x - x, drag.y - y) > 1) this.#tell("move", { channel: drag.k + 1, x: drag.x, y: drag.y });
  }

  #key(event: KeyboardEvent, k: number): void {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const { x, y } = this.places[k]!;
    this.#tell("move", { channel: k + 1, x: inside(x + step[0]), y: inside(y + step[1]) });
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("yulelight-picture", YulelightPicture);
