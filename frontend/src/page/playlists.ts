// All playlists: play, open or create one.

import { mdiPlay } from "@mdi/js";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { length } from "../model";
import { define } from "../parts/define";
import { icon } from "../parts/icon";
import { tokens } from "../parts/tokens.css";
import type { PlaylistSummary } from "../service/library";
import type { ServiceSource } from "../service/source";
import type { PageWords } from "../words/page";
import { focusIn } from "./focus";
import "./playlist";
import { say } from "./say";
import { shelfStyle } from "./shelf.css";

export class YulelightPlaylists extends LitElement {
  static override properties = { source: { attribute: false }, words: { attribute: false }, current: {}, lists: { state: true }, opened: { state: true } };
  static override styles = [tokens, shelfStyle];

  declare source: ServiceSource;
  declare words: PageWords;
  /** The playlist that plays. */
  declare current: string;
  declare lists: PlaylistSummary[] | null;
  declare opened: string;

  #leave: (() => void) | null = null;

  constructor() {
    super();
    this.lists = null;
    this.opened = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = this.source.changes(() => void this.#read());
    void this.#read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  override render(): TemplateResult {
    const { words, lists } = this;
    if (this.opened) return html`<yulelight-playlist .source=${this.source} .words=${words} .name=${this.opened} @close=${this.#close}></yulelight-playlist>`;
    return html`${lists?.length ? lists.map((list) => this.#row(list)) : lists ? html`<p>${words.noPlaylists}</p>` : nothing}
      <form id="new-playlist" @submit=${this.#make}><input id="playlist-name" maxlength="64" autocomplete="off" required aria-label=${words.newPlaylist} placeholder=${words.newPlaylist} />
        <button type="submit" class="text golden">${words.make}</button></form>`;
  }

  #row({ id, songs, duration, missing }: PlaylistSummary): TemplateResult {
    const { words } = this;
    return html`<div class="list" aria-current=${id === this.current ? "true" : nothing}>
      <button type="button" class="open" data-list=${id} @click=${() => (this.opened = id)}><b>${id}</b>
        <small>${words.counted(songs, duration ? length(duration) : "")}${missing ? ` · ${words.missing(missing)}` : ""}</small></button>
      <button type="button" class="round" aria-label=${words.playList(id)} ?disabled=${songs === missing} @click=${() => this.#play(id)}>${icon(mdiPlay)}</button>
    </div>`;
  }

  #close(): void {
    const { opened } = this;
    this.opened = "";
    focusIn(this, `[data-list="${CSS.escape(opened)}"]`);
    void this.#read();
  }

  async #play(id: string): Promise<void> {
    await this.source.wish({ do: "playlist", id }).catch((error: Error) => say(this, error.message));
  }

  async #make(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.renderRoot.querySelector<HTMLInputElement>("#playlist-name")!.value.trim();
    try {
      // Read again: another phone may have created a playlist of that name, and its songs must not be overwritten.
      this.lists = await this.source.library.playlists();
      if (this.lists.some(({ id }) => id.toLowerCase() === name.toLowerCase())) return say(this, this.words.taken(name));
      await this.source.library.set(name, { songs: [] });
      this.opened = name;
    } catch (error) {
      say(this, (error as Error).message);
    }
  }

  async #read(): Promise<void> {
    try {
      this.lists = await this.source.library.playlists();
    } catch {
      // The page already says that the service is unreachable; the next connection asks again.
    }
  }
}

define("yulelight-playlists", YulelightPlaylists);
