// One playlist: its songs in order, its play modes, and songs to add.

import { mdiArrowLeft, mdiCheck, mdiDeleteOutline, mdiPlay, mdiPlus, mdiRadio, mdiShuffleVariant } from "@mdi/js";
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Repeat } from "../contract";
import { length } from "../model";
import { define } from "../parts/define";
import { icon } from "../parts/icon";
import "../parts/songs";
import { tokens } from "../parts/tokens.css";
import { entryOf, type Playlist, type PlaylistItem, type Station } from "../service/library";
import type { ServiceSource } from "../service/source";
import { wordsFor } from "../words";
import type { PageWords } from "../words/page";
import "./cover";
import { focusIn } from "./focus";
import { moved } from "./order";
import { say } from "./say";
import { shelfStyle } from "./shelf.css";
import type { Row } from "./sortable";
import "./sortable";
import { matches } from "./search";

/** Times for which a station may play (min), besides its own. */
const MINUTES = [10, 20, 30, 45, 60, 120, 180];

/** Like the songs, above which they stand. */
const stationStyle = css`
  ul { list-style: none; margin: 0 -10px; padding: 0 0 8px; }
  li button { display: flex; align-items: center; gap: 12px; width: 100%; min-height: 56px; padding: 0 10px; border: 0; border-radius: 12px; background: none; text-align: left; }
  li b { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 500; }
  li svg.icon { color: var(--soft); }
  .picture { display: grid; place-items: center; width: 42px; height: 42px; }
`;

const REPEATS: readonly Repeat[] = ["off", "all", "one"];

/** Fires "close". What is done to the list is sent one after the other, and shown at once. */
export class YulelightPlaylist extends LitElement {
  static override properties = {
    source: { attribute: false },
    words: { attribute: false },
    name: {},
    list: { state: true },
    adding: { type: Boolean, state: true },
    sure: { type: Boolean, state: true },
    stations: { state: true },
    search: { state: true },
  };
  static override styles = [tokens, shelfStyle, stationStyle];

  declare source: ServiceSource;
  declare words: PageWords;
  declare name: string;
  declare list: Playlist | null;
  declare adding: boolean;
  /** Whether the next tap deletes. */
  declare sure: boolean;

  /** The stations that are kept. */
  declare stations: readonly Station[];
  /** What is searched for among them; the songs have a search of their own. */
  declare search: string;

  #leave: (() => void)[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor() {
    super();
    this.list = null;
    this.adding = false;
    this.sure = false;
    this.stations = [];
    this.search = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = [
      this.source.changes(() => this.#waiting || void this.#read()),
      this.source.hear("stations", (message) => {
        this.stations = message["stations"] as Station[];
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const leave of this.#leave) leave();
  }

  override render(): TemplateResult {
    const { words, list, name } = this;
    return html`<div class="head"><button type="button" class="round" id="lists-back" aria-label=${words.back} @click=${() => this.dispatchEvent(new CustomEvent("close"))}>${icon(mdiArrowLeft)}</button>
        <h3>${name}</h3>
        <button type="button" class="round golden" id="list-play" aria-label=${words.playList(name)} ?disabled=${!list?.items.some(({ missing }) => !missing)} @click=${this.#play}>${icon(mdiPlay)}</button></div>
      ${list ? html`<p>${this.#counted(list)}</p>${this.adding ? this.#songs(list) : this.#edit(list)}` : nothing}`;
  }

  protected override firstUpdated(): void {
    focusIn(this, "#lists-back");
  }

  #switch(adding: boolean): void {
    this.adding = adding;
    this.search = "";
    focusIn(this, adding ? "#list-done" : "#list-add");
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("name")) void this.#read();
  }

  #counted({ items }: Playlist): string {
    const { words } = this;
    const time = items.reduce((sum, { song, station }) => sum + (song?.duration ?? station?.seconds ?? 0), 0);
    const stations = items.filter(({ station }) => station).length;
    const songs = items.length - stations;
    const told = time ? length(time) : "";
    if (!stations) return words.counted(songs, told);
    return [songs ? words.counted(songs, "") : "", words.countedStations(stations), told].filter(Boolean).join(" · ");
  }

  #edit(list: Playlist): TemplateResult {
    const { words } = this;
    const endless = list.items.slice(0, -1).find(({ station }) => station && !station.seconds);
    return html`<div class="tools">
        <button type="button" class="text golden" id="list-add" @click=${() => this.#switch(true)}>${icon(mdiPlus)}${this.stations.length ? words.addAny : words.addSongs}</button>
        <button type="button" class="text" id="list-shuffle" aria-pressed=${String(list.shuffle)} @click=${() => this.#set({ shuffle: !list.shuffle })}>${icon(mdiShuffleVariant)}${words.shuffle}</button>
        <label>${words.repeat}<select id="list-repeat" .value=${list.repeat} @change=${(event: Event) => this.#set({ repeat: (event.target as HTMLSelectElement).value as Repeat })}>
          ${REPEATS.map((value) => html`<option value=${value} ?selected=${value === list.repeat}>${words.repeats[value]}</option>`)}</select></label>
      </div>
      ${list.items.length ? nothing : html`<p>${words.emptyList}</p>`}
      <yulelight-sortable .rows=${this.#rows(list)} .words=${words} label=${list.id} @move=${this.#move} @remove=${this.#remove}></yulelight-sortable>
      ${endless ? html`<p>${words.noneAfter(endless.title)}</p>` : nothing}<p class="end">${this.sure ? html`${words.deleteSure} ` : nothing}<button type="button" class="text plain" id="list-delete" @click=${this.#delete}>${icon(mdiDeleteOutline)}${words.deleteList}</button></p>`;
  }

