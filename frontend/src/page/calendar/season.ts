// Plans a whole season in three taps: open, choose the playlist, plan.

import { html, LitElement, type TemplateResult } from "lit";
import { define } from "../../parts/define";
import { tokens } from "../../parts/tokens.css";
import type { ServiceSource } from "../../service/source";
import type { CalendarWords } from "../../words/calendar";
import { formStyle } from "../form.css";
import { say } from "../say";
import "./city";
import { seasonAt, told } from "./dates";
import { showOf } from "./shows";

/** When the last song of the evening may start. */
const CLOSE = "22:00";

/** Fires "planned" with the id of the way back, and "cancel". */
export class YulelightSeason extends LitElement {
  static override properties = {
    source: { attribute: false },
    words: { attribute: false },
    language: {},
    today: {},
    playlists: { attribute: false },
    playlist: { state: true },
    placed: { state: true },
  };
  static override styles = [tokens, formStyle];

  declare source: ServiceSource;
  declare words: CalendarWords;
  declare language: string;
  declare today: string;
  declare playlists: readonly string[];
  declare playlist: string;
  /** Whether the location is known; null until the service has answered. */
  declare placed: boolean | null;

  constructor() {
    super();
    this.playlist = "";
    this.placed = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.source.library.request<{ latitude: number | null }>("GET", "place").then(
      ({ latitude }) => {
        this.placed = latitude !== null;
      },
      () => {},
    );
  }

  override willUpdate(): void {
    // If there is only one, it is the one that plays.
    if (this.playlists.length === 1) this.playlist = this.playlists[0]!;
  }

  override render(): TemplateResult {
    const { words } = this;
    if (!this.playlists.length) return html`<p>${words.noLists}</p>`;
    const [from, to] = this.#range;
    const choice = (name: string): TemplateResult =>
      html`<button type="button" class="text ${name === this.playlist ? "golden" : ""}" aria-pressed=${String(name === this.playlist)} data-choice=${name} @click=${() => (this.playlist = name)}>${name}</button>`;
    const cancel = (): boolean => this.dispatchEvent(new CustomEvent("cancel"));
    return html`${
      this.placed === false
        ? html`<p>${words.noPlace}</p><yulelight-city .source=${this.source} .words=${words} .language=${this.language} @placed=${() => (this.placed = true)}></yulelight-city>`
        : ""
    }<form @submit=${this.#plan}>
        <p class="wide">${words.seasonText(from, to)}</p>${this.playlists.map(choice)}
        <div class="wide buttons"><button type="button" class="text" @click=${cancel}>${words.cancel}</button>
          <button class="text golden" id="season-plan" ?disabled=${!this.playlist || this.placed === false}>${words.seasonNow}</button></div></form>`;
  }

  get #range(): [string, string] {
    const { from, to } = seasonAt(this.today);
    const how: Intl.DateTimeFormatOptions = { day: "numeric", month: "long" };
    return [told(from, this.language, how), told(to, this.language, how)];
  }

  async #plan(event: Event): Promise<void> {
    event.preventDefault();
    try {
      const { from, to } = seasonAt(this.today);
      const show = showOf({ playlist: this.playlist, look: "", night: from, until: to, start: "sunset", end: CLOSE });
      const { undo } = await this.source.library.change("POST", "schedule", show);
      this.dispatchEvent(new CustomEvent("planned", { detail: { undo, day: from, text: this.words.seasonDone(...this.#range) } }));
    } catch (error) {
      say(this, (error as Error).message || this.words.failed);
    }
  }
}

define("yulelight-season", YulelightSeason);
