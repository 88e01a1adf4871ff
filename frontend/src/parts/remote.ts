// The remote control: the house, below it what plays, and the blackout button.

import {
  mdiBrightness6,
  mdiCalendarClock,
  mdiClose,
  mdiLightbulbOn,
  mdiPause,
  mdiPlay,
  mdiShuffleVariant,
  mdiSkipNext,
  mdiSkipPrevious,
  mdiStop,
  mdiVolumeHigh,
  mdiWeatherNight,
} from "@mdi/js";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { GROUPS } from "../house/groups";
import { lightName, type Place, type Sky, type YulelightHouse } from "../house/house";
import { styled } from "./styled";
import "../house/house";
import { type House, NOWHERE, ownerOf } from "../model";
import { type Hours, momentOf } from "../moments";
import type { Source, Wish } from "../source";
import type { Words } from "../words";
import { define } from "./define";
import "./dial";
import "./face";
import { icon } from "./icon";
import "./progress";
import { remoteStyle } from "./remote.css";
import "./songs";
import { tokens } from "./tokens.css";

export const PARTS = ["player", "choices", "dials", "next", "blackout", "songs"] as const;
export type PartName = (typeof PARTS)[number];

/** A way back from what was done. */
export interface Back {
  label: string;
  run: () => Promise<unknown>;
}

/** How long a line of text stays (ms), and with a way back. */
const STAYS = 6_000;
const UNDOES = 12_000;

export class YulelightRemote extends LitElement {
  static override properties = {
    source: { attribute: false },
    words: { attribute: false },
    parts: { attribute: false },
    heading: {},
    image: {},
    places: { attribute: false },
    sky: {},
    repairs: {},
    language: {},
    hours: { attribute: false },
    house: { state: true },
    light: { state: true },
    said: { state: true },
    back: { state: true },
    ratio: { state: true },
    seconds: { state: true },
  };
  static override styles = [tokens, remoteStyle];

  declare source: Source;
  declare words: Words;
  declare parts: readonly PartName[];
  declare heading: string;
  declare image: string;
  declare places: readonly Place[];
  declare sky: Sky;
  /** URL of the page that explains problems; empty for none. */
  declare repairs: string;
  declare language: string;
  /** The user's own date and time format, if it differs from the language's. */
  declare hours: Hours;
  declare house: House;
  /** Channel of the light whose details are shown; 0 for none. */
  declare light: number;
  declare said: string;
  declare back: Back | null;
  /** Width over height of the user's picture; very tall or wide ones are cropped. */
  declare ratio: number;
  declare seconds: number;

  #stop: (() => void) | null = null;
  #silence = 0;
  #countdown = 0;
  #lastMessage = "";

