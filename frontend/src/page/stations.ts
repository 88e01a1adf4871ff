// Radio stations: play one by its address, keep it, play it again.

import { mdiClose } from "@mdi/js";
import { html, LitElement, type TemplateResult } from "lit";
import { define } from "../parts/define";
import { icon } from "../parts/icon";
import { tokens } from "../parts/tokens.css";
import type { Station } from "../service/library";
import type { ServiceSource } from "../service/source";
import { stationWordsFor } from "../words/stations";
import { say } from "./say";
import { shelfStyle } from "./shelf.css";

export class YulelightStations extends LitElement {
  static override properties = { source: { attribute: false }, language: {}, stations: { state: true }, busy: { state: true } };
  static override styles = [tokens, shelfStyle];

  declare source: ServiceSource;
  declare language: string;
  declare stations: Station[];
  /** Whether a station is being asked for its name. */
  declare busy: boolean;

  #leave: (() => void) | null = null;

  constructor() {
    super();
    this.stations = [];
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = this.source.hear("stations", (message) => {
      this.stations = (message as unknown as { stations: Station[] }).stations;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  override render(): TemplateResult {
    const words = stationWordsFor(this.language);
    return html`<h3>${words.title}</h3>${this.stations.length ? this.stations.map((station) => this.#row(station)) : html`<p>${words.none}</p>`}
      <form id="new-station" @submit=${this.#play}><input id="station-url" type="url" maxlength="2000" autocomplete="off" required aria-label=${words.address} placeholder=${words.address} />
        <button type="submit" class="text golden">${words.play}</button><button type="button" class="text" id="station-keep" ?disabled=${this.busy} @click=${this.#keep}>${words.keep}</button></form>`;
  }

  #row(station: Station): TemplateResult {
    const words = stationWordsFor(this.language);
    return html`<div class="list"><button type="button" class="open" data-station=${station.id} title=${words.play} @click=${() => this.#do(() => this.source.command("play", { station: station.id }))}><b>${station.name}</b>
        <small>${new URL(station.url).host}</small></button>
      <button type="button" class="round" data-remove=${station.id} aria-label=${words.remove(station.name)} @click=${() => this.#remove(station)}>${icon(mdiClose)}</button></div>`;
  }

  get #input(): HTMLInputElement {
    return this.renderRoot.querySelector<HTMLInputElement>("#station-url")!;
  }

  async #play(event: Event): Promise<void> {
    event.preventDefault();
    await this.#do(() => this.source.command("play", { url: this.#input.value.trim() }));
  }

  async #keep(): Promise<void> {
    if (!this.#input.reportValidity()) return;
    this.busy = true;
    await this.#do(async () => {
      const { stations } = await this.source.library.request<{ stations: Station[] }>("POST", "stations", { url: this.#input.value.trim() });
      this.#input.value = "";
      say(this, stationWordsFor(this.language).kept(stations[stations.length - 1]!.name));
    });
    this.busy = false;
  }

  async #remove({ id, name, url }: Station): Promise<void> {
    const words = stationWordsFor(this.language);
    await this.#do(async () => {
      await this.source.library.request("DELETE", `stations/${id}`);
      say(this, words.removed(name), { label: words.undo, run: () => this.source.library.request("POST", "stations", { name, url }) as Promise<void> });
    });
  }

  async #do(work: () => Promise<unknown>): Promise<void> {
    await work().catch((error: Error) => say(this, error.message));
  }
}

define("yulelight-stations", YulelightStations);
