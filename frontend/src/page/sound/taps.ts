// Taps along with clicks or blinks that come once a second: how late they are heard or seen. Pure.

/** Taps that are needed. */
export const TAPS = 10;
/** The first ones find the beat, and do not count. */
const WARM = 2;
/** Taps that must agree. */
const LEAST = 5;
/** Seconds within which taps agree whatever the others do; a person's taps spread by 20 to 50 ms. */
const CLOSE = 0.06;
/** Seconds of spread from which nobody can tell. */
const WILD = 0.12;

export interface Tapped {
  /** Seconds from the whole second to the middle of the taps, from -0.5 to 0.5. */
  offset: number;
  /** Median distance from it, in seconds. */
  spread: number;
  /** Taps that agree. */
  kept: number;
}

/** Seconds from the nearest whole second, from -0.5 to 0.5. */
export function wrapped(seconds: number): number {
  return seconds - Math.round(seconds);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The middle of taps at these `positions` (s) of the clicks, without outliers; null where they are too few or too irregular. */
export function tapped(positions: readonly number[]): Tapped | null {
  const taps = positions.slice(WARM);
  if (taps.length < LEAST) return null;
  // The mean direction on the circle: half a second early and half a second late are the same.
  const turn = (part: (x: number) => number): number => taps.reduce((sum, tap) => sum + part(2 * Math.PI * tap), 0);
  const about = Math.atan2(turn(Math.sin), turn(Math.cos)) / (2 * Math.PI);
  const near = taps.map((tap) => wrapped(tap - about));
  const middle = median(near);
  const distance = median(near.map((x) => Math.abs(x - middle)));
  const kept = near.filter((x) => Math.abs(x - middle) <= Math.max(CLOSE, 4 * distance));
  const found = median(kept);
  const spread = median(kept.map((x) => Math.abs(x - found)));
  if (kept.length < LEAST || kept.length < 0.6 * taps.length || spread > WILD) return null;
  return { offset: wrapped(about + found), spread, kept: kept.length };
}

/** The delay (s) with which sound and light come together: what a person adds to one tap, he adds to the other. */
export function delayFrom(before: number, sound: Tapped, light: Tapped, least: number, most: number): number {
  const wanted = before + wrapped(sound.offset - light.offset);
  return Math.round(1000 * Math.min(most, Math.max(least, wanted))) / 1000;
}
