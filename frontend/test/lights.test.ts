import { describe, expect, test } from "vitest";

import { additions, problemsOf } from "../src/page/lights/told";

describe("lights that were found", () => {
  test("come with the lines that add them", () => {
    const found = [
      { name: "wled-porch", host: "192.168.1.40", problem: "", label: 'Porch "Süd"', leds: 120 },
      { name: "gone", host: "192.168.1.41", problem: "does not answer" },
    ];
    const brokers = [
      { broker: "10.0.0.2:1883", problem: "", lights: [{ id: "tasmota/a", name: "A\nB" }] },
      { broker: "empty", problem: "it is not reachable", lights: [] },
    ];
    expect(additions({ problem: "", found, brokers })).toEqual([
      { title: 'Porch "Süd"', count: 120, lines: '[[output]]\ntype = "wled"\nname = "porch-sud"\nhost = "192.168.1.40"' },
      {
        title: "10.0.0.2:1883",
        count: 1,
        lines: '[[output]]\ntype = "mqtt-light"\nname = "10-0-0-2-1883"\nlights = [\n  { id = "tasmota/a", channel = 1 },  # A B\n]',
      },
    ]);
    expect(problemsOf({ problem: "", found, brokers })).toEqual(["it is not reachable"]);
  });
});
