// Drawing helpers: rounding, polylines, seeded random numbers.

export type Point = readonly [number, number];

export const r1 = (value: number): number => Math.round(value * 10) / 10;

/** Always the same "random" numbers in 0..1 for a seed (a linear congruential generator). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Points every `step` along a polyline, including its ends. */
export function along(line: readonly Point[], step: number): Point[] {
  const points: Point[] = [];
  for (let k = 1; k < line.length; k++) {
    const [ax, ay] = line[k - 1]!;
    const [bx, by] = line[k]!;
    const count = Math.max(1, Math.round(Math.hypot(bx - ax, by - ay) / step));
    for (let j = k === 1 ? 0 : 1; j <= count; j++) points.push([ax + ((bx - ax) * j) / count, ay + ((by - ay) * j) / count]);
  }
  return points;
}

/** A garland between two points, hanging `sag` below their line. */
export function hanging(a: Point, b: Point, sag: number, step: number): Point[] {
  const curve: Point[] = [];
  for (let k = 0; k <= 12; k++) {
    const t = k / 12;
    curve.push([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t + sag * 4 * t * (1 - t)]);
  }
  return along(curve, step);
}

export const circle = ([x, y]: Point, r: number, fill: string, more = ""): string => `<circle cx="${r1(x)}" cy="${r1(y)}" r="${r1(r)}" fill="${fill}"${more}/>`;

export const path = (d: string, fill: string, more = ""): string => `<path d="${d}" fill="${fill}"${more}/>`;

export const rect = (x: number, y: number, w: number, h: number, fill: string, more = ""): string =>
  `<rect x="${r1(x)}" y="${r1(y)}" width="${r1(w)}" height="${r1(h)}" fill="${fill}"${more}/>`;

export type Stop = readonly [offset: number, colour: string, opacity?: number];

const stops = (list: readonly Stop[]): string =>
  list.map(([at, colour, opacity = 1]) => `<stop offset="${at}" stop-color="${colour}" stop-opacity="${opacity}"/>`).join("");

export const radial = (id: string, list: readonly Stop[], more = ""): string => `<radialGradient id="${id}"${more}>${stops(list)}</radialGradient>`;

/** From top to bottom. */
export const linear = (id: string, list: readonly Stop[], more = ' x2="0" y2="1"'): string =>
  `<linearGradient id="${id}"${more}>${stops(list)}</linearGradient>`;
