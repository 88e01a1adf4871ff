// The calendar of shows: tonight, a month or a list of nights, and their actions.

import { mdiCalendarImport, mdiCalendarPlus, mdiCalendarStar, mdiFormatListBulleted, mdiViewGridOutline } from "@mdi/js";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { House } from "../../model";
import { define } from "../../parts/define";
import { icon } from "../../parts/icon";
import { tokens } from "../../parts/tokens.css";
import type { ServiceSource } from "../../service/source";
import { type CalendarWords, calendarWordsFor } from "../../words/calendar";
import { ofLooks } from "../../words/looks";
import { focusIn } from "../focus";
import { say } from "../say";
import { shelfStyle } from "../shelf.css";
import { calendarStyle } from "./calendar.css";
import { hour, monthPlus, plus, told } from "./dates";
import type { Wanted } from "./form";
import "./form";
import "./month";
import { nightBox } from "./night";
import { missed, row } from "./rows";
import "./season";
import { changed, leftOut, nightOf, nightsOnce, planOf, type Schedule, type Show, type Showing, showOf, type Tonight } from "./shows";

const MAX_CALENDAR_BYTES = 1_000_000;
/** Days in the list, and days added by each tap. */
const AHEAD = 42;

type Open = { what: "season" } | { what: "new" } | { what: "change"; showing: Showing; show: Show } | null;

export class YulelightCalendar extends LitElement {
  static override properties = {
    source: { attribute: false },
    house: { attribute: false },
    language: {},
    schedule: { state: true },
    tonight: { state: true },
    showings: { state: true },
    day: { state: true },
    listed: { type: Boolean, state: true },
    ahead: { state: true },
    open: { state: true },
    stations: { state: true },
  };
  static override styles = [tokens, shelfStyle, calendarStyle];

  declare source: ServiceSource;
  declare house: House;
  declare language: string;
  declare schedule: Schedule | null;
  declare tonight: Tonight | null;
  declare showings: readonly Showing[];
  declare day: string;
  declare listed: boolean;
  declare ahead: number;
  declare open: Open;
  /** Names of the radio stations that are kept: a show can be one. */
  declare stations: readonly string[];

  #leave: (() => void)[] = [];
  #asked = "";
  #nights = nightsOnce();

  constructor() {
    super();
    this.schedule = null;
    this.tonight = null;
    this.showings = [];
    this.day = "";
    this.listed = false;
    this.ahead = AHEAD;
    this.open = null;
    this.stations = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = [
      this.source.hear("schedule", () => void this.#read()),
      this.source.hear("stations", (message) => {
        this.stations = (message as unknown as { stations: { name: string }[] }).stations.map(({ name }) => name);
      }),
    ];
    void this.#read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const leave of this.#leave) leave();
  }

  get #words(): CalendarWords {
    return calendarWordsFor(this.language);
  }

  override render(): TemplateResult {
    const { schedule, tonight } = this;
    if (!schedule || !tonight) return html``;
    const words = this.#words;
    return html`${nightBox(words, this.language, tonight, schedule, this.#arm)}
      <div class="tools"><button type="button" class="text golden" id="season" @click=${() => this.#show({ what: "season" })}>${icon(mdiCalendarStar)}${words.season}</button>
        <button type="button" class="text" id="show-add" @click=${() => this.#show({ what: "new" })}>${icon(mdiCalendarPlus)}${words.add}</button>
        <button type="button" class="round" id="calendar-view" title=${this.listed ? words.month : words.list} aria-label=${this.listed ? words.month : words.list} @click=${() => (this.listed = !this.listed)}>${icon(this.listed ? mdiViewGridOutline : mdiFormatListBulleted)}</button></div>
      ${this.#opened(words, schedule, tonight)}
      ${this.listed ? this.#list(words) : this.#month(words, schedule, tonight)}
      <p class="end"><label class="text plain file">${icon(mdiCalendarImport)}${words.import}<input type="file" id="calendar-file" accept=".ics,text/calendar" @change=${this.#import} /></label></p>
      ${(schedule.quiet_hours ?? []).map((each) => html`<p class="quiet">${words.quiet(hour(each.start, this.language), hour(each.end, this.language), Math.round(100 * each.volume), Math.round(100 * each.brightness))}</p>`)}`;
  }

  /** Of the house, which changes all the time, only these lists are shown. */
  protected override shouldUpdate(changedProperties: PropertyValues<this>): boolean {
    const before = changedProperties.get("house");
    return changedProperties.size > 1 || before?.playlists !== this.house.playlists || before?.looks !== this.house.looks;
  }

  protected override willUpdate(changedProperties: PropertyValues<this>): void {
    const wanted = changedProperties.has("day") || changedProperties.has("ahead") || changedProperties.has("listed");
    if (this.tonight && wanted) void this.#expand();
  }

