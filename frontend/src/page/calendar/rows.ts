// A night's shows as rows with their actions.

import { html, nothing, type TemplateResult } from "lit";
import type { CalendarWords } from "../../words/calendar";
import { hours } from "./dates";
import type { Show, Showing } from "./shows";

export interface Acts {
  change: () => void;
  leave: () => void;
  remove: () => void;
}

/** One showing of a show; without `acts` if the show no longer exists. */
export function row(words: CalendarWords, language: string, showing: Showing, recurs: boolean, acts: Acts | undefined): TemplateResult {
  const { summary, playlist, start, end, look, uid } = showing;
  const title = summary || playlist;
  const about = [playlist === title ? "" : playlist, look].filter(Boolean).map((text) => ` · ${text}`);
  const buttons = (does: Acts): TemplateResult =>
    html`<span><button type="button" class="small change" @click=${does.change}>${words.change}</button>
      <button type="button" class="small leave" @click=${does.leave}>${recurs ? words.leave : words.remove}</button>
      ${recurs ? html`<button type="button" class="small delete" @click=${does.remove}>${words.remove}</button>` : nothing}</span>`;
  return html`<div class="showing" data-uid=${uid}><b>${title}</b><small><time>${hours(start, end, language)}</time>${about}</small>${acts ? buttons(acts) : nothing}</div>`;
}

/** A show that is left out on a night. */
export function missed(words: CalendarWords, show: Show, back: () => void): TemplateResult {
  return html`<div class="showing out"><b>${words.isOut(show.summary || show.playlist)}</b><span><button type="button" class="small back" @click=${back}>${words.back}</button></span></div>`;
}