  #songs(list: Playlist): TemplateResult {
    const { words } = this;
    const has = new Set(list.items.map(({ id }) => id));
    const stations = this.stations.filter(({ name }) => matches(name, this.search));
    const station = ({ id, name }: Station): TemplateResult =>
      html`<li><button type="button" data-add=${id} @click=${() => this.#add(id)}><span class="picture">${icon(has.has(id) ? mdiCheck : mdiPlus)}</span><b>${name}</b>${icon(mdiRadio)}</button></li>`;
    return html`<div class="tools"><button type="button" class="text golden" id="list-done" @click=${() => this.#switch(false)}>${icon(mdiCheck)}${words.done}</button></div>
      <yulelight-songs .source=${this.source} .words=${wordsFor(document.documentElement.lang)} .online=${true} .heading=${false}
        .picture=${({ id }: { id: string }) => html`<span class="picture">${icon(has.has(id) ? mdiCheck : mdiPlus)}</span>`}
        @search=${(event: CustomEvent<string>) => (this.search = event.detail)} @song=${(event: CustomEvent<string>) => this.#add(event.detail)} @broken=${(event: CustomEvent<string>) => say(this, event.detail)} @failed=${(event: CustomEvent<Error>) => say(this, event.detail.message)}>${stations.length ? html`<ul id="stations" aria-label=${words.stations}>${stations.map(station)}</ul>` : nothing}</yulelight-songs>`;
  }

  #known: { items: readonly PlaylistItem[]; rows: Row[] } = { items: [], rows: [] };

  /** Keep the rows of unchanged items: new rows would end a drag. */
  #rows({ items }: Playlist): Row[] {
    if (this.#known.items === items) return this.#known.rows;
    const rows = items.map((item, k) => {
      const { id, song, station, title, missing } = item;
      const picture = song
        ? html`<yulelight-cover class="picture" .library=${this.source.library} .song=${song}></yulelight-cover>`
        : html`<span class="picture">${station ? icon(mdiRadio) : nothing}</span>`;
      const text = station ? this.#lasts(item, station.seconds, k) : missing ? this.words.isMissing : (song?.artist ?? "");
      return { id, title, text, time: song?.duration ? length(song.duration) : "", wrong: missing, picture };
    });
    this.#known = { items, rows };
    return rows;
  }

  #lasts({ id, title }: PlaylistItem, seconds: number, k: number): TemplateResult {
    const { words } = this;
    const times = [...new Set([0, ...MINUTES.map((minutes) => 60 * minutes), seconds])].sort((a, b) => a - b);
    return html`<select data-lasts=${id} aria-label=${words.lasts(title)} @change=${(event: Event) => this.#lengthen(k, Number((event.target as HTMLSelectElement).value))}>
      ${times.map((time) => html`<option value=${time} ?selected=${time === seconds}>${time ? (time % 60 ? length(time) : words.minutes(time / 60)) : words.untilStopped}</option>`)}</select>`;
  }

  async #read(): Promise<void> {
    const { name } = this;
    try {
      const list = await this.source.library.playlist(name);
      if (name === this.name && !this.#waiting) this.list = list;
    } catch (error) {
      // Either another phone deleted it, or the service is unreachable; then it is still there on reconnect.
      if (!(error as Error).message) return;
      say(this, (error as Error).message);
      this.dispatchEvent(new CustomEvent("close"));
    }
  }

  /** Run `work` after everything queued before it. `list` is the expected result, which is shown already. Resolves to what it became, null where it failed. */
  #do(work: () => Promise<Playlist>, list?: Playlist): Promise<Playlist | null> {
    if (list) this.list = list;
    this.#waiting++;
    const done = this.#last.then(work).then(
      (told) => {
        if (--this.#waiting === 0) this.list = told;
        return told;
      },
      (error: Error) => {
        this.#waiting--;
        say(this, error.message);
        void this.#read();
        return null;
      },
    );
    this.#last = done;
    return done;
  }

  #set(change: { shuffle?: boolean; repeat?: Repeat }): void {
    void this.#do(() => this.source.library.set(this.name, change), { ...this.list!, ...change });
  }

  #move(event: CustomEvent<{ from: number; to: number }>): void {
    const { from, to } = event.detail;
    const { items } = this.list!;
    void this.#do(() => this.source.library.move(this.name, from, to, items[from]!.id), { ...this.list!, items: moved(items, from, to) });
  }

  #remove(event: CustomEvent<number>): void {
    const index = event.detail;
    const { name } = this;
    const item = this.list!.items[index]!;
    const items = this.list!.items.filter((_, k) => k !== index);
    const run = (): Promise<unknown> => this.#do(() => this.source.library.add(name, [entryOf(item)], Math.min(index, this.list?.items.length ?? index)));
    void this.#do(() => this.source.library.remove(name, index, item.id), { ...this.list!, items }).then((told) => {
      if (told) say(this, this.words.removed(item.title), item.missing ? undefined : { label: this.words.undo, run });
    });
  }

  #add(id: string): void {
    const { name } = this;
    void this.#do(() => this.source.library.add(name, [id])).then((told) => {
      const place = told ? told.items.findLastIndex((item) => item.id === id) : -1;
      if (place < 0) return;
      const run = (): Promise<unknown> => this.#do(() => this.source.library.remove(name, place, id));
      say(this, this.words.added(told!.items[place]!.title), { label: this.words.undo, run });
    });
  }

  #lengthen(index: number, seconds: number): void {
    const item = this.list!.items[index]!;
    const items = this.list!.items.map((each, k) => (k === index ? { ...each, station: { ...item.station!, seconds } } : each));
    void this.#do(() => this.source.library.lengthen(this.name, index, seconds, item.id), { ...this.list!, items });
  }

  async #play(): Promise<void> {
    await this.source.wish({ do: "playlist", id: this.name }).catch((error: Error) => say(this, error.message));
  }

  async #delete(): Promise<void> {
    const list = this.list!;
    const lost = list.items.some(({ missing }) => missing);
    if (lost && !this.sure) {
      this.sure = true;
      return;
    }
    const { library } = this.source;
    try {
      await library.drop(list.id);
      say(this, this.words.deletedList(list.id), lost ? undefined : { label: this.words.undo, run: () => this.#restore(list) });
      this.dispatchEvent(new CustomEvent("close"));
    } catch (error) {
      say(this, (error as Error).message);
    }
  }

  /** Not over a list of that name that somebody has made since. */
  async #restore(list: Playlist): Promise<void> {
    const { library } = this.source;
    if ((await library.playlists()).some(({ id }) => id === list.id)) throw new Error(this.words.taken(list.id));
    await library.restore(list);
  }
}

define("yulelight-playlist", YulelightPlaylist);