  #opened(words: CalendarWords, { events }: Schedule, { night }: Tonight): TemplateResult | typeof nothing {
    const { open } = this;
    const close = (): void => this.#close();
    const playlists = [...this.house.playlists, ...this.stations];
    if (open?.what === "season")
      return html`<yulelight-season .source=${this.source} .words=${words} .language=${this.language} .today=${night} .playlists=${playlists} @cancel=${close}
        @planned=${this.#seasoned}></yulelight-season>`;
    if (!open) return nothing;
    const playlist = playlists[0] ?? "";
    const fresh = { playlist, look: "", night: this.day, until: "", start: "17:30", end: "22:00" };
    const plan = open.what === "new" ? fresh : planOf(events.find(({ uid }) => uid === open.show.uid) ?? open.show, open.showing);
    // A form that is being filled in stays while the house is away.
    if (open.what === "new" && !playlists.length && this.#planned?.open !== open) return html`<p>${words.noLists}</p>`;
    return html`<yulelight-show-form .words=${words} .playlists=${playlists} .looks=${this.house.looks} .names=${ofLooks(this.language.startsWith("de") ? "de" : "en", "name")} .given=${this.#plan(open, plan)} ?known=${open.what === "change"}
      ?recurs=${open.what === "change" && Boolean(open.show.rrule)} @cancel=${close} @save=${(event: CustomEvent<Wanted>) => void this.#save(event.detail)}></yulelight-show-form>`;
  }

  #planned: { open: Open; plan: ReturnType<typeof planOf> } | null = null;

  /** Kept while the form is open, so that input survives changes by others. */
  #plan(open: Open, plan: ReturnType<typeof planOf>): ReturnType<typeof planOf> {
    if (this.#planned?.open !== open) this.#planned = { open, plan };
    return this.#planned.plan;
  }

