// The queue: what plays and what follows, in an order that can be changed.

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { type House, length, positionAt, type Song } from "../model";
import { define } from "../parts/define";
import { tokens } from "../parts/tokens.css";
import type { ServiceSource } from "../service/source";
import type { PageWords } from "../words/page";
import "./cover";
import "./guests";
import { say } from "./say";
import { shelfStyle } from "./shelf.css";
import type { Row } from "./sortable";
import "./sortable";

export class YulelightTonight extends LitElement {
  static override properties = { source: { attribute: false }, words: { attribute: false }, house: { attribute: false }, language: {} };
  static override styles = [tokens, shelfStyle];

  declare source: ServiceSource;
  declare words: PageWords;
  declare house: House;
  declare language: string;

  #known = { key: "", rows: [] as Row[] };

  override render(): TemplateResult {
    const { words } = this;
    const { status } = this.house;
    const more = status.queued - status.queue.length;
    const guests = html`<yulelight-guests .source=${this.source} .playlists=${this.house.playlists} .language=${this.language}></yulelight-guests>`;
    if (!status.queue.length) return html`<p>${words.noQueue}</p>${guests}`;
    return html`<p>${words.counted(status.queued, length(this.#left))}${more || status.repeat !== "off" ? "" : ` · ${words.queueEnds(this.#end)}`}</p>
      <yulelight-sortable .rows=${this.#rows} .words=${words} label=${words.queue} @move=${this.#move} @remove=${this.#remove}></yulelight-sortable>
      ${more > 0 ? html`<p>${words.queueMore(more)}</p>` : nothing}${guests}`;
  }

  /** Duration of the following songs in seconds. */
  get #left(): number {
    return this.house.status.queue.reduce((sum, { duration }) => sum + duration, 0);
  }

  get #end(): string {
    const { song } = this.house.status;
    const rest = song ? Math.max(0, song.duration - positionAt(this.house, performance.now())) : 0;
    const end = new Date(Date.now() + (rest + this.#left) * 1000);
    return end.toLocaleTimeString(this.language || undefined, { hour: "numeric", minute: "2-digit" });
  }

  /** Keep the rows of an unchanged queue: new rows would end a drag. */
  get #rows(): Row[] {
    const { queue } = this.house.status;
    const key = queue.map(({ id, title }) => `${id} ${title}`).join("\n");
    if (key !== this.#known.key) {
      const row = (song: Song): Row => ({
        id: song.id || song.title,
        title: song.title,
        text: song.artist,
        time: song.duration ? length(song.duration) : "",
        picture: html`<yulelight-cover class="picture" .library=${this.source.library} .song=${song}></yulelight-cover>`,
      });
      this.#known = { key, rows: queue.map(row) };
    }
    return this.#known.rows;
  }

  async #do(command: string, fields: Record<string, unknown>): Promise<boolean> {
    try {
      await this.source.command(command, fields);
      return true;
    } catch (error) {
      say(this, (error as Error).message);
      this.#known.key = "";
      this.requestUpdate();
      return false;
    }
  }

  #move(event: CustomEvent<{ from: number; to: number }>): void {
    void this.#do("queue_move", { index: event.detail.from, to: event.detail.to });
  }

  async #remove(event: CustomEvent<number>): Promise<void> {
    const index = event.detail;
    const song = this.house.status.queue[index]!;
    const last = this.house.status.queued - 1;
    if (!(await this.#do("queue_remove", { index }))) return;
    const run = async (): Promise<void> => {
      await this.source.command("play", { song: song.id, enqueue: "add" });
      if (last !== index) await this.source.command("queue_move", { index: last, to: index });
    };
    say(this, this.words.removed(song.title), song.id ? { label: this.words.undo, run } : undefined);
  }
}

define("yulelight-tonight", YulelightTonight);
