// Where sound is heard: each output with its delay, which is set by hand or measured by tapping.

import { mdiGestureTap, mdiMinus, mdiPlus } from "@mdi/js";
import { css, html, LitElement, type TemplateResult } from "lit";
import type { House } from "../../model";
import { define } from "../../parts/define";
import { icon } from "../../parts/icon";
import { tokens } from "../../parts/tokens.css";
import type { ServiceSource } from "../../service/source";
import { type SoundWords, soundWordsFor } from "../../words/sound";
import { say } from "../say";
import { shelfStyle } from "../shelf.css";
import { soundStyle } from "./sound.css";
import "./tapping";

interface Output {
  name: string;
  delay: number;
  remote: boolean;
  problem: string;
}

const STEP = 0.01;

export class YulelightSoundOutputs extends LitElement {
  static override properties = {
    source: { attribute: false },
    house: { attribute: false },
    language: {},
    outputs: { state: true },
    measured: { state: true },
  };
  static override styles = [tokens, shelfStyle, soundStyle, css`.delay { font-variant-numeric: tabular-nums; }`];

  declare source: ServiceSource;
  declare house: House;
  declare language: string;
  declare outputs: readonly Output[];
  /** The output whose delay is being measured. */
  declare measured: string;

  #leave: (() => void) | null = null;

  constructor() {
    super();
    this.outputs = [];
    this.measured = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Another phone may change the delay of the main output, which is part of the status.
    let delay: unknown;
    this.#leave = this.source.hear("status", (message) => {
      if (message["delay"] === delay) return;
      delay = message["delay"];
      void this.#read();
    });
    void this.#read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  override render(): TemplateResult {
    const words = soundWordsFor(this.language);
    return html`<h3>${words.outputs}</h3>${this.outputs.map((output) => this.#row(words, output))}`;
  }

  #row(words: SoundWords, output: Output): TemplateResult {
    const { name, delay, remote, problem } = output;
    const label = words.outputNames[name] ?? name;
    return html`<div class="row" data-output=${name}><div class="line"><div class="what"><b>${label}</b><small>${problem || (remote ? words.remote : "")}</small></div>
        <div class="steps"><button type="button" class="round" data-earlier=${name} aria-label=${words.earlier(label)} @click=${() => this.#set(output, delay - STEP)}>${icon(mdiMinus)}</button>
          <span class="delay">${words.delay(this.#told(delay))}</span>
          <button type="button" class="round" data-later=${name} aria-label=${words.later(label)} @click=${() => this.#set(output, delay + STEP)}>${icon(mdiPlus)}</button></div></div>
      ${
        this.measured === name
          ? html`<yulelight-tapping .source=${this.source} .house=${this.house} .language=${this.language} .delay=${delay}
              @delay=${(event: CustomEvent<{ delay: number; text: string }>) => this.#set(output, event.detail.delay, event.detail.text)} @close=${() => (this.measured = "")}></yulelight-tapping>`
          : html`<button type="button" class="text" data-measure=${name} aria-label=${words.measureOf(label)} ?hidden=${Boolean(this.measured)} @click=${() => (this.measured = name)}>${icon(mdiGestureTap)}${words.measure}</button>`
      }</div>`;
  }

  #told(delay: number): string {
    return delay.toLocaleString(this.language || undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }

  async #set({ name, delay: before }: Output, delay: number, more = ""): Promise<void> {
    const words = soundWordsFor(this.language);
    const put = async (seconds: number): Promise<void> => {
      const { outputs } = await this.source.library.request<{ outputs: Output[] }>("PUT", `outputs/${encodeURIComponent(name)}`, { delay: seconds });
      this.outputs = outputs;
    };
    try {
      await put(Math.round(1000 * delay) / 1000);
      const label = words.outputNames[name] ?? name;
      say(this, [words.delayed(label, this.#told(delay)), more].filter(Boolean).join(" "), { label: words.undo, run: () => put(before) });
    } catch (error) {
      say(this, (error as Error).message || words.failed);
    }
  }

  async #read(): Promise<void> {
    try {
      this.outputs = (await this.source.library.request<{ outputs: Output[] }>("GET", "outputs")).outputs;
    } catch (error) {
      say(this, (error as Error).message || soundWordsFor(this.language).failed);
    }
  }
}

define("yulelight-sound-outputs", YulelightSoundOutputs);
