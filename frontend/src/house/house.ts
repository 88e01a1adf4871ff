// The house front, drawn or the user's own picture, with eight groups of lights that show the frames.

import { html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { unsafeSVG } from "lit/directives/unsafe-svg.js";
import { Glow } from "../live/glow";
import { Shine } from "../live/shine";
import type { Way } from "../live/timeline";
import { CHANNELS, type Channel, type House, ownerOf } from "../model";
import { define } from "../parts/define";
import { type Styles, styled } from "../parts/styled";
import { tokens } from "../parts/tokens.css";
import type { Source } from "../source";
import type { Words } from "../words";
import { GROUPS, lit } from "./groups";
import { houseStyle } from "./house.css";
import { type Box, HEIGHT, WIDTH } from "./plan";
import { bars, gradients, scene, stars } from "./scene";

/** Position of a light in the user's picture in percent of its width and height; `size` in percent of its width. */
export interface Place {
  x: number;
  y: number;
  size?: number;
}

export type Sky = "night" | "dusk";

/** A finger that rests this long (ms) asks for details. */
const HOLD = 500;

export const DEFAULT_PLACES: readonly Place[] = [
  { x: 50, y: 92 },
  { x: 25, y: 80 },
  { x: 50, y: 72 },
  { x: 75, y: 62 },
  { x: 12, y: 60 },
  { x: 28, y: 42 },
  { x: 62, y: 32 },
  { x: 50, y: 14 },
];

const PICTURE = {
  gradients: gradients(),
  scene: scene(),
  stars: [stars(90, 130), stars(91, 60), stars(92, 60)],
  glows: GROUPS.map((group, k) => lit(group, k + 1) + (k === 3 ? bars() : "")),
};

const percent = ([x, y, w, h]: Box): Styles => ({
  left: `${(x / WIDTH) * 100}%`,
  top: `${(y / HEIGHT) * 100}%`,
  width: `${(w / WIDTH) * 100}%`,
  height: `${(h / HEIGHT) * 100}%`,
});

/** The colours of the groups, as the show has them or, without, as they are drawn. Older services tell none. */
const coloured = (colours: readonly string[] = []): Styles => Object.fromEntries(GROUPS.map(({ colour }, k) => [`--c${k + 1}`, colours[k] ?? colour]));

export class YulelightHouse extends LitElement {
  static override properties = {
    house: { attribute: false },
    source: { attribute: false },
    words: { attribute: false },
    image: {},
    places: { attribute: false },
    sky: {},
  };
  static override styles = [tokens, houseStyle];

  declare house: House;
  declare source: Source;
  declare words: Words;
  declare image: string;
  declare places: readonly Place[];
  declare sky: Sky;

  #glow = new Glow((way) => this.#show(way));
  /** The eight lights and, in the drawing, the glow around the house, which is as bright as all of them together. */
  #shines: Shine[] = [];
  #stop: (() => void) | null = null;
  #seen = false;
  #observer = new IntersectionObserver((entries) => {
    this.#seen = entries.at(-1)!.isIntersecting;
    this.#look();
  });
  #held = 0;
  #wasHeld = false;

  constructor() {
    super();
    this.image = "";
    this.places = DEFAULT_PLACES;
    this.sky = "night";
  }

  /** Whether a light is lit at this moment. */
  isLit(channel: number): boolean {
    return this.#glow.level(channel) > 0.02;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
    document.addEventListener("visibilitychange", this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
    this.#seen = false;
    this.#look();
    document.removeEventListener("visibilitychange", this.#look);
  }

  override render(): TemplateResult {
    const { link, status } = this.house;
    const away = link === "offline" || link === "missing" || link === "denied";
    return html`
      <div class="${this.sky} ${status.blackout ? "blackout" : ""} ${away ? "away" : ""}" id="frame" style=${styled(coloured(status.colours))}>
        <div class="stage">
          ${this.image ? this.#photo() : this.#drawing()}
          ${this.image ? nothing : html`<div class="snow" aria-hidden="true"><i></i><i></i></div>`}
          <div class="over"></div>
          <div class="dark"></div>
        </div>
        <div class=${this.image ? "photo" : "canvas"} role="group" aria-label=${this.words.house}>
          ${GROUPS.map((_, k) => this.#touch(k))}
        </div>
      </div>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("source") && this.#stop) {
      this.#stop();
      this.#stop = null;
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    const root = this.renderRoot;
    const all = [...root.querySelectorAll<HTMLElement>(".glow, .spot"), ...root.querySelectorAll<HTMLElement>(".aura")];
    if (all.some((element, k) => element !== this.#shines[k]?.element)) {
      this.#shines = all.map((element) => new Shine(element));
      this.#glow.again();
    }
    if (changed.has("house") && this.house.link !== "online" && changed.get("house")?.link === "online") this.#glow.forget();
    this.#look();
  }

  #drawing(): TemplateResult {
    const whole = `0 0 ${WIDTH} ${HEIGHT}`;
    return html`<div class="canvas" aria-hidden="true">
      <svg class="whole" viewBox=${whole}>${unsafeSVG(PICTURE.stars[0])}</svg>
      <svg class="whole twinkle" viewBox=${whole}>${unsafeSVG(PICTURE.stars[1])}</svg>
      <svg class="whole twinkle two" viewBox=${whole}>${unsafeSVG(PICTURE.stars[2])}</svg>
      <svg class="whole" viewBox=${whole}><defs>${unsafeSVG(PICTURE.gradients)}</defs>${unsafeSVG(PICTURE.scene)}</svg>
      <div class="aura"></div>
      ${GROUPS.map(({ box }, k) => html`<svg class="glow" id="glow-${k + 1}" viewBox=${box.join(" ")} style=${styled(percent(box))}>${svg`${unsafeSVG(PICTURE.glows[k])}`}</svg>`)}
    </div>`;
  }

  #photo(): TemplateResult {
    return html`<div class="photo"><img src=${this.image} alt="" @load=${this.#measure} />
      ${GROUPS.map((_, k) => {
        const { x, y, size = 16 } = this.#place(k);
        return html`<div class="spot" id="glow-${k + 1}" style=${styled({ left: `${x}%`, top: `${y}%`, "--size": `${size}%`, "--colour": `var(--c${k + 1})` })}></div>`;
      })}</div>`;
  }

  /** Positions are shares of the whole picture, even if only a part of it is visible. */
  #measure({ target }: Event): void {
    const { naturalWidth, naturalHeight } = target as HTMLImageElement;
    const ratio = naturalWidth && naturalHeight ? naturalWidth / naturalHeight : WIDTH / HEIGHT;
    this.style.setProperty("--ratio", String(ratio));
    this.dispatchEvent(new CustomEvent("ratio", { detail: ratio }));
  }

  #place(k: number): Place {
    return this.places[k] ?? DEFAULT_PLACES[k]!;
  }

  #touch(k: number): TemplateResult {
    const { touch } = GROUPS[k]!;
    const { x, y } = this.#place(k);
    const areas = this.image ? [{ left: `calc(${x}% - 24px)`, top: `calc(${y}% - 24px)`, width: "48px", height: "48px" }] : touch.map(percent);
    const state = this.house.channels.find(({ channel }) => channel === k + 1);
    const owner = state ? ownerOf(state, this.house.status.state) : "";
    return html`${areas.map((style, part) =>
      part
        ? html`<div class="touch" style=${styled(style)} aria-hidden="true" @click=${() => this.#tap(k)} @pointerdown=${() => this.#press(k)} @pointerup=${this.#let} @pointerleave=${this.#let} @contextmenu=${(event: Event) => this.#ask(event, k)}></div>`
        : html`<button type="button" class="touch ${owner === "you" ? "yours" : ""}" id="light-${k + 1}" data-owner=${owner}
            style=${styled({ ...style, "--colour": `var(--c${k + 1})` })} aria-label=${this.#label(k, owner, state)} aria-pressed=${owner === "you" && state?.on ? "true" : "false"} ?disabled=${!state}
            @click=${() => this.#tap(k)} @pointerdown=${() => this.#press(k)} @pointerup=${this.#let} @pointerleave=${this.#let} @contextmenu=${(event: Event) => this.#ask(event, k)}></button>`,
    )}`;
  }

  #label(k: number, owner: string, state: Channel | undefined): string {
    const name = lightName(this.words, k + 1, Boolean(this.image));
    if (owner === "show") return this.words.lightShow(name);
    return owner === "you" ? this.words.lightYours(name, Boolean(state?.on)) : this.words.lightIdle(name);
  }

  #press(k: number): void {
    this.#wasHeld = false;
    clearTimeout(this.#held);
    this.#held = window.setTimeout(() => {
      this.#wasHeld = true;
      this.#tell("light-details", k);
    }, HOLD);
  }

  #let = (): void => clearTimeout(this.#held);

  #tap(k: number): void {
    if (this.#wasHeld) this.#wasHeld = false;
    else this.#tell("light-tap", k);
  }

  /** A right click, the system's long press, or the keyboard's menu key. */
  #ask(event: Event, k: number): void {
    event.preventDefault();
    clearTimeout(this.#held);
    if (!this.#wasHeld) this.#tell("light-details", k);
    this.#wasHeld = (event as PointerEvent).pointerType === "touch";
  }

  #tell(name: string, k: number): void {
    this.dispatchEvent(new CustomEvent(name, { detail: k + 1 }));
  }

  /** Subscribe to frames only while the page is visible. */
  #look = (): void => {
    const looking = this.#seen && !document.hidden && this.isConnected && this.house?.link === "online";
    this.renderRoot?.querySelector("#frame")?.classList.toggle("asleep", !this.#seen);
    if (looking && !this.#stop) {
      this.#stop = this.source.frames((message) => this.#glow.hear(message));
    } else if (!looking && this.#stop) {
      this.#stop();
      this.#stop = null;
      this.#glow.stop();
    }
  };

  #show(way: Way): void {
    const mean = way.times.map((_, at) => way.levels.reduce((sum, levels) => sum + levels[at]!, 0) / CHANNELS);
    for (const [k, shine] of this.#shines.entries()) shine.go(way, way.levels[k] ?? mean);
  }
}

/** The name of a light: its part of the house in the drawing, its number in a picture. */
export function lightName(words: Words, channel: number, picture: boolean): string {
  return picture ? words.light(channel) : words.groups[channel - 1]!;
}

define("yulelight-house", YulelightHouse);
