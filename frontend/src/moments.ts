// Moments in words: "Friday 17:30" or "Friday, 5:30 PM", as the reader's language and settings have it.

/** What may be set beside the language: twelve or twenty-four hours, and whose clock. */
export type Hours = Pick<Intl.DateTimeFormatOptions, "hourCycle" | "timeZone">;

/** Within this (ms) the weekday says which day is meant. */
const SOON = 6 * 86_400_000;

/** A moment of `iso` as told at `now` (ms since 1970); empty for what is no moment. */
export function momentOf(iso: string, language: string, hours: Hours, now: number): string {
  const when = new Date(iso);
  if (Number.isNaN(when.getTime())) return "";
  const day: Intl.DateTimeFormatOptions = when.getTime() - now < SOON ? { weekday: "long" } : { weekday: "short", day: "numeric", month: "short" };
  return when.toLocaleString(language || undefined, { ...day, hour: "numeric", minute: "2-digit", ...hours });
}
