// Dates as "2026-12-24", without a clock or a zone: those of the house's calendar. Pure.

/** Days of a month in whole weeks, the first of which begins with `monday` or a Sunday; null beside the month. */
export function weeksOf(month: string, monday: boolean): (string | null)[][] {
  const first = `${month}-01`;
  const lead = (weekday(first) - (monday ? 1 : 0) + 7) % 7;
  const days: (string | null)[] = Array.from({ length: lead }, () => null);
  for (let day = first; day.startsWith(month); day = plus(day, 1)) days.push(day);
  while (days.length % 7) days.push(null);
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(7 * week, 7 * week + 7));
}

/** The day so many days later. */
export function plus(day: string, days: number): string {
  const date = utc(day);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The month so many months after "2026-12". */
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
  /** The first night: that of the first Advent, or today when the season has begun. */
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

/** As people of that language write it; "UTC" keeps a day what it is. */
export function told(day: string, language: string, how: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language || undefined, { ...how, timeZone: "UTC" }).format(utc(day));
}

/** "17:30" as people of that language write it. */
export function hour(time: string, language: string): string {
  return new Intl.DateTimeFormat(language || undefined, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(new Date(`2000-01-01T${time}:00Z`));
}

/** From one moment of the house to another, "2026-12-24T17:30:00+01:00", as hours of the day. */
export function hours(start: string, end: string, language: string): string {
  return `${hour(start.slice(11, 16), language)} – ${hour(end.slice(11, 16), language)}`;
}

/** Whether weeks begin with Monday there. */
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
