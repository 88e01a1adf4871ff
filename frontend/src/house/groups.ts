// The eight groups of lights, from low to high notes: their colours, touch areas and glow.

import type { Box } from "./plan";
import * as plan from "./plan";
import { along, chance, circle, hanging, type Point, path, r1 } from "./svg";

export interface Group {
  /** Colour of the bulbs and of their controls. */
  colour: string;
  /** What the lit lights cover, halos included. */
  box: Box;
  /** Touch areas; the first one takes the focus. */
  touch: readonly Box[];
  bulbs: readonly Point[];
  /** Radius of a bulb. */
  size: number;
  /** What else is drawn while lit, under the bulbs. */
  shine: string;
  /** What else is drawn while dark. */
  dark?: string;
}

/** A soft spot of light; `id` names a gradient of the group's colour. */
const spot = (k: number, x: number, y: number, rx: number, ry: number, opacity: number): string =>
  `<ellipse cx="${r1(x)}" cy="${r1(y)}" rx="${r1(rx)}" ry="${r1(ry)}" fill="url(#spot${k})" opacity="${opacity}"/>`;

function canes(): { lit: string; dark: string } {
  const draw = (fill: string, stripe: string): string =>
    plan.CANES.map(([x, y, high]) => {
      const w = high * 0.17;
      const hook = `M${r1(x)} ${y}V${r1(y - high * 0.72)}a${r1(high * 0.2)} ${r1(high * 0.2)} 0 0 1 ${r1(high * 0.4)} 0v${r1(high * 0.1)}`;
      const line = `stroke-width="${r1(w)}" fill="none"`;
      return `<path d="${hook}" stroke="${fill}" ${line} stroke-linecap="round"/><path d="${hook}" stroke="${stripe}" ${line} stroke-dasharray="${r1(w * 0.7)} ${r1(w * 0.8)}"/>`;
    }).join("");
  return { lit: draw("#fff3ee", "#ff3b35"), dark: draw("#a7abc9", "#7d2b3c") };
}

function hedges(): Point[] {
  const next = chance(5);
  const points: Point[] = [];
  for (const [x, y, w, h] of plan.HEDGES) {
    for (let row = 0; row < 3; row++) {
      for (let k = 0; k < 9; k++) {
        points.push([x + 4 + ((w - 8) * (k + (row % 2) / 2)) / 8.6 + next() * 2, y + h - 4 - row * 6 - next() * 2.2]);
      }
    }
  }
  return points;
}

function door(): Point[] {
  const { x, top, foot, half } = plan.DOOR;
  const arch: Point[] = [[x - half - 5, foot - 2]];
  for (let k = 0; k <= 10; k++) {
    const angle = Math.PI * (1 - k / 10);
    arch.push([x + (half + 5) * Math.cos(angle), top - (half + 5) * Math.sin(angle)]);
  }
  arch.push([x + half + 5, foot - 2]);
  const ring = Array.from({ length: 8 }, (_, k): Point => {
    const angle = (Math.PI * k) / 4;
    return [plan.WREATH[0] + 6.5 * Math.cos(angle), plan.WREATH[1] + 6.5 * Math.sin(angle)];
  });
  return [...along(arch, 5.2), ...ring];
}

/** Lamplight behind the panes, brighter below, with a candle arch on the sill. */
function windows(): string {
  const { x, top, foot, half } = plan.ARCHED;
  const arch = `M${x - half} ${foot}V${top}a${half} ${half} 0 0 1 ${half * 2} 0V${foot}Z`;
  const glass = plan.WINDOWS.map(([a, b, w, h]) => `<rect x="${a}" y="${b}" width="${w}" height="${h}" fill="url(#lamp)"/>`).join("");
  const candles = plan.WINDOWS.slice(0, 4).map(([a, b, w, h]) => {
    const flames = [-2, -1, 0, 1, 2].map((k) => circle([a + w / 2 + k * 3.2, b + h - 6 - (2 - Math.abs(k)) * 2.6], 0.9, "#fffbe8"));
    return flames.join("");
  });
  const spots = plan.WINDOWS.map(([a, b, w, h]) => spot(4, a + w / 2, b + h / 2, w * 1.35, h * 0.95, 0.62)).join("");
  const spill = [132, 162, 282, 312].map((at) => spot(4, at, 272, 20, 9, 0.55)).join("");
  return `${spots}${spot(4, x, 138, 27, 30, 0.62)}${spill}${glass}${path(arch, "url(#lamp)")}${candles.join("")}`;
}

function fir(): Point[] {
  const { x, tip, foot, half } = plan.FIR;
  const next = chance(21);
  const points: Point[] = [];
  for (let turn = 1; turn <= 8; turn++) {
    const t = turn / 8.4;
    const wide = half * t ** 0.9 * 0.86;
    const y = tip + (foot - tip) * t * 0.93;
    for (const [px, py] of hanging([x - wide, y - 3], [x + wide, y - 8], 5, 7.2)) {
      points.push([px + (next() - 0.5) * 2, py + (next() - 0.5) * 2]);
    }
  }
  return points;
}

/** Icicles of uneven length below the eaves. */
function icicles(): Point[] {
  const next = chance(9);
  const y = plan.EAVE[0][1] + 3;
  const strands: Point[] = [];
  for (const [from, to] of [
    [99, 178],
    [266, 345],
  ] as const) {
    for (const [k, [x]] of along(
      [
        [from, y],
        [to, y],
      ],
      4.6,
    ).entries()) {
      const drops = [1, 3, 2, 5, 2, 4][k % 6]! + (next() < 0.35 ? 1 : 0);
      for (let j = 0; j < drops; j++) strands.push([x, y + j * 3.5]);
    }
  }
  return strands;
}

