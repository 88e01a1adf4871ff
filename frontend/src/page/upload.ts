// Uploads songs from this phone or computer, with the progress of each.

import { mdiClose, mdiUpload } from "@mdi/js";
import { css, html, LitElement, type TemplateResult } from "lit";
import { define } from "../parts/define";
import { icon } from "../parts/icon";
import { styled } from "../parts/styled";
import { tokens } from "../parts/tokens.css";
import type { ServiceSource } from "../service/source";
import { MAX_UPLOAD_BYTES, send } from "../service/upload";
import { uploadWordsFor } from "../words/upload";
import { say } from "./say";
import { shelfStyle } from "./shelf.css";

interface Job {
  file: File;
  done: number;
  state: "queued" | "sending" | "waits" | "sent" | "failed";
  why: string;
  stop: AbortController;
}

const KINDS = "audio/*,.flac,.mp3,.ogg,.opus,.m4a,.wav,.aiff,.wma,.ape,.wv";
/** A song that is there stays in the list for so long (ms). */
const STAYS = 5000;

/** Uploads continue while other views are shown. Fires "sent" for each stored song. */
export class YulelightUpload extends LitElement {
  static override properties = { source: { attribute: false }, language: {}, jobs: { state: true } };
  static override styles = [
    tokens,
    shelfStyle,
    css`
      .file { position: relative; display: inline-flex; align-items: center; cursor: pointer; }
      .file input { position: absolute; inset: 0; width: 100%; height: 100%; min-height: 0; padding: 0; opacity: 0; cursor: pointer; }
      .file:focus-within { outline: 3px solid var(--accent); outline-offset: 2px; }
      ul { list-style: none; margin: 8px 0; padding: 0; }
      li { display: grid; grid-template: "text close" auto "bar close" auto / 1fr 44px; align-items: center; gap: 4px 6px; padding: 8px 0 8px 14px; border-radius: 14px; background: var(--raised); font-size: 15px; }
      li + li { margin-top: 6px; }
      li span { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
      li.failed { color: var(--wrong); }
      li button { grid-area: close; display: grid; place-items: center; width: 44px; height: 44px; padding: 0; border: 0; border-radius: 50%; background: none; color: var(--soft); }
      li i { grid-area: bar; height: 4px; border-radius: 2px; background: var(--line); overflow: hidden; }
      li i::after { content: ""; display: block; height: 100%; background: var(--gold); transform: scaleX(var(--done)); transform-origin: left; transition: transform .3s; }
    `,
  ];

  declare source: ServiceSource;
  declare language: string;
  declare jobs: readonly Job[];

  #busy = false;

  constructor() {
    super();
    this.jobs = [];
  }

  override render(): TemplateResult {
    const words = uploadWordsFor(this.language);
    const text = ({ file: { name }, state, why }: Job): string =>
      state === "failed" ? words.failed(name, why) : state === "sent" ? words.sent(name) : state === "waits" ? words.waits(name) : words.sending(name);
    return html`<label class="text file">${icon(mdiUpload)}${words.send}<input type="file" id="upload" multiple accept=${KINDS} @change=${this.#chosen} /></label>
      <ul aria-live="polite">${this.jobs.map(
        (job) => html`<li class=${job.state}><span>${text(job)}</span><i style=${styled({ "--done": job.done.toFixed(3) })}></i>
          <button type="button" aria-label=${job.state === "sending" || job.state === "waits" ? words.stop(job.file.name) : words.away(job.file.name)} @click=${() => this.#away(job)}>${icon(mdiClose)}</button></li>`,
      )}</ul>`;
  }

  #chosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = "";
    for (const file of files) {
      if (file.size > MAX_UPLOAD_BYTES) say(this, uploadWordsFor(this.language).large);
      else this.jobs = [...this.jobs, { file, done: 0, state: "queued", why: "", stop: new AbortController() }];
    }
    void this.#work();
  }

  #set(job: Job, change: Partial<Job>): void {
    Object.assign(job, change);
    this.requestUpdate();
  }

  #away(job: Job): void {
    job.stop.abort();
    this.jobs = this.jobs.filter((each) => each !== job);
  }

  /** Upload one at a time: a phone's bandwidth is small. */
  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let job = this.#next(); job; job = this.#next()) {
      const sending = job;
      this.#set(sending, { state: "sending" });
      try {
        await send(
          this.source.library,
          sending.file,
          ({ done, waits }) => this.#set(sending, { done, state: waits ? "waits" : "sending" }),
          sending.stop.signal,
        );
        if (sending.stop.signal.aborted) continue;
        this.#set(sending, { state: "sent", done: 1 });
        this.dispatchEvent(new CustomEvent("sent", { detail: sending.file.name }));
        setTimeout(() => this.#away(sending), STAYS);
      } catch (error) {
        this.#set(sending, { state: "failed", why: (error as Error).message || uploadWordsFor(this.language).lost });
      }
    }
    this.#busy = false;
  }

  #next(): Job | undefined {
    return this.jobs.find(({ state }) => state === "queued");
  }
}

define("yulelight-upload", YulelightUpload);
