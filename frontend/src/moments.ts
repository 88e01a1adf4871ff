// Dates and times as text, "Friday 17:30" or "Friday, 5:30 PM", by the user's language and settings.

/** Settings besides the language: the time format and the time zone. */
export type Hours = Pick<Intl.DateTimeFormatOptions, "hourCycle" | "timeZone">;

/** Within this time (ms) the weekday alone identifies the day. */
const SOON = 6 * 86_400_000;

/** A moment of `iso` as told at `now` (ms since 1970); empty for what is no moment. */
export function momentOf(iso: string, language: string, hours: Hours, now: number): string {
  const when = new Date(iso);
  if (Number.isNaN(when.getTime())) return "";
  const day: Intl.DateTimeFormatOptions = when.getTime() - now < SOON ? { weekday: "long" } : { weekday: "short", day: "numeric", month: "short" };
  return when.toLocaleString(language || undefined, { ...day, hour: "numeric", minute: "2-digit", ...hours });
}
