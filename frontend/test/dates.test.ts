import { describe, expect, test } from "vitest";

import { firstAdvent, hour, monthPlus, plus, seasonAt, weekday, weeksOf } from "../src/page/calendar/dates";

describe("the season", () => {
  // From printed calendars.
  test.each([
    [2022, "2022-11-27"],
    [2023, "2023-12-03"],
    [2024, "2024-12-01"],
    [2025, "2025-11-30"],
    [2026, "2026-11-29"],
    [2033, "2033-11-27"],
  ])("the first Advent of %i", (year, day) => expect(firstAdvent(year)).toBe(day));

  test.each([
    ["2026-07-01", "2026-11-29", "2027-01-06"],
    ["2026-12-10", "2026-12-10", "2027-01-06"],
    ["2027-01-06", "2027-01-06", "2027-01-06"],
    ["2027-01-07", "2027-11-28", "2028-01-06"],
    ["2026-11-29", "2026-11-29", "2027-01-06"],
  ])("seen from %s", (today, from, to) => expect(seasonAt(today)).toEqual({ from, to }));
});

describe("a month", () => {
  test("is whole weeks that hold each of its days once", () => {
    for (let month = "2023-12"; month < "2029-02"; month = monthPlus(month, 1)) {
      for (const monday of [true, false]) {
        const weeks = weeksOf(month, monday);
        const [year, number] = month.split("-").map(Number);
        const days = weeks.flat().filter(Boolean);
        expect(days).toHaveLength(new Date(year!, number!, 0).getDate());
        expect(new Set(days).size).toBe(days.length);
        for (const week of weeks) {
          expect(week).toHaveLength(7);
          for (const [k, day] of week.entries()) if (day) expect(weekday(day)).toBe((k + (monday ? 1 : 0)) % 7);
        }
      }
    }
  });

  test("steps go over the turn of the year", () => {
    expect(plus("2026-12-31", 1)).toBe("2027-01-01");
    expect(plus("2028-03-01", -1)).toBe("2028-02-29");
    expect(monthPlus("2026-01", -1)).toBe("2025-12");
  });
});

test("hours are written as people of that language do", () => {
  expect(hour("17:30", "en-US")).toMatch(/^5:30\sPM$/);
  expect(hour("17:30", "de")).toBe("17:30");
});
