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
