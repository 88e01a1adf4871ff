// One playlist: its songs in order, its play modes, and songs to add.

import { mdiArrowLeft, mdiCheck, mdiDeleteOutline, mdiPlay, mdiPlus, mdiShuffleVariant } from "@mdi/js";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Repeat } from "../contract";
import { length } from "../model";
import { define } from "../parts/define";
import { icon } from "../parts/icon";
import "../parts/songs";
import { tokens } from "../parts/tokens.css";
import type { Playlist, PlaylistItem } from "../service/library";
import type { ServiceSource } from "../service/source";
import { wordsFor } from "../words";
import type { PageWords } from "../words/page";
import "./cover";
import { moved } from "./order";
import { say } from "./say";
import { shelfStyle } from "./shelf.css";
import type { Row } from "./sortable";
import "./sortable";

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
  };
  static override styles = [tokens, shelfStyle];

  declare source: ServiceSource;
  declare words: PageWords;
  declare name: string;
  declare list: Playlist | null;
  declare adding: boolean;
  /** Whether the next tap deletes. */
  declare sure: boolean;

  #leave: (() => void) | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor() {
    super();
    this.list = null;
    this.adding = false;
    this.sure = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = this.source.changes(() => this.#waiting || void this.#read());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  override render(): TemplateResult {
    const { words, list, name } = this;
    const time = (list?.items ?? []).reduce((sum, { song }) => sum + (song?.duration ?? 0), 0);
    return html`<div class="head"><button type="button" class="round" id="lists-back" aria-label=${words.back} @click=${() => this.dispatchEvent(new CustomEvent("close"))}>${icon(mdiArrowLeft)}</button>
        <h3>${name}</h3>
        <button type="button" class="round golden" id="list-play" aria-label=${words.playList(name)} ?disabled=${!list?.items.some(({ missing }) => !missing)} @click=${this.#play}>${icon(mdiPlay)}</button></div>
      ${list ? html`<p>${words.counted(list.items.length, length(time))}</p>${this.adding ? this.#songs(list) : this.#edit(list)}` : nothing}`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("name")) void this.#read();
  }

  #edit(list: Playlist): TemplateResult {
    const { words } = this;
    return html`<div class="tools">
        <button type="button" class="text golden" id="list-add" @click=${() => (this.adding = true)}>${icon(mdiPlus)}${words.addSongs}</button>
        <button type="button" class="text" id="list-shuffle" aria-pressed=${String(list.shuffle)} @click=${() => this.#set({ shuffle: !list.shuffle })}>${icon(mdiShuffleVariant)}${words.shuffle}</button>
        <label>${words.repeat}<select id="list-repeat" .value=${list.repeat} @change=${(event: Event) => this.#set({ repeat: (event.target as HTMLSelectElement).value as Repeat })}>
          ${REPEATS.map((value) => html`<option value=${value} ?selected=${value === list.repeat}>${words.repeats[value]}</option>`)}</select></label>
      </div>
      ${list.items.length ? nothing : html`<p>${words.emptyList}</p>`}
      <yulelight-sortable .rows=${this.#rows(list)} .words=${words} label=${list.id} @move=${this.#move} @remove=${this.#remove}></yulelight-sortable>
      <p class="end">${this.sure ? html`${words.deleteSure} ` : nothing}<button type="button" class="text plain" id="list-delete" @click=${this.#delete}>${icon(mdiDeleteOutline)}${words.deleteList}</button></p>`;
  }

  #songs(list: Playlist): TemplateResult {
    const { words } = this;
    const has = new Set(list.items.map(({ id }) => id));
    return html`<div class="tools"><button type="button" class="text golden" id="list-done" @click=${() => (this.adding = false)}>${icon(mdiCheck)}${words.done}</button></div>
      <yulelight-songs .source=${this.source} .words=${wordsFor(document.documentElement.lang)} .online=${true} .heading=${false}
        .picture=${({ id }: { id: string }) => html`<span class="picture">${icon(has.has(id) ? mdiCheck : mdiPlus)}</span>`}
        @song=${(event: CustomEvent<string>) => this.#add(event.detail)} @broken=${(event: CustomEvent<string>) => say(this, event.detail)} @failed=${(event: CustomEvent<Error>) => say(this, event.detail.message)}></yulelight-songs>`;
  }

  #known: { items: readonly PlaylistItem[]; rows: Row[] } = { items: [], rows: [] };

  /** Keep the rows of unchanged items: new rows would end a drag. */
  #rows({ items }: Playlist): Row[] {
    if (this.#known.items === items) return this.#known.rows;
    const rows = items.map(({ id, song, title, missing }) => ({
      id,
      title,
      text: missing ? this.words.isMissing : (song?.artist ?? ""),
      time: song?.duration ? length(song.duration) : "",
      wrong: missing,
      ...(song ? { picture: html`<yulelight-cover class="picture" .library=${this.source.library} .song=${song}></yulelight-cover>` } : {}),
    }));
    this.#known = { items, rows };
    return rows;
  }

  async #read(): Promise<void> {
    const { name } = this;
    try {
      const list = await this.source.library.playlist(name);
      if (name === this.name && !this.#waiting) this.list = list;
    } catch (error) {
      // Either another phone deleted it, or the service is unreachable; then it is still there on reconnect.
      if ((error as Error).message) this.dispatchEvent(new CustomEvent("close"));
    }
  }

  /** Run `work` after everything queued before it. `list` is the expected result, which is shown already. */
  #do(work: () => Promise<Playlist>, list?: Playlist): Promise<void> {
    if (list) this.list = list;
    this.#waiting++;
    const done = this.#last.then(work).then(
      (told) => {
        if (--this.#waiting === 0) this.list = told;
      },
      (error: Error) => {
        this.#waiting--;
        say(this, error.message);
        void this.#read();
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
    const items = moved(this.list!.items, from, to);
    void this.#do(() => this.source.library.move(this.name, from, to), { ...this.list!, items });
  }

  #remove(event: CustomEvent<number>): void {
    const index = event.detail;
    const { name } = this;
    const item = this.list!.items[index]!;
    const items = this.list!.items.filter((_, k) => k !== index);
    const back = { label: this.words.undo, run: () => this.#do(() => this.source.library.add(name, [item.id], index)) };
    void this.#do(() => this.source.library.remove(name, index), { ...this.list!, items }).then(() =>
      say(this, this.words.removed(item.title), item.missing ? undefined : back),
    );
  }

  #add(id: string): void {
    const { name } = this;
    const before = this.list!.items.length;
    void this.#do(() => this.source.library.add(name, [id])).then(() => {
      const item = this.list?.items[before];
      if (item) say(this, this.words.added(item.title), { label: this.words.undo, run: () => this.#do(() => this.source.library.remove(name, before)) });
    });
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
      say(this, this.words.deletedList(list.id), lost ? undefined : { label: this.words.undo, run: () => library.restore(list) });
      this.dispatchEvent(new CustomEvent("close"));
    } catch (error) {
      say(this, (error as Error).message);
    }
  }
}

define("yulelight-playlist", YulelightPlaylist);
