import { describe, expect, test } from "vitest";

import { additions } from "../src/page/lights/told";

describe("lights that were found", () => {
  test("come with the lines that add them", () => {
    const found = [
      { name: "wled-porch", host: "192.168.1.40", problem: "", label: 'Porch "Süd"', leds: 120 },
      { name: "gone", host: "192.168.1.41", problem: "does not answer" },
    ];
    const brokers = [
      { broker: "10.0.0.2:1883", lights: [{ id: "tasmota/a", name: "A" }] },
      { broker: "empty", lights: [] },
    ];
    expect(additions({ found, brokers })).toEqual([
      { title: 'Porch "Süd"', count: 120, lines: '[[output]]\ntype = "wled"\nname = "porch-sud"\nhost = "192.168.1.40"' },
      {
        title: "10.0.0.2:1883",
        count: 1,
        lines: '[[output]]\ntype = "mqtt-light"\nname = "10-0-0-2-1883"\nlights = [\n  { id = "tasmota/a", channel = 1 },\n]',
      },
    ]);
  });
});
