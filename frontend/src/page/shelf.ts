// The area below the remote control, one view at a time.

import {
  mdiCalendarMonthOutline,
  mdiFlagCheckered,
  mdiHeartPulse,
  mdiMusicNoteOutline,
  mdiPaletteOutline,
  mdiPlaylistMusicOutline,
  mdiPlaylistPlus,
  mdiSpeaker,
  mdiStringLights,
  mdiWeatherNight,
} from "@mdi/js";
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { type House, NOWHERE, type Song } from "../model";
import { define } from "../parts/define";
import { icon } from "../parts/icon";
import "../parts/songs";
import type { YulelightSongs } from "../parts/songs";
import { styled } from "../parts/styled";
import { tokens } from "../parts/tokens.css";
import type { LibraryState } from "../service/library";
import type { ServiceSource } from "../service/source";
import type { Words } from "../words";
import { type PageWords, pageWordsFor } from "../words/page";
import "./calendar/calendar";
import "./cover";
import "./guide";
import "./health";
import "./lights/lights";
import "./looks/looks";
import "./playlists";
import { say } from "./say";
import { shelfStyle } from "./shelf.css";
import "./sound/sound";
import "./tonight";
import "./upload";

const ICONS = {
  songs: mdiMusicNoteOutline,
  playlists: mdiPlaylistMusicOutline,
  tonight: mdiWeatherNight,
  calendar: mdiCalendarMonthOutline,
  lights: mdiStringLights,
  sound: mdiSpeaker,
  looks: mdiPaletteOutline,
  health: mdiHeartPulse,
  guide: mdiFlagCheckered,
};
type Tab = keyof typeof ICONS;
const TABS = Object.keys(ICONS) as Tab[];

/** Interval between two readings of songs being rendered (ms). */
const PACE = 4000;

/** Its views fire "say", which bubbles. */
export class YulelightShelf extends LitElement {
  static override properties = {
    source: { attribute: false },
    common: { attribute: false },
    language: {},
    house: { state: true },
    library: { state: true },
    tab: { state: true },
    shown: { state: true },
  };
  static override styles = [
    tokens,
    shelfStyle,
    css`
      /* Another tab's fewer rows do not make the page jump. */
      :host { min-height: 70svh; padding: 10px 0 8px; }
      [role="tablist"] { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 4px 2px; margin-bottom: 12px; padding: 4px; border-radius: 18px; background: color-mix(in srgb, var(--raised) 70%, transparent); }
      [role="tab"] { display: grid; justify-items: center; align-content: center; gap: 3px; min-width: 0; min-height: 56px; padding: 0; border: 0; border-radius: 14px; background: none; color: var(--soft); font-size: 13px; line-height: 1; }
      [role="tab"] span { max-width: 100%; overflow: hidden; text-overflow: ellipsis; padding-bottom: 2px; }
      @media (max-width: 370px) { [role="tab"] { font-size: 11.5px; } }
      [role="tab"][aria-selected="true"] { color: var(--text); background: var(--line); }
      .making { display: grid; gap: 6px; margin: 0 0 10px; padding: 10px 14px; border-radius: 14px; background: var(--raised); font-size: 14px; color: var(--soft); }
      .making .now { display: flex; justify-content: space-between; align-items: center; gap: 10px; }
      .making button { flex: none; min-height: 44px; padding: 0 14px; border: 0; border-radius: 22px; background: none; color: var(--accent); font: inherit; }
      .making i { display: block; height: 4px; border-radius: 2px; background: var(--line); overflow: hidden; }
      .making i::after { content: ""; display: block; height: 100%; border-radius: 2px; background: var(--gold); transform: scaleX(var(--done)); transform-origin: left; }
    `,
  ];

  declare source: ServiceSource;
  declare common: Words;
  declare language: string;
  declare house: House;
  declare library: LibraryState | null;
  declare tab: Tab;
  /** The rendered view. It follows its tab a moment later, so that a tap is answered at once even on a slow phone. */
  declare shown: Tab;

  #leave: (() => void)[] = [];
  #rendered = -1;
  #count = -1;
  #greeted = false;
  #timer = 0;

