// The songs one can choose from, with a search field when there are many.

import { mdiAlertOutline } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";

import { length, type Song } from "../model";
import type { Source } from "../source";
import type { Words } from "../words";
import { define } from "./define";
import { icon } from "./icon";
import { tokens } from "./tokens.css";

const MANY = 12;
const MOST = 300;
/** After the last key (ms), before the house is asked. */
const PAUSE = 250;
/** Before the name of a file, as a complaint about it quotes it. */
const FOLDERS = /(['"])\/[^'"]*\//g;

/** Fires "song" with an id, "broken" with what is wrong with one, and "failed" with an error, as details. */
export class YulelightSongs extends LitElement {
  static override properties = {
    source: { attribute: false },
    words: { attribute: false },
    current: {},
    online: { type: Boolean },
    heading: { type: Boolean },
    found: { state: true },
  };
  static override styles = [
    tokens,
    css`
      :host { display: block; }
      h3 { margin: 0; padding-bottom: 8px; font: 600 17px/1.3 var(--serif); }
      ul { list-style: none; margin: 0 -10px; padding: 0; }
      li button { display: grid; grid-template: "title time" auto "artist time" auto / 1fr auto; column-gap: 12px; align-content: center; width: 100%; min-height: 56px; padding: 7px 10px; border: 0; border-radius: 12px; background: none; text-align: left; content-visibility: auto; contain-intrinsic-height: 56px; }
      li button:hover { background: color-mix(in srgb, var(--text) 6%, transparent); }
      b { grid-area: title; font-weight: 500; }
      small { grid-area: artist; font-size: 14px; color: var(--soft); }
      b, small { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      time { grid-area: time; align-self: center; font-size: 14px; color: var(--soft); font-variant-numeric: tabular-nums; }
      [aria-current] { background: color-mix(in srgb, var(--gold) 16%, transparent); }
      p { color: var(--soft); margin: 8px 0; }
      .broken b { color: var(--soft); text-decoration: line-through color-mix(in srgb, var(--soft) 60%, transparent); }
      .broken small { color: var(--wrong); font-size: 13px; line-height: 1.3; white-space: normal; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; }
      .broken svg { grid-area: time; align-self: center; color: var(--wrong); }
      input { width: 100%; min-height: 46px; margin-bottom: 8px; padding: 8px 14px; border: 1px solid var(--soft); border-radius: 12px; background: var(--raised); }
    `,
  ];

  declare source: Source;
  declare words: Words;
  declare current: string;
  declare online: boolean;
  declare heading: boolean;
  declare found: Song[] | null;

  #all = 0;
  #search = "";
  #timer = 0;
  #asked: Source | null = null;

  constructor() {
    super();
    this.found = null;
    this.heading = true;
  }

  override render(): TemplateResult {
    const { words, found } = this;
    return html`${this.heading ? html`<h3 id="songs-head">${words.songs}</h3>` : nothing}
      ${this.#all > MANY ? html`<input type="search" id="find" autocomplete="off" aria-label=${words.find} placeholder=${words.find} @input=${this.#type} />` : nothing}
      ${found && !found.length ? html`<p>${this.#all ? words.nothingFound : words.noSongs}</p>` : nothing}
      <ul id="songs" aria-label=${words.songs}>${(found ?? []).slice(0, MOST).map((song) => this.#row(song))}</ul>`;
  }

  protected override updated(): void {
    if (!this.online) this.#asked = null;
    else if (this.#asked !== this.source) {
      this.#asked = this.source;
      void this.#ask();
    }
  }

  #row(song: Song): TemplateResult {
    // A song that cannot be played would end the one that does: a tap on it says why, and nothing else.
    const [event, detail] = song.problem ? ["broken", song.problem] : ["song", song.id];
    const text = song.problem ? song.problem.replace(FOLDERS, "$1") : song.artist;
    return html`<li><button type="button" data-song=${song.id} class=${song.problem ? "broken" : nothing} aria-current=${song.id === this.current ? "true" : nothing}
      @click=${() => this.dispatchEvent(new CustomEvent(event, { detail }))}>
      <b>${song.title}</b><small>${text}</small>${song.problem ? icon(mdiAlertOutline) : html`<time>${song.duration ? length(song.duration) : ""}</time>`}</button></li>`;
  }

  #type(event: Event): void {
    this.#search = (event.target as HTMLInputElement).value.trim();
    // What is found stands below the field: it goes to the top, so that the results are neither below the edge nor the button.
    this.classList.toggle("searching", Boolean(this.#search));
    this.scrollIntoView({ block: "start" });
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), PAUSE);
  }

  async #ask(): Promise<void> {
    const search = this.#search;
    try {
      const found = await this.source.songs(search);
      if (search !== this.#search) return;
      if (!search) this.#all = found.length;
      this.found = found;
    } catch (error) {
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    }
  }
}

define("yulelight-songs", YulelightSongs);
