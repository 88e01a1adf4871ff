// Converts between the calendar's shows and the values of a form. Pure.

import { plus } from "./dates";

export type Sun = { sun: string; offset: number };

/** How many shows a night has, and whether one is left out. */
export interface Night {
  shows: number;
  out: boolean;
}

export interface Show {
  uid: string;
  summary: string;
  playlist: string;
  look: string | null;
  start: string | (Sun & { date: string });
  end: string | Sun | { duration: number };
  timezone: string | null;
  rrule: string;
  exdates: string[];
  overrides: (Partial<Show> & { occurrence: string })[];
  [field: string]: unknown;
}

export interface Showing {
  uid: string;
  occurrence: string;
  start: string;
  end: string;
  summary: string;
  playlist: string;
  look: string | null;
  rrule: string;
}

export interface Schedule {
  events: Show[];
  timezone: string;
  armed: boolean;
  next: Showing | null;
  problems: string[];
  message: string;
  quiet_hours?: { start: string; end: string; volume: number; brightness: number }[];
}

export type Why = "playing" | "coming" | "over" | "stopped" | "disarmed" | "hidden" | "no_playlist" | "left_out";

export interface Tonight {
  night: string;
  armed: boolean;
  showings: { uid: string; occurrence: string; summary: string; start: string | null; end: string | null; state: Why; behind: string }[];
}

/** Values of the form. `start` and `end`: "17:30" or "sunset"; `until`: the last night, or "" for one night only. */
export interface Plan {
  playlist: string;
  look: string;
  night: string;
  until: string;
  start: string;
  end: string;
}

/** A new show. One that ends before it begins ends the next morning. */
export function showOf({ playlist, look, night, until, start, end }: Plan): Record<string, unknown> {
  const begins = start === "sunset" ? { sun: "sunset", offset: 0, date: night } : `${night}T${start}:00`;
  const late = start === "sunset" ? end < "12:00" : end <= start;
  return {
    summary: playlist,
    playlist,
    look: look || null,
    start: begins,
    end: `${late ? plus(night, 1) : night}T${end}:00`,
    rrule: until && until > night ? `FREQ=DAILY;UNTIL=${until.replaceAll("-", "")}` : "",
  };
}

/** The form's values for the show at `showing`. */
export function planOf(show: Show, { start, end, occurrence }: Showing): Plan {
  const other = show.overrides.find((each) => each.occurrence === occurrence);
  const said = { ...show, ...other };
  return {
    playlist: said.playlist,
    look: said.look ?? "",
    night: occurrence,
    until: /UNTIL=(\d{4})(\d{2})(\d{2})/.exec(show.rrule)?.slice(1, 4).join("-") ?? "",
    start: isSunset(said.start) ? "sunset" : start.slice(11, 16),
    end: end.slice(11, 16),
  };
}

/** The newest version of `show` with the changes between `before` and `after`, from `night` on. */
export function changed(show: Show, before: Plan, after: Plan, night: string): Record<string, unknown> {
  const { uid: _uid, overrides: _overrides, ...kept } = show;
  const plain = showOf({ ...after, night, until: "" });
  const body: Record<string, unknown> = { ...kept };
  if (after.playlist !== before.playlist) {
    body["playlist"] = after.playlist;
    if (show.summary === show.playlist) body["summary"] = after.playlist;
  }
  if (after.look !== before.look) body["look"] = after.look || null;
  const moved = after.start !== before.start || after.end !== before.end;
  const shifted = night !== nightOf(show);
  if (moved || shifted) {
    body["start"] = after.start === before.start && typeof show.start !== "string" ? { ...show.start, date: night } : plain["start"];
    body["end"] = after.end === before.end && typeof show.end !== "string" ? show.end : plain["end"];
  }
  if (after.until !== before.until) body["rrule"] = after.until ? showOf({ ...after, night: nightOf(show) })["rrule"] : "";
  return body;
}

/** The first night of a series. */
export function nightOf({ start }: Show): string {
  return typeof start === "string" ? start.slice(0, 10) : start.date;
}

/** The shows of each night; the same map for the same input, so that a month is drawn anew only when it differs. */
export function nightsOnce(): (showings: readonly Showing[], shows: readonly Show[]) => ReadonlyMap<string, Night> {
  let known: [unknown, unknown] = [null, null];
  let nights = new Map<string, Night>();
  return (showings, shows) => {
    if (known[0] === showings && known[1] === shows) return nights;
    known = [showings, shows];
    nights = new Map();
    for (const { start } of showings) {
      const day = start.slice(0, 10);
      nights.set(day, { shows: (nights.get(day)?.shows ?? 0) + 1, out: false });
    }
    for (const { exdates } of shows) for (const day of exdates) if (!nights.has(day)) nights.set(day, { shows: 0, out: true });
    return nights;
  };
}

/** Whether `show` would run on `night` if that night were not excluded. */
export function leftOut(show: Show, night: string): boolean {
  return show.exdates.includes(night);
}

function isSunset(start: unknown): boolean {
  return typeof start === "object" && (start as Sun).sun === "sunset" && !(start as Sun).offset;
}