  #month(words: CalendarWords, { events }: Schedule, { night }: Tonight): TemplateResult {
    const shows = this.showings.filter(({ start }) => start.slice(0, 10) === this.day);
    const out = events.filter((show) => leftOut(show, this.day));
    return html`<yulelight-month .words=${words} .language=${this.language} .month=${this.day.slice(0, 7)} .today=${night} .day=${this.day} .nights=${this.#nights(this.showings, events)} @choose=${this.#choose}></yulelight-month>
      <section class="day" aria-live="polite"><h4>${this.#date(this.day)}</h4>${shows.map((showing) => this.#row(words, showing))}${out.map((show) => missed(words, show, () => void this.#putBack(show)))}
        ${shows.length || out.length ? nothing : html`<p>${words.free}</p>`}</section>`;
  }

  #list(words: CalendarWords): TemplateResult {
    const days = [...new Set(this.showings.map(({ start }) => start.slice(0, 10)))];
    const of = (day: string): TemplateResult =>
      html`<section class="day"><h4>${this.#date(day)}</h4>
        ${this.showings.filter(({ start }) => start.slice(0, 10) === day).map((showing) => this.#row(words, showing))}</section>`;
    return html`${days.length ? days.map(of) : html`<p>${words.never}</p>`}
      <p class="end"><button type="button" class="text plain" id="later" @click=${() => (this.ahead += AHEAD)}>${words.more}</button></p>`;
  }

  #row(words: CalendarWords, showing: Showing): TemplateResult {
    const show = this.schedule?.events.find((each) => each.uid === showing.uid);
    const acts = show && {
      change: () => this.#show({ what: "change", showing, show }),
      leave: () => void this.#leaveOut(show, showing),
      remove: () => void this.#delete(show),
    };
    return row(words, this.language, showing, Boolean(show?.rrule), acts);
  }

  #date(moment: string): string {
    return told(moment.slice(0, 10), this.language, { weekday: "long", day: "numeric", month: "long" });
  }

  #choose(event: CustomEvent<string>): void {
    this.day = event.detail;
  }

  #show(open: Open): void {
    this.#from = (this.renderRoot as ShadowRoot).activeElement as HTMLElement | null;
    this.open = open;
    void this.updateComplete.then(async () => {
      const form = this.renderRoot.querySelector<LitElement>("yulelight-show-form, yulelight-season");
      form?.scrollIntoView({ block: "nearest" });
      await form?.updateComplete;
      form?.renderRoot.querySelector<HTMLElement>("select, input, button")?.focus({ preventScroll: true });
    });
  }

  /** What opened the form. */
  #from: HTMLElement | null = null;

  #close(): void {
    if (!this.open) return;
    this.open = null;
    void this.updateComplete.then(() => {
      if (this.#from?.isConnected) this.#from.focus({ preventScroll: true });
      else focusIn(this, "#show-add");
    });
  }

  // --- what is read ---

  async #read(): Promise<void> {
    try {
      const { library } = this.source;
      const [schedule, tonight] = await Promise.all([library.request<Schedule>("GET", "schedule"), library.request<Tonight>("GET", "schedule/tonight")]);
      if (!this.day) this.day = tonight.night;
      this.schedule = schedule;
      this.tonight = tonight;
      await this.#expand();
    } catch {
      // Keep what was read; the remote control says that the service is unreachable.
    }
  }

  /** The nights shown: a month, or a number of days from tonight. */
  async #expand(): Promise<void> {
    const month = this.day.slice(0, 7);
    const night = this.tonight?.night ?? this.day;
    const [from, to] = this.listed ? [night, plus(night, this.ahead)] : [`${month}-01`, plus(`${monthPlus(month, 1)}-01`, 1)];
    const key = `${from} ${to}`;
    this.#asked = key;
    const found = await this.source.library
      .request<{ occurrences: Showing[] }>("GET", `schedule/occurrences?${new URLSearchParams({ from: from!, to: to! })}`)
      .catch(() => null);
    if (found && this.#asked === key) this.showings = found.occurrences.filter(({ start }) => start.slice(0, 10) >= from! && start.slice(0, 10) < to!);
  }

  // --- what is done ---

  /** Show `text`, with an undo button if there is something to undo, and close the forms. */
  #done(text: string, undo: string): void {
    const words = this.#words;
    this.#close();
    const run = async (): Promise<void> => {
      await this.source.library.request("POST", "schedule/undo", { undo });
    };
    say(this, text, undo ? { label: words.undo, run } : undefined);
    void this.#read();
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      say(this, (error as Error).message || this.#words.failed);
      void this.#read();
    }
  }

  #seasoned(event: CustomEvent<{ undo: string; day: string; text: string }>): void {
    this.day = event.detail.day;
    this.#done(event.detail.text, event.detail.undo);
  }

  #save({ plan, scope }: Wanted): Promise<void> {
    const { open } = this;
    const words = this.#words;
    const { library } = this.source;
    return this.#try(async () => {
      if (open?.what !== "change") {
        const { undo } = await library.change("POST", "schedule", showOf(plan));
        this.day = plan.night;
        return this.#done(words.saved(plan.playlist), undo);
      }
      // Keep what another phone changed in the meantime, except for the fields changed here.
      const { events } = await library.request<Schedule>("GET", "schedule");
      const show = events.find(({ uid }) => uid === open.show.uid) ?? open.show;
      const { occurrence } = open.showing;
      const night = scope === "all" ? nightOf(show) : occurrence;
      const body = changed(show, this.#planned!.plan, plan, night);
      if (scope === "this") for (const field of ["rrule", "exdates"]) delete body[field];
      const query = scope === "all" ? "" : `?${new URLSearchParams({ occurrence, range: scope })}`;
      const { undo } = await library.change("PUT", `schedule/${encodeURIComponent(show.uid)}${query}`, body);
      this.#done(words.saved(plan.playlist), undo);
    });
  }

  #leaveOut(show: Show, { occurrence, start }: Showing): Promise<void> {
    const words = this.#words;
    return this.#try(async () => {
      const query = show.rrule ? `?occurrence=${occurrence}` : "";
      const { undo } = await this.source.library.change("DELETE", `schedule/${encodeURIComponent(show.uid)}${query}`);
      this.#done(show.rrule ? words.left(this.#date(start)) : words.removed(show.summary || show.playlist), undo);
    });
  }

  #delete(show: Show): Promise<void> {
    return this.#try(async () => {
      const { undo } = await this.source.library.change("DELETE", `schedule/${encodeURIComponent(show.uid)}`);
      this.#done(this.#words.removed(show.summary || show.playlist), undo);
    });
  }

  #putBack(known: Show): Promise<void> {
    const { day } = this;
    return this.#try(async () => {
      const { library } = this.source;
      const { events } = await library.request<Schedule>("GET", "schedule");
      const { uid, overrides: _, ...show } = events.find((each) => each.uid === known.uid) ?? known;
      const exdates = show.exdates.filter((each) => each !== day);
      const { undo } = await library.change("PUT", `schedule/${encodeURIComponent(uid)}`, { ...show, exdates });
      this.#done(this.#words.backAgain(this.#date(day)), undo);
    });
  }

  #arm = (on: boolean): void => {
    void this.#try(async () => {
      await this.source.command("armed", { on });
      await this.#read();
    });
  };

  #import(event: Event): void {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    const words = this.#words;
    if (file.size > MAX_CALENDAR_BYTES) {
      say(this, words.tooLarge);
      return;
    }
    void this.#try(async () => {
      const calendar = new Blob([await file.arrayBuffer()], { type: "text/calendar" });
      const { answer, undo } = await this.source.library.change<{ imported: number; problems: string[] }>("POST", "schedule/import", calendar);
      this.#done([words.imported(answer.imported), ...answer.problems.slice(0, 2)].join(" "), undo);
    });
  }
}

define("yulelight-calendar", YulelightCalendar);
