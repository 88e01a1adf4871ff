// The form for a new or existing show: what plays, when, and which nights a change applies to.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { define } from "../../parts/define";
import { tokens } from "../../parts/tokens.css";
import type { CalendarWords } from "../../words/calendar";
import { formStyle } from "../form.css";
import type { Plan } from "./shows";

export type Scope = "this" | "future" | "all";

export interface Wanted {
  plan: Plan;
  scope: Scope;
}

/** Fires "save" with a Wanted, and "cancel". */
export class YulelightShowForm extends LitElement {
  static override properties = {
    words: { attribute: false },
    playlists: { attribute: false },
    looks: { attribute: false },
    names: { attribute: false },
    given: { attribute: false },
    plan: { state: true },
    known: { type: Boolean },
    recurs: { type: Boolean },
    scope: { state: true },
  };
  static override styles = [tokens, formStyle, css`fieldset { margin: 0; padding: 0; border: 0; }`];

  declare words: CalendarWords;
  declare playlists: readonly string[];
  declare looks: readonly string[];
  /** Their names for people. */
  declare names: Readonly<Record<string, string>>;
  /** Initial values of the form. As long as it is the same object, input is kept. */
  declare given: Plan;
  declare plan: Plan;
  /** Whether an existing show is being edited. */
  declare known: boolean;
  declare recurs: boolean;
  declare scope: Scope;

  constructor() {
    super();
    this.scope = "this";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("given")) this.plan = this.given;
  }

  override render(): TemplateResult {
    const { words, plan } = this;
    const set = (change: Partial<Plan>): void => {
      this.plan = { ...plan, ...change };
    };
    const field = (name: keyof Plan) => (event: Event) => set({ [name]: (event.target as HTMLInputElement).value });
    // Keep a deleted playlist in the choice: the show still names it.
    const lists = [...new Set([...this.playlists, plan.playlist])].filter(Boolean);
    const scopes = (["this", "future", "all"] as const).map(
      (scope) => html`<option value=${scope} ?selected=${scope === this.scope}>${words.scopes[scope]}</option>`,
    );
    return html`<form @submit=${this.#save}>
      ${
        this.known && this.recurs
          ? html`<label class="wide">${words.scope}<select id="show-scope" @change=${(event: Event) => (this.scope = (event.target as HTMLSelectElement).value as Scope)}>${scopes}</select></label>`
          : nothing
      }
      <label class="wide">${words.playlist}<select id="show-playlist" required @change=${field("playlist")}>
        ${lists.map((name) => html`<option value=${name} ?selected=${name === plan.playlist}>${name}</option>`)}</select></label>
      <label>${words.night}<input id="show-night" type="date" required .value=${plan.night} ?disabled=${this.known} @input=${field("night")} /></label>
      <label>${words.look}<select id="show-look" @change=${field("look")}><option value="">${words.usual}</option>
        ${this.looks.map((look) => html`<option value=${look} ?selected=${look === plan.look}>${this.names[look] ?? look}</option>`)}</select></label>
      <label>${words.starts}<select id="show-start" @change=${(event: Event) => set({ start: (event.target as HTMLSelectElement).value === "sunset" ? "sunset" : "17:30" })}>
        <option value="sunset" ?selected=${plan.start === "sunset"}>${words.sunset}</option><option value="time" ?selected=${plan.start !== "sunset"}>${words.atTime}</option></select></label>
      ${plan.start === "sunset" ? nothing : html`<label>${words.atTime}<input id="show-time" type="time" required .value=${plan.start} @input=${field("start")} /></label>`}
      <label>${words.ends}<input id="show-end" type="time" required .value=${plan.end} @input=${field("end")} /></label>
      ${
        this.known && (this.scope === "this" || !this.recurs)
          ? nothing
          : html`<label class="wide">${words.until}<input id="show-until" type="date" min=${plan.night} .value=${plan.until} @input=${field("until")} /></label>`
      }
      <div class="wide buttons"><button type="button" class="text" @click=${() => this.dispatchEvent(new CustomEvent("cancel"))}>${words.cancel}</button>
        <button class="text golden" id="show-save">${words.save}</button></div></form>`;
  }

  #save(event: Event): void {
    event.preventDefault();
    const scope = this.recurs ? this.scope : "all";
    this.dispatchEvent(new CustomEvent<Wanted>("save", { detail: { plan: this.plan, scope } }));
  }
}

define("yulelight-show-form", YulelightShowForm);
