// What plays tonight, and the reasons why a show does not.

import { html, nothing, type TemplateResult } from "lit";
import type { CalendarWords } from "../../words/calendar";
import { hours, told } from "./dates";
import type { Schedule, Tonight } from "./shows";

/** Calls `arm` with whether the calendar may start shows. */
export function nightBox(words: CalendarWords, language: string, tonight: Tonight, schedule: Schedule, arm: (on: boolean) => void): TemplateResult {
  const { showings, armed } = tonight;
  const next = schedule.next ? words.next(told(schedule.next.start.slice(0, 10), language, { weekday: "long", day: "numeric", month: "long" })) : words.never;
  const row = (one: Tonight["showings"][number]): TemplateResult =>
    html`<li class=${one.state}><b>${one.summary}</b> ${one.start && one.end ? html`<time>${hours(one.start, one.end, language)}</time>` : nothing}
        <small>${one.behind ? words.instead(one.behind) : words.states[one.state]}</small></li>`;
  const alive = showings.some(({ state }) => state === "playing" || state === "coming");
  return html`<section class="tonight" aria-labelledby="tonight-title"><h3 id="tonight-title">${words.tonight}</h3>
      ${showings.length ? html`<ul>${showings.map(row)}</ul>` : html`<p>${words.nothing}</p>`}
      ${alive ? nothing : html`<p>${next}</p>`}${schedule.message ? html`<p class="wrong">${schedule.message}</p>` : nothing}
      ${schedule.problems.map((problem) => html`<p class="wrong">${problem}</p>`)}
      <label class="switch"><input type="checkbox" role="switch" id="armed" .checked=${armed} @change=${(event: Event) => arm((event.target as HTMLInputElement).checked)} /><span></span>${words.armed}</label></section>`;
}
