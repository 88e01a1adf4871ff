// Health: what is wrong and what to do, and the log to download.

import { mdiAlertCircle, mdiCheckCircle, mdiDownload, mdiInformation, mdiRefresh } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { define } from "../parts/define";
import { icon } from "../parts/icon";
import { tokens } from "../parts/tokens.css";
import type { ServiceSource } from "../service/source";
import { lightsWordsFor } from "../words/lights";
import { say } from "./say";
import { shelfStyle } from "./shelf.css";

type Verdict = "good" | "note" | "trouble";

interface Finding {
  what: string;
  verdict: Verdict;
  found: string;
  advice: string;
}

/** Findings are written to follow a colon; here they start a line. */
const large = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const ICONS: Record<Verdict, string> = { good: mdiCheckCircle, note: mdiInformation, trouble: mdiAlertCircle };

export class YulelightHealth extends LitElement {
  static override properties = { source: { attribute: false }, language: {}, findings: { state: true }, busy: { type: Boolean, state: true } };
  static override styles = [
    tokens,
    shelfStyle,
    css`
      .sum { padding: 14px 16px; border-radius: 20px; background: linear-gradient(160deg, color-mix(in srgb, var(--gold) 20%, var(--raised)), var(--raised)); }
      .sum p { margin: 4px 0 0; }
      .sum.trouble { background: color-mix(in srgb, #c0392b 28%, var(--raised)); }
      ul { list-style: none; margin: 12px 0; padding: 0; }
      li { display: grid; grid-template-columns: 34px 1fr; padding: 10px 4px; }
      li + li { border-top: 1px solid var(--line); }
      li svg.icon { width: 22px; height: 22px; margin-top: 1px; color: #3fb872; }
      li.note svg.icon { color: var(--gold); }
      li.trouble svg.icon { color: var(--wrong); }
      b { font-weight: 600; }
      p.found { margin: 0; color: var(--text); overflow-wrap: anywhere; }
      p.advice { margin: 2px 0 0; font-size: 15px; }
      .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    `,
  ];

  declare source: ServiceSource;
  declare language: string;
  declare findings: readonly Finding[] | null;
  declare busy: boolean;

  #leave: (() => void) | null = null;

  constructor() {
    super();
    this.findings = null;
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Read the lights again when a node goes offline or comes back.
    this.#leave = this.source.hear("nodes", () => void this.#look());
    void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  override render(): TemplateResult {
    const words = lightsWordsFor(this.language).health;
    const { findings } = this;
    const of = (verdict: Verdict): number => findings?.filter((finding) => finding.verdict === verdict).length ?? 0;
    const title = of("trouble") ? words.trouble(of("trouble")) : of("note") ? words.notes(of("note")) : words.well;
    const row = ({ what, verdict, found, advice }: Finding): TemplateResult =>
      html`<li class=${verdict}>${icon(ICONS[verdict])}<div><b>${large(what)}</b><span class="hidden"> (${words.verdicts[verdict]})</span><p class="found">${large(found)}</p>${advice ? html`<p class="advice">${large(advice)}.</p>` : nothing}</div></li>`;
    return html`${findings ? html`<section class="sum ${of("trouble") ? "trouble" : ""}" aria-live="polite"><h3>${title}</h3>${of("trouble") ? nothing : html`<p>${words.wellText}</p>`}</section><ul>${findings.map(row)}</ul>` : html`<p>${words.looking}</p>`}
      <div class="tools"><button type="button" class="text" id="health-again" ?disabled=${this.busy} @click=${this.#look}>${icon(mdiRefresh)}${this.busy ? words.looking : words.again}</button>
        <button type="button" class="text" id="health-log" @click=${this.#log}>${icon(mdiDownload)}${words.log}</button></div><p>${words.logText}</p>`;
  }

  async #look(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      this.findings = (await this.source.library.request<{ findings: Finding[] }>("GET", "health")).findings;
    } catch (error) {
      say(this, (error as Error).message || lightsWordsFor(this.language).failed);
    } finally {
      this.busy = false;
    }
  }

  async #log(): Promise<void> {
    try {
      const blob = await this.source.library.file("log");
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: "yulelight-log.txt" });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch (error) {
      say(this, (error as Error).message || lightsWordsFor(this.language).failed);
    }
  }
}

define("yulelight-health", YulelightHealth);