function roof(): Point[] {
  const [[left, y], [right]] = plan.RIDGE;
  const [[eaveLeft, eave], [eaveRight]] = plan.EAVE;
  return [
    ...along(
      plan.RAKE.map(([x, h]): Point => [x, h - 2]),
      5.4,
    ),
    ...along(
      [
        [200, y - 3],
        [left, y - 3],
        [eaveLeft + 1, eave - 6],
      ],
      5.6,
    ),
    ...along(
      [
        [244, y - 3],
        [right, y - 3],
        [eaveRight - 1, eave - 6],
      ],
      5.6,
    ),
  ];
}

export function starPath(outer: number, inner = outer * 0.44): string {
  const [x, y] = plan.STAR;
  const corners = Array.from({ length: 10 }, (_, k) => {
    const angle = (Math.PI * k) / 5;
    const r = k % 2 ? inner : outer;
    return `${r1(x + r * Math.sin(angle))} ${r1(y - r * Math.cos(angle))}`;
  });
  return `M${corners.join("L")}Z`;
}

function star(): string {
  const [x, y] = plan.STAR;
  const rays = [
    [0, 44],
    [72, 34],
    [36, 24],
    [108, 24],
    [144, 34],
  ]
    .map(([angle, length]) => `<ellipse cx="${x}" cy="${y}" rx="1.3" ry="${length}" fill="url(#spot8)" opacity=".55" transform="rotate(${angle} ${x} ${y})"/>`)
    .join("");
  return `${spot(8, x, y, 46, 46, 0.75)}${rays}${path(starPath(17), "#ffe9b0")}${path(starPath(11), "#fffdf2")}`;
}

const cane = canes();

export const GROUPS: readonly Group[] = [
  {
    colour: "#ff5148",
    box: [132, 236, 182, 84],
    size: 0,
    bulbs: [],
    touch: [
      [194, 264, 58, 54],
      [140, 294, 54, 26],
      [252, 294, 54, 26],
    ],
    shine:
      plan.CANES.map(([x, y, h]) => spot(1, x + h * 0.2, y - h * 0.4, h * 0.95, h * 0.95, 0.7) + spot(1, x + h * 0.15, y + 2, h * 1.25, h * 0.34, 0.85)).join(
        "",
      ) + cane.lit,
    dark: cane.dark,
  },
  {
    colour: "#ff9a2e",
    box: [84, 220, 276, 62],
    size: 1.25,
    bulbs: hedges(),
    touch: [
      [100, 245, 92, 49],
      [252, 245, 92, 49],
    ],
    shine: plan.HEDGES.map(([x, y, w, h]) => spot(2, x + w / 2, y + h / 2, w * 0.62, h * 1.15, 0.62) + spot(2, x + w / 2, y + h + 4, w * 0.6, 8, 0.75)).join(
      "",
    ),
  },
  {
    colour: "#ffcf4d",
    box: [172, 170, 100, 116],
    size: 1.35,
    bulbs: door(),
    touch: [[197, 200, 50, 62]],
    shine: spot(3, 222, 218, 46, 50, 0.62) + spot(3, 222, 264, 42, 13, 0.75),
  },
  {
    colour: "#ffb057",
    box: [88, 100, 268, 186],
    size: 0,
    bulbs: [],
    touch: [
      [110, 196, 82, 49],
      [252, 196, 82, 49],
      [197, 106, 50, 50],
    ],
    shine: windows(),
  },
  {
    colour: "#4dff8a",
    box: [0, 92, 112, 190],
    size: 1.45,
    bulbs: fir(),
    touch: [[6, 108, 88, 152]],
    shine: spot(5, 53, 206, 58, 74, 0.55) + spot(5, 53, 263, 54, 12, 0.85),
  },
  {
    colour: "#62c6ff",
    box: [84, 156, 276, 62],
    size: 1.15,
    bulbs: icicles(),
    touch: [
      [98, 146, 92, 50],
      [254, 146, 92, 50],
    ],
    shine: spot(6, 138, 184, 60, 26, 0.7) + spot(6, 306, 184, 60, 26, 0.7),
  },
  {
    colour: "#d98bff",
    box: [82, 66, 280, 116],
    size: 1.35,
    bulbs: roof(),
    touch: [
      [98, 92, 96, 54],
      [250, 92, 96, 54],
    ],
    shine: spot(7, 150, 128, 62, 34, 0.55) + spot(7, 294, 128, 62, 34, 0.55) + spot(7, 222, 122, 56, 50, 0.5),
  },
  { colour: "#fff0c4", box: [172, 8, 100, 100], size: 0, bulbs: [], touch: [[196, 32, 52, 54]], shine: star(), dark: path(starPath(17), "var(--unlit)") },
];

/** SVG content of a lit group. */
export function lit(group: Group, k: number): string {
  const halos = group.bulbs.map((at) => circle(at, group.size * 4.6, `url(#halo${k})`)).join("");
  const cores = group.bulbs.map((at) => circle(at, group.size, `url(#core${k})`)).join("");
  return group.shine + halos + cores;
}

/** How it looks while dark. */
export function unlit(group: Group, k: number): string {
  return (group.dark ?? "") + group.bulbs.map((at) => circle(at, group.size * 0.8, `var(--c${k})`, ' opacity=".3"')).join("");
}
