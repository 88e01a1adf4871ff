import { beforeAll, describe, expect, it, vi } from "vitest";

import { en } from "../src/words/en";

let config: typeof import("../src/card/config");
let strategy: typeof import("../src/card/strategy");

const hass = {
  states: {
    "media_player.house": { entity_id: "media_player.house", state: "idle", attributes: { friendly_name: "House" } },
    "media_player.tv": { entity_id: "media_player.tv", state: "on", attributes: {} },
    "calendar.house_schedule": { entity_id: "calendar.house_schedule", state: "off", attributes: {} },
    "switch.house_blackout": { entity_id: "switch.house_blackout", state: "off", attributes: {} },
    "switch.other": { entity_id: "switch.other", state: "off", attributes: {} },
  },
  entities: {
    "media_player.house": { platform: "yulelight", device_id: "d" },
    "calendar.house_schedule": { platform: "yulelight", device_id: "d" },
    "switch.house_blackout": { platform: "yulelight", device_id: "d" },
    "media_player.tv": { platform: "cast", device_id: "t" },
  },
  language: "en",
} as never;

beforeAll(async () => {
  // The elements need no page to be defined, only its names.
  const base = class {};
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {} }));
  vi.stubGlobal("customElements", { get: () => undefined, define: () => {} });
  vi.stubGlobal("HTMLElement", base);
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("document", { createTreeWalker: () => ({}), createComment: () => ({}), documentElement: { lang: "en" } });
  config = await import("../src/card/config");
  strategy = await import("../src/card/strategy");
});

describe("the card's settings", () => {
  it("name Yulelight's player by themselves", () => {
    expect(config.stub(hass)).toEqual({ entity: "media_player.house" });
    expect(config.suggestion(hass, "media_player.house")).toEqual({ config: { type: "custom:yulelight-card", entity: "media_player.house" } });
    expect(config.suggestion(hass, "media_player.tv")).toBeNull();
    expect(config.suggestion(hass, "switch.other")).toBeNull();
  });

  it("are refused in words when they cannot be", () => {
    const check = (more: object) => () => config.check({ type: "x", entity: "media_player.house", ...more }, en);
    expect(() => config.check({}, en)).toThrow(en.card.noPlayer);
    expect(check({ entity: "light.x" })).toThrow(en.card.noPlayer);
    for (const lights of ["x", [{ x: 1 }], [{ x: -1, y: 0 }], Array(9).fill({ x: 1, y: 1 }), [{ x: NaN, y: 1 }]])
      expect(check({ lights })).toThrow(en.card.wrongLights);
    for (const image of ["javascript:alert(1)", 5, "house.jpg"]) expect(check({ image })).toThrow(en.card.wrongImage);
    expect(check({ image: "/local/house.jpg", lights: [{ x: 0, y: 100 }], parts: [] })()).toMatchObject({ image: "/local/house.jpg" });
    expect(check({ image: { media_content_id: "/api/image/serve/1/512x512" } })().image).toBe("/api/image/serve/1/512x512");
  });

  it("all have a label", () => {
    const form = config.form(en) as { schema: { name: string; schema?: { name: string }[] }[]; computeLabel(item: object): string };
    const names = form.schema.flatMap((item) => [item, ...(item.schema ?? [])]).map(({ name }) => name);
    expect(names).toEqual(["entity", "name", "parts", "appearance", "sky", "image", "lights"]);
    for (const name of names) expect(form.computeLabel({ name })).not.toBe(name);
  });
});

describe("the dashboard in one click", () => {
  it("has the remote control, the calendar and what can be set, and nothing of other devices", async () => {
    const { views } = (await strategy.YulelightStrategy.generate({}, hass)) as { views: { path: string }[] };
    expect(views.map(({ path }) => path)).toEqual(["show", "calendar", "settings"]);
    const text = JSON.stringify(views);
    expect(text).toContain("custom:yulelight-card");
    expect(text).toContain("switch.house_blackout");
    expect(text).not.toContain("switch.other");
  });

  it("says what to do when there is no house", async () => {
    const { views } = (await strategy.YulelightStrategy.generate({}, { states: {}, entities: {}, language: "de" } as never)) as { views: object[] };
    expect(JSON.stringify(views)).toContain("Hier ist kein Haus");
  });
});
