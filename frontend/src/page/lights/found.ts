// Searches for lights that the service can drive without a light board, and shows the settings that add them.

import { mdiMagnify } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { define } from "../../parts/define";
import { icon } from "../../parts/icon";
import { tokens } from "../../parts/tokens.css";
import type { ServiceSource } from "../../service/source";
import { guideWordsFor } from "../../words/guide";
import { say } from "../say";
import { shelfStyle } from "../shelf.css";
import { type Addition, additions, type Found, problemsOf } from "./told";

export class YulelightFound extends LitElement {
  static override properties = {
    source: { attribute: false },
    language: {},
    found: { state: true },
    problems: { state: true },
    busy: { type: Boolean, state: true },
  };
  static override styles = [
    tokens,
    shelfStyle,
    css`
      .text { background: var(--line); }
      pre { margin: 4px 0 12px; padding: 10px 12px; border-radius: 12px; background: var(--surface); color: var(--text); font: 14px/1.45 ui-monospace, monospace; overflow-x: auto; user-select: all; }
      b { font-weight: 600; color: var(--text); }
    `,
  ];

  declare source: ServiceSource;
  declare language: string;
  declare found: readonly Addition[] | null;
  declare problems: readonly string[];
  declare busy: boolean;

  constructor() {
    super();
    this.found = null;
    this.problems = [];
    this.busy = false;
  }

  override render(): TemplateResult {
    const words = guideWordsFor(this.language);
    const { found } = this;
    const one = ({ title, count, lines }: Addition): TemplateResult =>
      html`<p><b>${title}</b> ${words.lamps(count)}</p><pre tabindex="0" role="region" aria-label=${title}>${lines}</pre>`;
    return html`<button type="button" class="text" id="find-lights" ?disabled=${this.busy} @click=${this.#find}>${icon(mdiMagnify)}${this.busy ? words.finding : words.find}</button>
      <div aria-live="polite">${this.problems.map((text) => html`<p>${text}</p>`)}${found ? (found.length ? html`<p>${words.lines}</p>${found.map(one)}` : html`<p>${words.foundNone}</p>`) : nothing}</div>`;
  }

  async #find(): Promise<void> {
    this.busy = true;
    try {
      const answer = await this.source.library.request<Found>("GET", "lights/found");
      this.found = additions(answer);
      this.problems = problemsOf(answer);
    } catch (error) {
      say(this, (error as Error).message || guideWordsFor(this.language).failed);
    } finally {
      this.busy = false;
    }
  }
}

define("yulelight-found", YulelightFound);
