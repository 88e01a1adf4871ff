// Wishes of guests, as their host sees them: permitted or not, from which list, and those that wait.

import { mdiClose } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { Song } from "../model";
import { define } from "../parts/define";
import { icon } from "../parts/icon";
import { tokens } from "../parts/tokens.css";
import type { ServiceSource } from "../service/source";
import { guestWordsFor } from "../words/guests";
import { formStyle } from "./form.css";
import { say } from "./say";
import { shelfStyle } from "./shelf.css";

interface Guests {
  on: boolean;
  playlist: string;
  closed: string;
  wishes: Song[];
  minutes: number;
  waiting: number;
  again: number;
  address?: string | null;
  qr?: string | null;
}

export class YulelightGuests extends LitElement {
  static override properties = { source: { attribute: false }, playlists: { attribute: false }, language: {}, guests: { state: true } };
  static override styles = [
    tokens,
    shelfStyle,
    formStyle,
    css`
      section { margin-top: 26px; padding-top: 14px; border-top: 1px solid var(--line); }
      .switch { display: flex; gap: 10px; align-items: center; min-height: 48px; font-size: 16px; color: var(--text); }
      .switch input { flex: none; width: 24px; min-height: 24px; accent-color: var(--gold); }
      .code { display: flex; flex-wrap: wrap; gap: 8px 18px; align-items: center; }
      .code > p { flex: 1 1 150px; overflow-wrap: anywhere; }
      figure { flex: none; width: 168px; height: 168px; margin: 8px 0; padding: 4px; border-radius: 16px; background: #fff; }
      figure svg { display: block; width: 100%; height: 100%; }
      ol { margin: 8px 0; padding: 0; list-style: none; }
      li { display: grid; grid-template-columns: 1fr 48px; align-items: center; }
    `,
  ];

  declare source: ServiceSource;
  declare playlists: readonly string[];
  declare language: string;
  declare guests: Guests | null;

  #leave: (() => void) | null = null;

  constructor() {
    super();
    this.playlists = [];
    this.guests = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = this.source.hear("guests", (message) => {
      if (this.guests) this.guests = { ...this.guests, ...(message as unknown as Guests) };
    });
    this.source.library.request<Guests>("GET", "guests").then(
      (found) => {
        this.guests = found;
      },
      () => {},
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  override render(): TemplateResult | typeof nothing {
    const { guests } = this;
    if (!guests) return nothing;
    const words = guestWordsFor(this.language);
    const { address, qr } = guests;
    const wish = (song: Song): TemplateResult =>
      html`<li data-wish=${song.id}>${song.title}<button type="button" class="round" aria-label=${words.remove(song.title)} @click=${() => this.#remove(song)}>${icon(mdiClose)}</button></li>`;
    const open = html`<p>${guests.closed ? words.closed(guests.closed) : words.rules(guests.minutes, guests.waiting, guests.again)}</p>
      ${address ? html`<div class="code"><figure role="img" aria-label=${words.code}>${unsafeHTML(qr ?? "")}</figure><p>${words.show} ${address.replace("http://", "")}</p></div>` : nothing}`;
    return html`<section><h3>${words.title}</h3><p>${words.text}</p>${
      this.playlists.length
        ? html`<label class="switch"><input type="checkbox" id="guests-on" .checked=${guests.on} @change=${this.#switch} />${words.open}</label>
        <label>${words.from}<select id="guests-list" @change=${(event: Event) => void this.#set({ playlist: (event.target as HTMLSelectElement).value })}>
          ${this.playlists.map((name) => html`<option ?selected=${name === guests.playlist}>${name}</option>`)}</select></label>
        ${guests.on ? open : nothing}`
        : html`<p>${words.lists}</p>`
    }${guests.wishes.length ? html`<ol>${guests.wishes.map(wish)}</ol>` : guests.on ? html`<p>${words.none}</p>` : nothing}</section>`;
  }

  #switch(event: Event): void {
    const { checked } = event.target as HTMLInputElement;
    void this.#set({ on: checked, playlist: this.guests?.playlist || this.playlists[0] });
  }

  async #set(change: { on?: boolean; playlist?: string | undefined }): Promise<void> {
    await this.#try(async () => {
      this.guests = { ...this.guests!, ...(await this.source.library.request<Guests>("PUT", "guests", change)) };
    });
    this.requestUpdate();
  }

  async #remove(song: Song): Promise<void> {
    const words = guestWordsFor(this.language);
    await this.#try(async () => {
      await this.source.library.request("DELETE", `guests/wishes/${encodeURIComponent(song.id)}`);
      say(this, words.removed(song.title), { label: words.undo, run: () => this.source.command("play", { song: song.id, enqueue: "next" }) });
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    await work().catch((error: Error) => say(this, error.message || guestWordsFor(this.language).failed));
  }
}

define("yulelight-guests", YulelightGuests);
