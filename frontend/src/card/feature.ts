// A feature for the media player's tile card: the eight lights as they are, and the blackout.

import { mdiLightbulbOn, mdiWeatherNight } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { HassSource } from "../hass/source";
import { type Hass, isPlayer } from "../hass/types";
import { GROUPS } from "../house/groups";
import { Glow } from "../live/glow";
import { Shine } from "../live/shine";
import { type House, NOWHERE } from "../model";
import { define } from "../parts/define";
import { icon } from "../parts/icon";
import { styled } from "../parts/styled";
import { wordsFor } from "../words";

export const FEATURE = "yulelight-lights";

interface Context {
  entity_id?: string;
}

export const supported = (hass: Hass, context: Context): boolean => Boolean(context?.entity_id && isPlayer(hass, context.entity_id));

export class YulelightLightsFeature extends LitElement {
  static override properties = { hass: { attribute: false }, context: { attribute: false }, house: { state: true } };
  static override styles = css`
    :host { display: block; }
    .row { display: flex; gap: var(--feature-button-spacing, 12px); height: var(--feature-height, 42px); }
    .away .lights { opacity: .45; }
    .lights { flex: 1; display: flex; justify-content: space-evenly; align-items: center; border-radius: var(--feature-border-radius, 12px); background: #0b1534; overflow: hidden; }
    i { position: relative; width: 10px; height: 10px; border-radius: 50%; background: color-mix(in srgb, var(--colour) 28%, #0b1534); }
    i b { position: absolute; inset: -9px; border-radius: 50%; opacity: 0; will-change: opacity; background: radial-gradient(closest-side, #fff 0, var(--colour) 30%, color-mix(in srgb, var(--colour) 35%, transparent) 55%, transparent); }
    button { flex: none; width: 56px; padding: 0; border: 0; border-radius: var(--feature-border-radius, 12px); display: grid; place-items: center; color: var(--primary-text-color); background: color-mix(in srgb, var(--primary-text-color) 8%, transparent); cursor: pointer; }
    button[aria-pressed="true"] { background: #ffc95e; color: #3a2404; }
    button:focus-visible { outline: 3px solid var(--primary-color); outline-offset: 2px; }
    svg { width: 24px; height: 24px; fill: currentColor; }
    @media (prefers-reduced-motion: reduce) { i b { transition: opacity 1s linear !important; } }
  `;

  declare hass: Hass;
  declare context: Context;
  declare house: House;

  #source: HassSource | null = null;
  #glow = new Glow((way) => {
    if (!this.#shines.length) this.#shines = [...this.renderRoot.querySelectorAll<HTMLElement>("i b")].map((light) => new Shine(light));
    for (const [k, shine] of this.#shines.entries()) shine.go(way, way.levels[k]!);
  });
  #shines: Shine[] = [];
  #leave: (() => void)[] = [];
  #seen = false;
  #observer = new IntersectionObserver((entries) => {
    this.#seen = entries.at(-1)!.isIntersecting;
    this.#look();
  });
  #frames: (() => void) | null = null;

  static getStubConfig(): object {
    return { type: `custom:${FEATURE}` };
  }

  constructor() {
    super();
    this.house = NOWHERE;
  }

  setConfig(): void {}

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
    document.addEventListener("visibilitychange", this.#look);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
    document.removeEventListener("visibilitychange", this.#look);
    this.#seen = false;
    this.#look();
    for (const leave of this.#leave) leave();
    this.#leave = [];
    this.#source = null;
  }

  override render(): TemplateResult | typeof nothing {
    const entity = this.context?.entity_id;
    if (!this.hass || !entity) return nothing;
    const { status, link } = this.house;
    const words = wordsFor(this.hass.locale?.language ?? this.hass.language);
    return html`<div class="row ${link === "online" ? "" : "away"}">
      <div class="lights" aria-hidden="true">${GROUPS.map(({ colour }) => html`<i style=${styled({ "--colour": colour })}><b></b></i>`)}</div>
      <button type="button" aria-label=${words.lightsOut} aria-pressed=${String(status.blackout)} ?disabled=${link !== "online"} @click=${this.#blackout}>${icon(status.blackout ? mdiLightbulbOn : mdiWeatherNight)}</button>
    </div>`;
  }

  protected override updated(): void {
    const entity = this.context?.entity_id;
    if (!this.hass || !entity || !this.isConnected) return;
    if (this.#source?.entity !== entity) {
      for (const leave of this.#leave) leave();
      this.#frames?.();
      this.#frames = null;
      this.#source = new HassSource(this.hass, entity);
      this.#leave = [this.#source.watch((house) => this.#hear(house))];
    }
    this.#source.update(this.hass);
    this.#look();
  }

  /** If the service does not answer, the state of its lights is unknown: draw them dark. */
  #hear(house: House): void {
    if (house.link !== "online" && this.house.link === "online") this.#glow.forget();
    this.house = house;
    this.#look();
  }

  #blackout(event: Event): void {
    event.stopPropagation();
    void this.#source?.wish({ do: "blackout", on: !this.house.status.blackout }).catch(() => {});
  }

  /** Subscribe to frames only while the page is visible. */
  #look = (): void => {
    const looking = this.#seen && !document.hidden && this.house.link === "online";
    if (looking && !this.#frames && this.#source) {
      this.#frames = this.#source.frames((message) => this.#glow.hear(message));
    } else if (!looking && this.#frames) {
      this.#frames();
      this.#glow.stop();
      this.#frames = null;
    }
  };
}

define(FEATURE, YulelightLightsFeature);
