import { expect, it } from "vitest";

import { hoursOf } from "../src/hass/types";
import { momentOf } from "../src/moments";

const NOW = Date.UTC(2026, 10, 30, 12);
const told = (iso: string, language: string, hours = {}): string => momentOf(iso, language, { timeZone: "UTC", ...hours }, NOW).replaceAll("\u202f", " ");

it("a moment is told as its reader's language does", () => {
  expect(told("2026-12-04T17:30:00Z", "en-US")).toBe("Friday 5:30 PM");
  expect(told("2026-12-04T17:30:00Z", "en-GB")).toBe("Friday 17:30");
  expect(told("2026-12-04T17:30:00Z", "de-AT")).toBe("Freitag, 17:30");
  expect(told("2026-12-24T09:05:00+01:00", "de")).toContain("24. Dez");
  expect(told("tomorrow", "en")).toBe("");
});

it("who set twelve hours or the house's clock in Home Assistant gets them", () => {
  const profile = (time_format: string, time_zone = "local") =>
    hoursOf({ locale: { language: "de", time_format, time_zone }, config: { time_zone: "Europe/Vienna" } });
  expect(told("2026-12-04T17:30:00Z", "de", profile("12"))).toContain("5:30 PM");
  expect(told("2026-12-04T17:30:00Z", "en-US", profile("24"))).toContain("17:30");
  expect(told("2026-12-04T17:30:00Z", "en-GB", profile("language", "server"))).toContain("18:30");
  expect(profile("language")).toEqual({});
});
