import { describe, expect, test } from "vitest";

import { changed, nightsOnce, planOf, type Show, type Showing, showOf } from "../src/page/calendar/shows";

const SHOW: Show = {
  uid: "one",
  summary: "Carols",
  playlist: "Carols",
  look: null,
  start: { sun: "sunset", offset: 0, date: "2026-11-29" },
  end: "2026-11-29T22:00:00",
  timezone: null,
  rrule: "FREQ=DAILY;UNTIL=20270106",
  exdates: ["2026-12-24"],
  overrides: [],
  finish: "cut",
  priority: 3,
};
const NIGHT: Showing = {
  uid: "one",
  occurrence: "2026-12-05",
  start: "2026-12-05T16:12:00+01:00",
  end: "2026-12-05T22:00:00+01:00",
  summary: "Carols",
  playlist: "Carols",
  look: null,
  rrule: SHOW.rrule,
};

describe("a form", () => {
  test("makes a show of one night that ends the next morning", () => {
    expect(showOf({ playlist: "Rock", look: "calm", night: "2026-12-31", until: "", start: "23:00", end: "01:00" })).toEqual({
      summary: "Rock",
      playlist: "Rock",
      look: "calm",
      start: "2026-12-31T23:00:00",
      end: "2027-01-01T01:00:00",
      rrule: "",
    });
  });

  test("makes a season from sunset", () => {
    const show = showOf({ playlist: "Carols", look: "", night: "2026-11-29", until: "2027-01-06", start: "sunset", end: "22:00" });
    expect(show).toMatchObject({ start: { sun: "sunset", date: "2026-11-29" }, end: "2026-11-29T22:00:00", rrule: "FREQ=DAILY;UNTIL=20270106", look: null });
  });

  test("shows a night of a series as it is", () => {
    expect(planOf(SHOW, NIGHT)).toEqual({ playlist: "Carols", look: "", night: "2026-12-05", until: "2027-01-06", start: "sunset", end: "22:00" });
  });

  test("changes what was changed and nothing else", () => {
    const before = planOf(SHOW, NIGHT);
    // Meanwhile, another phone has left out a night and made the end later.
    const newest = { ...SHOW, exdates: ["2026-12-24", "2026-12-31"], end: "2026-11-29T23:00:00" };
    const body = changed(newest, before, { ...before, look: "calm" }, "2026-11-29");
    expect(body).toMatchObject({
      look: "calm",
      end: "2026-11-29T23:00:00",
      start: SHOW.start,
      exdates: newest.exdates,
      rrule: SHOW.rrule,
      finish: "cut",
      priority: 3,
    });
    expect(body).not.toHaveProperty("uid");
  });

  test("moves one night without moving its end to the first one", () => {
    const before = planOf(SHOW, NIGHT);
    const body = changed(SHOW, before, { ...before, start: "18:00" }, "2026-12-05");
    expect(body).toMatchObject({ start: "2026-12-05T18:00:00", end: "2026-12-05T22:00:00" });
    const later = changed(SHOW, before, { ...before, end: "23:30" }, "2026-12-05");
    expect(later).toMatchObject({ start: { sun: "sunset", offset: 0, date: "2026-12-05" }, end: "2026-12-05T23:30:00" });
  });
});

describe("the nights of a month", () => {
  const on = (start: string) => ({ uid: "u", occurrence: start.slice(0, 10), start, end: start, summary: "", playlist: "Carols", look: null, rrule: "" });

  test("count their shows, and know which are left out", () => {
    const nights = nightsOnce()(
      [on("2026-12-05T17:00:00+01:00"), on("2026-12-05T20:00:00+01:00"), on("2026-12-06T17:00:00+01:00")],
      [{ ...SHOW, exdates: ["2026-12-06", "2026-12-24"] }],
    );
    expect(Object.fromEntries(nights)).toEqual({
      "2026-12-05": { shows: 2, out: false },
      "2026-12-06": { shows: 1, out: false },
      "2026-12-24": { shows: 0, out: true },
    });
  });

  test("are made anew only for other shows", () => {
    const nights = nightsOnce();
    const showings = [on("2026-12-05T17:00:00+01:00")];
    const shows = [SHOW];
    const first = nights(showings, shows);
    expect(nights(showings, shows)).toBe(first);
    expect(nights([...showings], shows)).not.toBe(first);
  });
});
