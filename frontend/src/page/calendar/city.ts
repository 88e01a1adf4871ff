// The location of the house: a nearby city, found by name in the service's list.

import { html, LitElement, type TemplateResult } from "lit";
import { define } from "../../parts/define";
import { tokens } from "../../parts/tokens.css";
import type { ServiceSource } from "../../service/source";
import type { CalendarWords } from "../../words/calendar";
import { formStyle } from "../form.css";
import { say } from "../say";

interface City {
  name: string;
  country: string;
  latitude: number;
  longitude: number;
  timezone: string;
}

const PAUSE = 200;

/** Fires "placed" with the city's name once the service knows it. */
export class YulelightCity extends LitElement {
  static override properties = { source: { attribute: false }, words: { attribute: false }, language: {}, found: { state: true } };
  static override styles = [tokens, formStyle];

  declare source: ServiceSource;
  declare words: CalendarWords;
  declare language: string;
  declare found: City[];

  #timer = 0;
  #asked = "";

  constructor() {
    super();
    this.found = [];
  }

  override render(): TemplateResult {
    const country = (code: string): string => {
      try {
        return new Intl.DisplayNames(this.language || undefined, { type: "region" }).of(code) ?? code;
      } catch {
        return code;
      }
    };
    return html`<form @submit=${this.#first}>
      <label class="wide">${this.words.city}<input id="city" type="search" autocomplete="address-level2" @input=${this.#type} /></label>
      ${this.found.map((city) => html`<button type="button" class="text" data-city=${city.name} @click=${() => this.#take(city)}>${city.name}, ${country(city.country)}</button>`)}</form>`;
  }

  #first(event: Event): void {
    event.preventDefault();
    const [city] = this.found;
    if (city) void this.#take(city);
  }

  #type(event: Event): void {
    const search = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#look(search), PAUSE);
  }

  async #look(search: string): Promise<void> {
    this.#asked = search;
    try {
      const { cities } = await this.source.library.request<{ cities: City[] }>("GET", `place/cities?search=${encodeURIComponent(search)}`);
      if (search === this.#asked) this.found = cities;
    } catch (error) {
      say(this, (error as Error).message || this.words.failed);
    }
  }

  async #take({ name, latitude, longitude, timezone }: City): Promise<void> {
    try {
      await this.source.library.request("PUT", "place", { latitude, longitude, timezone });
      this.dispatchEvent(new CustomEvent("placed", { detail: name }));
    } catch (error) {
      say(this, (error as Error).message || this.words.failed);
    }
  }
}

define("yulelight-city", YulelightCity);