  constructor() {
    super();
    this.house = NOWHERE;
    this.library = null;
    this.tab = this.shown = "songs";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = [
      this.source.watch((house) => {
        this.house = house;
      }),
      this.source.progress((state) => this.#hear(state)),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const leave of this.#leave) leave();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    const words = pageWordsFor(this.language);
    const tab = (name: Tab, k: number): TemplateResult =>
      html`<button type="button" role="tab" id="tab-${name}" aria-controls="view" aria-selected=${String(name === this.tab)} tabindex=${name === this.tab ? "0" : "-1"}
        @click=${() => (this.tab = name)} @keydown=${(event: KeyboardEvent) => this.#key(event, k)}>${icon(ICONS[name])}<span>${words.tabs[name]}</span></button>`;
    return html`<div role="tablist" aria-label=${words.views}>${TABS.map(tab)}</div>
      <yulelight-upload .source=${this.source} .language=${this.language} ?hidden=${this.shown !== "songs"} @sent=${() => this.#songs?.refresh()}></yulelight-upload>
      <div id="view" role="tabpanel" aria-labelledby="tab-${this.tab}">${this.#view(words)}</div>`;
  }

  #view(words: PageWords): TemplateResult {
    switch (this.shown) {
      case "songs":
        return html`${this.#making(words)}<yulelight-songs .source=${this.source} .words=${this.common} .current=${this.house.status.song?.id ?? ""} ?online=${this.house.link === "online"} .heading=${false}
          .picture=${this.#picture} .extra=${this.#extra} @song=${(event: CustomEvent<string>) => this.#do(() => this.source.wish({ do: "song", id: event.detail }))}
          @broken=${(event: CustomEvent<string>) => say(this, event.detail)} @failed=${(event: CustomEvent<Error>) => say(this, event.detail.message)}></yulelight-songs>`;
      case "playlists":
        return html`<yulelight-playlists .source=${this.source} .words=${words} .current=${this.house.status.playlist}></yulelight-playlists>`;
      case "tonight":
        return html`<yulelight-tonight .source=${this.source} .words=${words} .house=${this.house} .language=${this.language}></yulelight-tonight>`;
      case "calendar":
        return html`<yulelight-calendar .source=${this.source} .house=${this.house} .language=${this.language}></yulelight-calendar>`;
      case "lights":
        return html`<yulelight-lights .source=${this.source} .common=${this.common} .language=${this.language}></yulelight-lights>`;
      case "looks":
        return html`<yulelight-looks .source=${this.source} .common=${this.common} .house=${this.house} .language=${this.language}></yulelight-looks>`;
      case "sound":
        return html`<yulelight-sound .source=${this.source} .house=${this.house} .language=${this.language}></yulelight-sound>`;
      case "guide":
        return html`<yulelight-guide .source=${this.source} .house=${this.house} .library=${this.library} .language=${this.language}></yulelight-guide>`;
      case "health":
        return html`<yulelight-health .source=${this.source} .language=${this.language}></yulelight-health>`;
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("tab") || this.tab === this.shown) return;
    requestAnimationFrame(() =>
      setTimeout(() => {
        this.shown = this.tab;
      }),
    );
  }

  #making(words: PageWords): TemplateResult | typeof nothing {
    const { library } = this;
    if (!library?.waiting) return nothing;
    const { paused, rendering, rendered, waiting } = library;
    const done = (rendered + library.progress) / Math.max(1, rendered + waiting);
    const now = paused ? words.makingRests : rendering ? words.makingNow(rendering) : "";
    return html`<div class="making" id="making"><span>${words.making(waiting, library.songs)}</span><i style=${styled({ "--done": done.toFixed(3) })}></i>
      <span class="now"><span>${now}</span><button type="button" @click=${() => this.#rest(!paused)}>${paused ? words.makingGoOn : words.makingRest}</button></span></div>`;
  }

  #rest(paused: boolean): void {
    void this.#do(async () => {
      this.library = await this.source.library.rest(paused);
    });
  }

  #picture = (song: Song): TemplateResult => html`<yulelight-cover class="picture" .library=${this.source.library} .song=${song}></yulelight-cover>`;

  #extra = (song: Song): TemplateResult =>
    html`<button type="button" class="later" aria-label=${pageWordsFor(this.language).later(song.title)} @click=${() => this.#later(song)}>${icon(mdiPlaylistPlus)}</button>`;

  #later({ id, title }: Song): void {
    const words = pageWordsFor(this.language);
    const place = this.house.status.queued;
    void this.#do(async () => {
      await this.source.command("play", { song: id, enqueue: "add" });
      say(this, words.isLater(title), { label: words.undo, run: () => this.source.command("queue_remove", { index: place }) });
    });
  }

  async #do(work: () => Promise<void>): Promise<void> {
    await work().catch((error: Error) => say(this, error.message));
  }

  get #songs(): YulelightSongs | null {
    return this.renderRoot.querySelector<YulelightSongs>("#view > yulelight-songs");
  }

  /** Read the songs again after shows were rendered, but not once for each of them. */
  #hear(state: LibraryState | null): void {
    this.library = state;
    if (!state) return;
    // A new installation has only the bundled carol: open the guide, once.
    if (!this.#greeted && state.songs <= 1 && !state.scanning && !this.house.playlists.length) this.tab = "guide";
    this.#greeted ||= !state.scanning;
    if (this.#rendered < 0) this.#rendered = state.rendered;
    if (this.#count < 0) this.#count = state.songs;
    if ((state.rendered === this.#rendered && state.songs === this.#count) || this.#timer) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      this.#rendered = this.library?.rendered ?? -1;
      this.#count = this.library?.songs ?? -1;
      this.#songs?.refresh();
    }, PACE);
  }

  #key(event: KeyboardEvent, k: number): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    this.tab = TABS[(k + step + TABS.length) % TABS.length]!;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${this.tab}`)?.focus());
  }
}

define("yulelight-shelf", YulelightShelf);