  constructor() {
    super();
    this.parts = PARTS;
    this.house = NOWHERE;
    this.heading = "";
    this.image = "";
    this.places = [];
    this.repairs = "";
    this.hours = {};
    this.sky = "night";
    this.light = 0;
    this.said = "";
    this.back = null;
    this.ratio = 1.25;
    this.seconds = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#stop = null;
    clearInterval(this.#countdown);
  }

  /** Play, pause or resume, whichever applies. */
  toggle(): void {
    void this.#wish({ do: this.house.status.state === "playing" ? "pause" : "play" });
  }

  blackout(): void {
    void this.#wish({ do: "blackout", on: !this.house.status.blackout });
  }

  override render(): TemplateResult {
    const has = (part: PartName): boolean => this.parts.includes(part);
    const { house, words } = this;
    const toast = html`<p class="toast" role="status" aria-live="polite">${this.said}${this.said && this.back ? html`<button type="button" id="undo" @click=${this.#undo}>${this.back.label}</button>` : nothing}</p>`;
    return html`<div class="remote ${this.parts.length ? "player" : ""}">
      <div class="top" style=${styled({ "--ratio": this.image ? String(this.ratio) : "1.25" })}>
        <yulelight-house .house=${house} .source=${this.source} .words=${words} .image=${this.image} .places=${this.places} .sky=${this.sky}
          @ratio=${(event: CustomEvent<number>) => (this.ratio = Math.min(2, Math.max(0.8, event.detail)))} @light-tap=${this.#tap} @light-details=${(event: CustomEvent<number>) => (this.light = event.detail)}></yulelight-house>
        <header><h2>${this.heading || house.name}</h2>${this.#chip()}</header>
        ${this.light ? this.#details() : nothing}
      </div>
      <div class="panel" ?hidden=${!this.parts.length}>
        <slot name="asking"></slot>
        ${this.#problem()}
        ${has("player") ? this.#player() : nothing}
        ${has("choices") ? this.#choices() : nothing}
        ${has("dials") ? this.#dials() : nothing}
        ${has("next") ? this.#next() : nothing}
        ${
          has("songs")
            ? html`<yulelight-songs .source=${this.source} .words=${words} .current=${house.status.song?.id ?? ""} ?online=${house.link === "online"}
              @song=${(event: CustomEvent<string>) => this.#wish({ do: "song", id: event.detail })} @broken=${(event: CustomEvent<string>) => this.say(event.detail)} @failed=${(event: CustomEvent<Error>) => this.say(event.detail.message)}></yulelight-songs>`
            : nothing
        }
        <slot></slot>
        <div class="foot">${toast}${has("blackout") ? this.#blackout() : nothing}</div>
      </div>
      ${this.parts.length ? nothing : html`<div class="foot">${toast}</div>`}
    </div>`;
  }

  /** Show a line of text for a few seconds, with an undo button. */
  say(text: string, back: Back | null = null): void {
    this.said = text || this.words.failed;
    this.back = back;
    clearTimeout(this.#silence);
    this.#silence = window.setTimeout(this.#hush, back ? UNDOES : STAYS);
  }

  /** Not under a finger or the keyboard's focus. */
  #hush = (): void => {
    if (this.renderRoot.querySelector("#undo:is(:hover, :focus-visible)")) this.#silence = window.setTimeout(this.#hush, STAYS);
    else this.said = "";
  };

  async #undo(): Promise<void> {
    const { back } = this;
    this.said = "";
    try {
      await back?.run();
    } catch (error) {
      this.say((error as Error)?.message);
    }
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("source") && this.isConnected) this.#watch();
    if (!this.light) return;
    const { link } = this.house;
    if (link !== "online" && link !== "connecting") this.light = 0;
  }

  #watch(): void {
    this.#stop?.();
    this.#stop = this.source?.watch((house) => this.#hear(house)) ?? null;
  }

  #hear(house: House): void {
    const { message } = house.status;
    if (message && message !== this.#lastMessage) this.say(message);
    this.#lastMessage = message;
    clearInterval(this.#countdown);
    if (house.retryAt) {
      const count = (): void => {
        this.seconds = Math.max(0, Math.ceil((house.retryAt - performance.now()) / 1000));
      };
      count();
      this.#countdown = window.setInterval(count, 500);
    }
    this.house = house;
    this.dispatchEvent(new CustomEvent("house", { detail: house }));
  }

  async #wish(wish: Wish): Promise<void> {
    try {
      await this.source.wish(wish);
    } catch (error) {
      this.say((error as Error)?.message);
    }
  }

  get #online(): boolean {
    return this.house.link === "online";
  }

  #chip(): TemplateResult {
    const { link, status } = this.house;
    const { words } = this;
    const away = link === "offline" || link === "missing";
    const text = away
      ? words.chipOffline
      : link === "online"
        ? status.blackout
          ? words.chipBlackout
          : words.states[status.state]
        : link === "denied"
          ? ""
          : words.chipConnecting;
    return html`<p class="chip ${away ? "away" : status.moving && !status.blackout ? "live" : ""}" id="chip" role="status" ?hidden=${!text}>${text}</p>`;
  }

  #problem(): TemplateResult | typeof nothing {
    // Show problems that only an administrator can fix to administrators only.
    const problem = this.house.problems.find((key) => this.words.problems[key]);
    if (!problem || !this.#online || !this.repairs) return nothing;
    return html`<div class="problem" id="problem"><span>${this.words.problems[problem]}</span><a href=${this.repairs}>${this.words.problemMore}</a></div>`;
  }

  #titles(): [title: string, text: string] {
    const { link, status, retryAt } = this.house;
    const { words } = this;
    if (link === "missing") return [words.missingTitle, words.missingText];
    if (link === "offline") return [words.offlineTitle, retryAt ? words.retrying(this.seconds) : words.offlineText];
    if (link !== "online") return ["", ""];
    if (status.song) return [status.song.title, status.state === "loading" ? words.loadingText : status.song.artist];
    if (status.state === "live") return [words.liveTitle, ""];
    return [words.idleTitle, status.state === "loading" ? words.loadingText : words.idleText];
  }

  #player(): TemplateResult {
    const { house, words } = this;
    const { status } = house;
    const online = this.#online;
    const [title, text] = this.#titles();
    const idle = !online || status.state === "idle";
    const playing = status.state === "playing";
    const known = online && Boolean(status.song?.duration) && status.state !== "live";
    const following = status.queue[0]?.title;
    return html`<section aria-label=${words.player}>
      <div class="now">
        ${house.cover && online ? html`<img class="cover" src=${house.cover} alt="" />` : nothing}
        <div class="titles"><h3 class="title" id="title" aria-live="polite">${title}</h3><p class="artist" id="artist">${text}</p>
          ${online && following ? html`<p class="then">${words.upNext(following)}</p>` : nothing}</div>
      </div>
      ${
        known
          ? html`<yulelight-progress .house=${house} .words=${words} @seek=${(event: CustomEvent<number>) => this.#wish({ do: "seek", position: event.detail })}></yulelight-progress>`
          : html`<div class="rest" aria-hidden="true"></div>`
      }
      <div class="buttons">
        ${this.#button("stop", mdiStop, words.stop, idle)}
        ${this.#button("previous", mdiSkipPrevious, words.previous, idle || status.state === "live")}
        <button type="button" class="big" id="play" aria-label=${playing ? words.pause : status.state === "paused" ? words.resume : words.play}
          ?disabled=${!online || status.state === "loading" || status.state === "live"} @click=${this.toggle}>${icon(playing ? mdiPause : mdiPlay)}</button>
        ${this.#button("next", mdiSkipNext, words.next, idle || status.state === "live")}
        <button type="button" id="shuffle" aria-label=${words.shuffle} aria-pressed=${String(online && status.shuffle)} ?disabled=${!online}
          @click=${() => this.#wish({ do: "shuffle", on: !status.shuffle })}>${icon(mdiShuffleVariant)}</button>
      </div>
    </section>`;
  }

  #button(wish: "stop" | "previous" | "next", path: string, label: string, disabled: boolean): TemplateResult {
    return html`<button type="button" id=${wish} aria-label=${label} ?disabled=${disabled} @click=${() => this.#wish({ do: wish })}>${icon(path)}</button>`;
  }

  #choices(): TemplateResult {
    const { house, words } = this;
    const { status, playlists, looks } = house;
    return html`<div class="choices">
      ${
        playlists.length || !looks.length
          ? this.#choice("playlist", words.playlist, playlists, status.playlist, words.choosePlaylist, (id) => ({ do: "playlist", id }))
          : nothing
      }
      ${looks.length ? this.#choice("look", words.look, looks, status.look, "", (look) => ({ do: "look", look })) : nothing}
    </div>`;
  }

  #choice(id: string, label: string, values: readonly string[], chosen: string, none: string, wish: (value: string) => Wish): TemplateResult {
    const missing = !values.includes(chosen);
    return html`<label class="choice"><span>${label}</span>
      <select id=${id} ?disabled=${!this.#online || !values.length} .value=${missing ? "" : chosen}
        @change=${(event: Event) => this.#wish(wish((event.target as HTMLSelectElement).value))}>
        ${missing ? html`<option value="" selected disabled>${none || chosen || "–"}</option>` : nothing}
        ${values.map((value) => html`<option value=${value} ?selected=${value === chosen}>${id === "look" ? (this.words.looks[value] ?? value) : value}</option>`)}
      </select></label>`;
  }

  #dials(): TemplateResult {
    const { status } = this.house;
    const dial = (what: "brightness" | "volume", path: string): TemplateResult =>
      html`<yulelight-dial id=${what} .level=${status[what]} .label=${this.words[what]} .icon=${path} ?disabled=${!this.#online}
        @level=${(event: CustomEvent<number>) => this.#wish({ do: what, level: event.detail })}></yulelight-dial>`;
    return html`<div class="dials">${dial("brightness", mdiBrightness6)}${dial("volume", mdiVolumeHigh)}</div>`;
  }

  #next(): TemplateResult | typeof nothing {
    const { next } = this.house;
    if (!next || !this.#online) return nothing;
    const told = momentOf(next.start, this.language, this.hours, Date.now());
    if (!told) return nothing;
    return html`<p class="next" id="next-show">${icon(mdiCalendarClock)}<span>${this.words.nextShow}: <b>${told}</b>${next.summary ? ` · ${next.summary}` : ""}</span></p>`;
  }

  #blackout(): TemplateResult {
    const { blackout } = this.house.status;
    return html`<button type="button" class="blackout" id="blackout" aria-pressed=${String(blackout)} aria-keyshortcuts="b" ?disabled=${!this.#online} @click=${this.blackout}>
      ${icon(blackout ? mdiLightbulbOn : mdiWeatherNight)}<span>${blackout ? this.words.lightsOn : this.words.lightsOut}</span></button>`;
  }

  async #tap(event: CustomEvent<number>): Promise<void> {
    const channel = event.detail;
    const state = this.house.channels.find((item) => item.channel === channel);
    if (!state) return;
    const yours = ownerOf(state, this.house.status.state) === "you";
    const lit = yours ? state.on : (event.target as YulelightHouse).isLit(channel);
    await this.#wish({ do: "channel", channel, on: !lit });
    this.light = channel;
  }

  #details(): TemplateResult | typeof nothing {
    const channel = this.light;
    const state = this.house.channels.find((item) => item.channel === channel);
    if (!state) return nothing;
    const { words } = this;
    const name = lightName(words, channel, Boolean(this.image));
    const owner = ownerOf(state, this.house.status.state);
    const close = (): void => {
      this.light = 0;
      this.renderRoot.querySelector<YulelightHouse>("yulelight-house")?.shadowRoot?.getElementById(`light-${channel}`)?.focus({ preventScroll: true });
    };
    return html`<div class="taken" id="taken" role="group" aria-label=${name} style=${styled({ "--colour": GROUPS[channel - 1]!.colour })} @keydown=${(event: KeyboardEvent) => event.key === "Escape" && close()}>
      <p><b>${name}</b>${this.image ? "" : html` <span aria-hidden="true">· ${channel}</span>`}<small>${owner === "show" ? words.ownerShow : owner === "you" ? words.ownerYou : words.ownerNobody}</small></p>
      <button type="button" class="close" id="taken-close" aria-label=${words.close} @click=${close}>${icon(mdiClose)}</button>
      <yulelight-dial id="taken-level" .level=${state.on ? state.brightness / 255 : 0} .colour=${GROUPS[channel - 1]!.colour} .label=${words.lightBrightness(name)} .icon=${mdiBrightness6}
        @level=${(event: CustomEvent<number>) => this.#wish({ do: "channel", channel, on: event.detail > 0, ...(event.detail > 0 ? { brightness: Math.max(1, Math.round(event.detail * 255)) } : {}) })}></yulelight-dial>
      <button type="button" class="onoff" id="taken-on" aria-pressed=${String(state.on && owner === "you")} @click=${() => this.#wish({ do: "channel", channel, on: !(state.on && owner === "you") })}>${state.on && owner === "you" ? words.on : words.off}</button>
      ${
        owner === "you"
          ? html`<button type="button" class="back" id="taken-release" @click=${() => {
              void this.#wish({ do: "release", channel });
              close();
            }}>${words.giveBack}</button>`
          : nothing
      }
    </div>`;
  }
}

define("yulelight-remote", YulelightRemote);
