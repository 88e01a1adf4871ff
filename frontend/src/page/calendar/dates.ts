// Dates such as "2026-12-24" in the house's calendar, without time or zone. Pure.

/** Days of a month in whole weeks that begin on Monday (`monday`) or Sunday; null for days of other months. */
export function weeksOf(month: string, monday: boolean): (string | null)[][] {
  const first = `${month}-01`;
  const lead = (weekday(first) - (monday ? 1 : 0) + 7) % 7;
  const days: (string | null)[] = Array.from({ length: lead }, () => null);
  for (let day = first; day.startsWith(month); day = plus(day, 1)) days.push(day);
  while (days.length % 7) days.push(null);
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(7 * week, 7 * week + 7));
}

/** The date `days` days later. */
export function plus(day: string, days: number): string {
  const date = utc(day);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The month `months` months after "2026-12". */
export function monthPlus(month: string, months: number): string {
  const date = utc(`${month}-01`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 7);
}

/** 0 for a Sunday. */
export function weekday(day: string): number {
  return utc(day).getUTCDay();
}

/** The first Sunday of Advent: the fourth before Christmas Day. */
export function firstAdvent(year: number): string {
  const eve = `${year}-12-24`;
  return plus(eve, -weekday(eve) - 21);
}

export interface Season {
  /** The first night: the first Sunday of Advent, or today if the season has begun. */
  from: string;
  /** Epiphany. */
  to: string;
}

/** The season that `today` lies in, or the next one. */
export function seasonAt(today: string): Season {
  const year = Number(today.slice(0, 4));
  const begun = today <= `${year}-01-06` ? year - 1 : year;
  const advent = firstAdvent(begun);
  return { from: today > advent ? today : advent, to: `${begun + 1}-01-06` };
}

/** In the notation of that language; "UTC" keeps the date unchanged. */
export function told(day: string, language: string, how: Intl.DateTimeFormatOptions): string {
  return formatter(language, how).format(utc(day));
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs a hundred times what its use costs: one is made for each notation. */
function formatter(language: string, how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(how)}`;
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(language || undefined, { ...how, timeZone: "UTC" });
  formatters.set(key, known);
  return known;
}

/** "17:30" as people of that language write it. */
export function hour(time: string, language: string): string {
  return formatter(language, { hour: "numeric", minute: "2-digit" }).format(new Date(`2000-01-01T${time}:00Z`));
}

/** The time of day from one moment such as "2026-12-24T17:30:00+01:00" to another, in the house's time zone. */
export function hours(start: string, end: string, language: string): string {
  return `${hour(start.slice(11, 16), language)} – ${hour(end.slice(11, 16), language)}`;
}

/** Whether weeks begin on Monday in that language. */
export function startsMonday(language: string): boolean {
  try {
    const locale = new Intl.Locale(language || "en") as Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } };
    return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay !== 7;
  } catch {
    return true;
  }
}

function utc(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}
