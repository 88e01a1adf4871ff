// A month of nights: which have a show, which are excluded. One is chosen by finger or with the arrow keys.

import { mdiChevronLeft, mdiChevronRight } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { define } from "../../parts/define";
import { icon } from "../../parts/icon";
import { tokens } from "../../parts/tokens.css";
import type { CalendarWords } from "../../words/calendar";
import { monthPlus, plus, startsMonday, told, weeksOf } from "./dates";
import type { Night } from "./shows";

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Fires "choose" with a day. */
export class YulelightMonth extends LitElement {
  static override properties = {
    words: { attribute: false },
    language: {},
    month: {},
    today: {},
    day: {},
    nights: { attribute: false },
  };
  static override styles = [
    tokens,
    css`
      :host { display: block; contain: layout style; }
      header { display: flex; align-items: center; gap: 4px; margin-bottom: 4px; }
      h3 { flex: 1; margin: 0; text-align: center; font: 600 20px/1.2 var(--serif); }
      header button { display: grid; place-items: center; width: 46px; height: 46px; padding: 0; border: 0; border-radius: 50%; background: none; }
      header button:hover { background: var(--raised); }
      .row { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: 3px; }
      .row + .row { margin-top: 3px; }
      .names { padding: 4px 0; font-size: 13px; color: var(--soft); text-align: center; }
      .day { position: relative; display: grid; place-content: start center; width: 100%; height: 52px; padding: 7px 0 0; border: 0; border-radius: 14px; background: none; font-variant-numeric: tabular-nums; }
      .day:hover { background: color-mix(in srgb, var(--text) 7%, transparent); }
      .day.show { background: color-mix(in srgb, var(--gold) 15%, var(--raised)); font-weight: 600; }
      .day.show::after { content: ""; position: absolute; left: 50%; bottom: 9px; width: 9px; height: 9px; margin-left: -4.5px; border-radius: 50%; background: var(--gold); box-shadow: 0 0 9px 1px color-mix(in srgb, var(--gold) 70%, transparent); }
      .day.two::after { width: 19px; margin-left: -9.5px; border-radius: 5px; }
      .day.out::after { content: ""; position: absolute; left: 50%; bottom: 9px; width: 9px; height: 9px; margin-left: -4.5px; border: 2px solid var(--soft); border-radius: 50%; background: none; box-shadow: none; }
      .day.past { color: var(--soft); font-weight: 400; }
      .day.past::after { opacity: .45; box-shadow: none; }
      .day[aria-current] { box-shadow: inset 0 0 0 2px var(--gold); }
      .day[aria-pressed="true"] { color: var(--ink); background: linear-gradient(#ffe09a, #ffb83f); font-weight: 600; }
      .day[aria-pressed="true"]::after { background: var(--ink); box-shadow: none; }
      .day[aria-pressed="true"].out::after { background: none; border-color: var(--ink); }
    `,
  ];

  declare words: CalendarWords;
  declare language: string;
  declare month: string;
  declare today: string;
  declare day: string;
  declare nights: ReadonlyMap<string, Night>;

  #focus = false;

  override render(): TemplateResult {
    const { words, month, language } = this;
    const monday = startsMonday(language);
    const weeks = weeksOf(month, monday);
    const days = Array.from({ length: 7 }, (_, k) => plus(monday ? "2001-01-01" : "2000-12-31", k));
    const turn = (by: number): void => this.#choose(`${monthPlus(month, by)}-01`);
    return html`<header><button type="button" id="month-before" aria-label=${words.before} @click=${() => turn(-1)}>${icon(mdiChevronLeft)}</button>
        <h3 aria-live="polite">${told(`${month}-01`, language, { month: "long", year: "numeric" })}</h3>
        <button type="button" id="month-after" aria-label=${words.after} @click=${() => turn(1)}>${icon(mdiChevronRight)}</button></header>
      <div class="row names" aria-hidden="true">${days.map((day) => html`<span>${told(day, language, { weekday: "short" })}</span>`)}</div>
      ${weeks.map((week) => html`<div class="row">${week.map((day) => (day ? this.#cell(day) : html`<span></span>`))}</div>`)}`;
  }

  protected override updated(): void {
    if (!this.#focus) return;
    this.#focus = false;
    this.renderRoot.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
  }

  #cell(day: string): TemplateResult {
    const { words, language } = this;
    const night = this.nights.get(day);
    const shows = night?.shows ?? 0;
    const kind = ["day", shows ? "show" : night?.out ? "out" : "", shows > 1 ? "two" : "", day < this.today ? "past" : ""].join(" ");
    const label = `${told(day, language, { weekday: "long", day: "numeric", month: "long" })}: ${!shows && night?.out ? words.out : words.shows(shows)}`;
    return html`<button type="button" class=${kind} data-day=${day} aria-label=${label} aria-pressed=${String(day === this.day)} aria-current=${day === this.today ? "date" : nothing}
      tabindex=${day === this.day ? 0 : -1} @click=${() => this.#choose(day)} @keydown=${(event: KeyboardEvent) => this.#key(event, day)}>${Number(day.slice(8))}</button>`;
  }

  #key(event: KeyboardEvent, day: string): void {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    this.#focus = true;
    this.#choose(plus(day, step));
  }

  #choose(day: string): void {
    this.dispatchEvent(new CustomEvent("choose", { detail: day }));
  }
}

define("yulelight-month", YulelightMonth);
