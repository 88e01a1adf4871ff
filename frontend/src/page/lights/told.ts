// The service's data about the lights, and their positions in the picture. Pure.

import { GROUPS } from "../../house/groups";
import { HEIGHT, WIDTH } from "../../house/plan";

export interface Output {
  name: string;
  type: string;
  healthy: boolean;
  problem: string;
  lights: { channel: number; kind: string | null; load: number }[];
}

export interface HouseView {
  power_budget: number | null;
  sides: number[];
  positions: { channel: number; x: number; y: number }[];
}

export interface Node {
  id: string;
  health: { rtt_us?: number; error_p50_us?: number } | null;
}

export interface At {
  x: number;
  y: number;
}

/** Position of each light in percent of the picture: where it was moved, or the middle of its drawing. */
export function placesOf({ positions }: HouseView): At[] {
  return GROUPS.map(({ touch }, k) => {
    const moved = positions.find(({ channel }) => channel === k + 1);
    const [x, y, w, h] = touch[0]!;
    return moved ?? { x: (100 * (x + w / 2)) / WIDTH, y: (100 * (y + h / 2)) / HEIGHT };
  });
}

/** Round to one decimal and clamp to the picture. */
export function inside(value: number): number {
  return Math.round(10 * Math.min(98, Math.max(2, value))) / 10;
}

/** Total watts of all lights on all outputs. */
export function wattsOf(outputs: readonly Output[]): number {
  return Math.round(outputs.flatMap(({ lights }) => lights).reduce((sum, { load }) => sum + load, 0));
}

/** Milliseconds with one decimal below ten. */
export function ms(micros: number): string {
  const value = Math.abs(micros) / 1000;
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

/** Answer of the search for lights: WLED devices, and lights on MQTT brokers. */
export interface Found {
  /** Why the network cannot be searched; empty if it can. */
  problem: string;
  found: { name: string; host: string; problem: string; label?: string; leds?: number }[];
  brokers: { broker: string; problem: string; lights: { id: string; name: string }[] }[];
}

export interface Addition {
  title: string;
  /** LEDs of a WLED device, or lights on a broker. */
  count: number;
  /** Lines for the settings file. */
  lines: string;
}

/** What could not be searched, and why. */
export function problemsOf({ problem, brokers }: Found): string[] {
  return [problem, ...brokers.map((one) => one.problem)].filter(Boolean);
}

/** On one line, as a comment must be. */
function line(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ");
}

/** What could be added to the settings. Each light of a broker gets one of the eight channels in turn. */
export function additions({ found, brokers }: Found): Addition[] {
  const text = (value: string): string => JSON.stringify(value);
  const output = (type: string, name: string, rest: string): string => `[[output]]\ntype = "${type}"\nname = ${text(named(name, type))}\n${rest}`;
  const devices = found
    .filter(({ problem }) => !problem)
    .map(({ name, host, label, leds }) => ({ title: label || name, count: leds ?? 0, lines: output("wled", label || name, `host = ${text(host)}`) }));
  const lights = brokers
    .filter(({ lights }) => lights.length)
    .map(({ broker, lights }) => {
      const rows = lights.slice(0, 32).map(({ id, name }, k) => `  { id = ${text(id)}, channel = ${(k % 8) + 1} },  # ${line(name)}`);
      return { title: broker, count: lights.length, lines: output("mqtt-light", broker, `lights = [\n${rows.join("\n")}\n]`) };
    });
  return [...devices, ...lights];
}

/** A name for an output: letters, digits and hyphens. */
function named(name: string, otherwise: string): string {
  return (
    name
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 32) || otherwise
  );
}
