// Lights that could be added: WLED devices of the network, and what is on the MQTT brokers of the settings.

import { mdiMagnify } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { define } from "../../parts/define";
import { icon } from "../../parts/icon";
import { tokens } from "../../parts/tokens.css";
import type { ServiceSource } from "../../service/source";
import { type LightsWords, lightsWordsFor } from "../../words/lights";
import { say } from "../say";
import { shelfStyle } from "../shelf.css";

interface Found {
  problem: string;
  found: { name: string; host: string; problem: string; label?: string; leds?: number }[];
  brokers: { broker: string; problem: string; lights: { id: string; name: string; kind: string }[] }[];
}

export class YulelightSearch extends LitElement {
  static override properties = { source: { attribute: false }, language: {}, found: { state: true }, busy: { type: Boolean, state: true } };
  static override styles = [
    tokens,
    shelfStyle,
    css`
      ul { list-style: none; margin: 8px 0; padding: 0; }
      li { padding: 8px 4px; }
      li + li { border-top: 1px solid var(--line); }
      b, code { display: block; overflow-wrap: anywhere; }
      b { font-weight: 600; }
      code { font-size: 14px; user-select: all; }
      small { font-size: 14px; color: var(--soft); }
    `,
  ];

  declare source: ServiceSource;
  declare language: string;
  declare found: Found | null;
  declare busy: boolean;

  constructor() {
    super();
    this.found = null;
    this.busy = false;
  }

  override render(): TemplateResult {
    const words = lightsWordsFor(this.language).search;
    return html`<div class="tools"><button type="button" class="text" id="find-lights" ?disabled=${this.busy} @click=${this.#search}>${icon(mdiMagnify)}${this.busy ? words.searching : words.search}</button></div>
      <div aria-live="polite">${this.found ? this.#all(words, this.found) : nothing}</div>`;
  }

  #all(words: LightsWords["search"], { found, brokers, problem }: Found): TemplateResult {
    const some = found.length || brokers.some(({ lights }) => lights.length);
    const problems = [problem, ...brokers.map((one) => one.problem)].filter(Boolean);
    return html`${problems.map((text) => html`<p>${text}</p>`)}<ul>
        ${found.map(({ name, host, label, leds, problem: wrong }) => html`<li><b>${label ?? name}</b><code>${host}</code><small>${wrong || words.wled(leds ?? 0)}</small></li>`)}
        ${brokers.flatMap(({ lights }) => lights.map(({ id, name, kind }) => html`<li><b>${name}</b><code>${id}</code><small>${kind === "dimmer" ? words.dimmer : words.relay}</small></li>`))}</ul>
      <p>${some ? words.add : words.none}</p>`;
  }

  async #search(): Promise<void> {
    this.busy = true;
    try {
      this.found = await this.source.library.request<Found>("GET", "lights/found");
    } catch (error) {
      say(this, (error as Error).message || lightsWordsFor(this.language).failed);
    } finally {
      this.busy = false;
    }
  }
}

define("yulelight-search", YulelightSearch);
