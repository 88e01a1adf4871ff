// The list of songs, page by page, with a search field if there are many.

import { mdiAlertOutline, mdiTimerSand } from "@mdi/js";
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { length, type Song } from "../model";
import type { Source } from "../source";
import type { Words } from "../words";
import { define } from "./define";
import { icon } from "./icon";
import { styled } from "./styled";
import { tokens } from "./tokens.css";

const MANY = 12;
/** After the last key (ms), before the house is asked. */
const PAUSE = 250;
/** Height of a row (px). */
const ROW = 56;
/** Minimum number of rendered rows, and rows rendered on each side of the visible ones. */
const FIRST = 30;
const AROUND = 12;
/** The next page is requested this many rows before the end. */
const NEAR = 60;
/** Precedes the quoted name of a file in an error message. */
const FOLDERS = /(['"])\/[^'"]*\//g;

/** Fires "song" with an id, "broken" with what is wrong with one, "search" with what is searched for, and "failed" with an
 * error, as details. What is slotted stands above the songs. */
export class YulelightSongs extends LitElement {
  static override properties = {
    source: { attribute: false },
    words: { attribute: false },
    current: {},
    online: { type: Boolean },
    heading: { type: Boolean },
    picture: { attribute: false },
    extra: { attribute: false },
    found: { state: true },
  };
  static override styles = [
    tokens,
    css`
      :host { display: block; scroll-margin-top: 4px; }
      :host(.searching) { min-height: calc(100svh - 8px); }
      h3 { margin: 0; padding-bottom: 8px; font: 600 17px/1.3 var(--serif); }
      ul { list-style: none; margin: 0 -10px; padding: 0; }
      li { display: flex; align-items: center; height: 56px; border-radius: 12px; }
      li button { display: grid; grid-template: "picture title time" auto "picture artist time" auto / auto 1fr auto; align-content: center; flex: 1; min-width: 0; height: 100%; padding: 0 10px; border: 0; border-radius: 12px; background: none; text-align: left; }
      li button:hover { background: color-mix(in srgb, var(--text) 6%, transparent); }
      li > .later { flex: none; display: grid; place-items: center; width: 46px; padding: 0; color: var(--soft); }
      small:empty { display: none; }
      .picture { grid-area: picture; align-self: center; display: grid; place-items: center; width: 42px; height: 42px; margin-right: 12px; }
      b { grid-area: title; font-weight: 500; }
      small { grid-area: artist; font-size: 14px; color: var(--soft); }
      b, small { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      time { grid-area: time; align-self: center; margin-left: 12px; font-size: 14px; color: var(--soft); font-variant-numeric: tabular-nums; }
      time svg.icon { width: 15px; height: 15px; margin-right: 4px; vertical-align: -2px; opacity: .8; }
      [aria-current] { background: color-mix(in srgb, var(--gold) 16%, transparent); }
      p { color: var(--soft); margin: 8px 0; }
      .broken b { color: var(--soft); text-decoration: line-through color-mix(in srgb, var(--soft) 60%, transparent); }
      .broken small { color: var(--wrong); }
      .broken > svg { grid-area: time; align-self: center; margin-left: 12px; color: var(--wrong); }
      .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      input { width: 100%; min-height: 46px; margin-bottom: 8px; padding: 8px 14px; border: 1px solid var(--soft); border-radius: 12px; background: var(--raised); }
    `,
  ];

  declare source: Source;
  declare words: Words;
  declare current: string;
  declare online: boolean;
  declare heading: boolean;
  /** Renders what goes before a song's title; null for nothing. */
  declare picture: ((song: Song) => TemplateResult) | null;
  /** Renders a button after a playable song; null for none. */
  declare extra: ((song: Song) => TemplateResult) | null;
  declare found: Song[] | null;

  #all = 0;
  #search = "";
  #more = false;
  #timer = 0;
  #asked: Source | null = null;
  #busy = false;
  /** The rendered rows: the visible ones and some around them. */
  #from = 0;
  #to = FIRST;
  #roots: Node[] = [];
  constructor() {
    super();
    this.found = null;
    this.heading = true;
    this.picture = null;
    this.extra = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Scroll events do not leave their shadow tree, so listen on whatever scrolls around it.
    for (let root = this.getRootNode(); ; root = (root as ShadowRoot).host.getRootNode()) {
      this.#roots.push(root);
      if (!(root instanceof ShadowRoot)) break;
    }
    for (const root of this.#roots) root.addEventListener("scroll", this.#look, { capture: true, passive: true });
    window.addEventListener("resize", this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const root of this.#roots) root.removeEventListener("scroll", this.#look, { capture: true });
    this.#roots = [];
    window.removeEventListener("resize", this.#look);
  }

  /** Read the shown songs again after a change. */
  refresh(): void {
    if (this.found && !this.#busy) void this.#ask();
  }

  override render(): TemplateResult {
    const { words, found } = this;
    return html`${this.heading ? html`<h3 id="songs-head">${words.songs}</h3>` : nothing}
      ${this.#all > MANY ? html`<input type="search" id="find" autocomplete="off" aria-label=${words.find} placeholder=${words.find} @input=${this.#type} />` : nothing}<slot></slot>
      ${found && !found.length ? html`<p>${this.#all ? words.nothingFound : words.noSongs}</p>` : nothing}
      <ul id="songs" aria-label=${words.songs} style=${styled({ "padding-top": `${this.#from * ROW}px`, "padding-bottom": `${Math.max(0, (found?.length ?? 0) - this.#to) * ROW}px` })}>
        ${repeat(
          (found ?? []).slice(this.#from, this.#to),
          ({ id }) => id,
          (song, k) => this.#row(song, this.#from + k),
        )}</ul>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!this.online) this.#asked = null;
    else if (this.#asked !== this.source) {
      this.#asked = this.source;
      void this.#ask();
    }
    if (changed.has("found")) this.#look();
  }

  /** Thousands of rows would make a phone stutter: render only those near the visible ones. */
  #look = (): void => {
    const list = this.renderRoot.querySelector("#songs");
    const count = this.found?.length ?? 0;
    if (!list || !count) return;
    const { top } = list.getBoundingClientRect();
    const from = Math.max(0, Math.min(count - FIRST, Math.floor(-top / ROW) - AROUND));
    const to = Math.min(count, Math.max(FIRST, Math.ceil((innerHeight - top) / ROW) + AROUND));
    // Redraw only after scrolling through half of the margin, so that scrolling is cheap.
    if (from < this.#from - AROUND / 2 || to > this.#to + AROUND / 2 || from > this.#from + 2 * AROUND || to >= count || !from) {
      if (from !== this.#from || to !== this.#to) {
        this.#from = from;
        this.#to = to;
        this.requestUpdate();
      }
    }
    if (this.#more && to > count - NEAR) void this.#ask(true);
  };

  #row(song: Song, k: number): TemplateResult {
    const { problem } = song;
    // Playing a broken song would end the current one, so a tap on it only says what is wrong.
    const [event, detail] = problem ? ["broken", problem] : ["song", song.id];
    const text = problem ? problem.replace(FOLDERS, "$1") : song.artist;
    const waiting = song.rendered === false ? html`${icon(mdiTimerSand)}<span class="hidden">${this.words.waiting}</span>` : nothing;
    return html`<li aria-setsize=${this.found!.length} aria-posinset=${k + 1}><button type="button" data-song=${song.id} class=${problem ? "broken" : nothing} title=${song.rendered === false && !problem ? this.words.waiting : nothing}
        aria-current=${song.id === this.current ? "true" : nothing} @click=${() => this.dispatchEvent(new CustomEvent(event, { detail }))}>
        ${this.picture?.(song) ?? nothing}<b>${song.title}</b><small>${text}</small>
        ${problem ? icon(mdiAlertOutline) : html`<time>${waiting}${song.duration ? length(song.duration) : ""}</time>`}</button>
      ${problem ? nothing : (this.extra?.(song) ?? nothing)}</li>`;
  }

  #type(event: Event): void {
    this.#search = (event.target as HTMLInputElement).value.trim();
    // Scroll the field to the top, so that the results below it are hidden neither by the screen's edge nor by the button.
    this.classList.toggle("searching", Boolean(this.#search));
    this.scrollIntoView({ block: "start" });
    this.dispatchEvent(new CustomEvent("search", { detail: this.#search }));
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), PAUSE);
  }

  /** Load the first songs that match, as many as are shown already; or the page after them. */
  async #ask(more = false): Promise<void> {
    const search = this.#search;
    const before = this.found ?? [];
    if (more && this.#busy) return;
    this.#busy = true;
    try {
      let songs = more ? before : [];
      const wanted = search === this.#shown ? before.length : 0;
      do {
        const page = await this.source.songs(search, songs.length);
        if (search !== this.#search) return;
        songs = [...songs, ...page.songs];
        this.#more = page.more;
      } while (!more && this.#more && songs.length < wanted);
      if (!search) this.#all = songs.length;
      this.#shown = search;
      this.found = songs;
    } catch (error) {
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    } finally {
      this.#busy = false;
    }
  }

  /** The search that found the shown songs. */
  #shown = "";
}

define("yulelight-songs", YulelightSongs);
