// The house on a winter night: everything that does not glow, drawn once.

import { GROUPS, unlit } from "./groups";
import { ARCHED, CHIMNEY, DOOR, DORMER, DORMERS, EAVE, FIR, GABLE_WALL, GROUND, HEDGES, RAKE, RIDGE, SNOWMAN, STAR, WALL, WINDOWS, WREATH } from "./plan";
import { chance, circle, linear, path, r1, radial, rect } from "./svg";

/** The landscape continues to the left and right of the picture, for wide screens. */
const FAR = 1000;

/** Gradients of everything; they serve all drawings of the same shadow tree. */
export function gradients(): string {
  const groups = GROUPS.map((_, index) => {
    const k = index + 1;
    const colour = `var(--c${k})`;
    return (
      radial(`spot${k}`, [
        [0, colour, 0.85],
        [0.45, colour, 0.3],
        [1, colour, 0],
      ]) +
      radial(`halo${k}`, [
        [0, colour, 0.95],
        [0.22, colour, 0.55],
        [0.55, colour, 0.16],
        [1, colour, 0],
      ]) +
      radial(`core${k}`, [
        [0, "#fff"],
        [0.55, `color-mix(in srgb,${colour} 35%,#fff)`],
        [1, colour],
      ])
    );
  });
  return (
    groups.join("") +
    linear("lamp", [
      [0, "#ffb04a"],
      [0.6, "#ffcf75"],
      [1, "#fff0b8"],
    ]) +
    linear("wall", [
      [0, "var(--wall-1)"],
      [1, "var(--wall-2)"],
    ]) +
    linear("roof", [
      [0, "var(--snow-1)"],
      [0.75, "var(--snow-2)"],
      [1, "var(--snow-3)"],
    ]) +
    linear(
      "field",
      [
        [0, "var(--field-1)"],
        [1, "var(--field-2)"],
      ],
      ' gradientUnits="userSpaceOnUse" x1="0" y1="240" x2="0" y2="330"',
    ) +
    linear("hill", [
      [0, "var(--snow-3)"],
      [1, "var(--snow-4)"],
    ]) +
    linear("far", [
      [0, "var(--far-1)"],
      [1, "var(--far-2)"],
    ]) +
    linear(
      "fir",
      [
        [0, "var(--fir-1)"],
        [1, "var(--fir-2)"],
      ],
      "",
    ) +
    radial("moonlight", [
      [0, "#fff6dc", 0.55],
      [0.2, "#dfe6ff", 0.22],
      [1, "#9fb4ff", 0],
    ]) +
    radial(
      "moon",
      [
        [0, "#fffdf4"],
        [0.7, "#fdf3d6"],
        [1, "#e6d6b0"],
      ],
      ' cx=".4" cy=".4"',
    ) +
    radial(
      "ball",
      [
        [0, "#fff"],
        [0.6, "var(--snow-1)"],
        [1, "var(--snow-3)"],
      ],
      ' cx=".36" cy=".32"',
    )
  );
}

export function scene(): string {
  return [
    circle([88, 64], 96, "url(#moonlight)", ' class="moonlight"'),
    moon(88, 64),
    mountains(),
    forest(31, 214, 9, 20, "var(--wood-1)"),
    hill(226, 7, 1.1),
    forest(47, 236, 12, 30, "var(--wood-2)", 105),
    path(`M${-FAR} 246Q-120 238 60 248T400 244T${FAR + 400} 250V700H${-FAR}Z`, "url(#field)"),
    ...walk(),
    ...house(),
    ...hedges(),
    ...tree(),
    snowman(),
    ...GROUPS.map((group, index) => unlit(group, index + 1)),
  ].join("");
}

/** Stars that twinkle together. */
export function stars(seed: number, count: number): string {
  const next = chance(seed);
  let drawn = "";
  for (let k = 0; k < count; k++) {
    const y = -260 + next() ** 0.8 * 420;
    drawn += circle([-300 + next() * 1000, y], 0.35 + next() ** 3 * 0.9, next() < 0.25 ? "#ffe9c9" : "#eaf1ff", ` opacity="${r1(1 - Math.max(0, y) / 190)}"`);
  }
  return drawn;
}

function moon(x: number, y: number): string {
  const craters = (
    [
      [-5, -3, 3.2],
      [4, 3, 4],
      [-2, 6, 2.2],
      [6, -6, 2],
    ] as const
  ).map(([cx, cy, r]) => circle([x + cx, y + cy], r, "#d9c79c", ' opacity=".35"'));
  return `<g class="moon">${circle([x, y], 14, "url(#moon)")}${craters.join("")}</g>`;
}

function mountains(): string {
  const next = chance(13);
  const step = 120;
  let d = `M${-FAR} 400V190`;
  for (let x = -FAR; x < FAR + 400; x += step) {
    const top = 196 - 62 * (0.4 + 0.6 * next());
    const peak = x + step * (0.3 + 0.4 * next());
    d += `L${r1(peak - 16)} ${r1(top + 13)}L${r1(peak)} ${r1(top)}L${r1(peak + 20)} ${r1(top + 19)}L${x + step} ${r1(196 - 10 * next())}`;
  }
  return path(`${d}V400Z`, "url(#far)");
}

function hill(y: number, swing: number, speed: number): string {
  let d = `M${-FAR} 400`;
  for (let x = -FAR; x <= FAR + 400; x += 20) d += `L${x} ${r1(y + swing * (Math.sin((x / 130) * speed) + 0.5 * Math.sin(x / 57 + 1)))}`;
  return path(`${d}V400Z`, "url(#hill)");
}

/** A row of small firs with snow on their shoulders; none behind the house when `gap` says how wide it is. */
function forest(seed: number, y: number, low: number, high: number, colour: string, gap = 0): string {
  const next = chance(seed);
  let trees = "";
  let snow = "";
  for (let x = -FAR; x < FAR + 400; x += low * (0.6 + next() * 0.9)) {
    const h = low * 0.7 + next() ** 2 * (high - low) + low * 0.6;
    const foot = y + (next() - 0.3) * 7;
    if (Math.abs(x - 222) < gap) continue;
    const w = h * 0.34;
    for (const [top, bottom, wide] of [
      [1, 0.56, 0.55],
      [0.74, 0.28, 0.8],
      [0.46, 0, 1],
    ] as const) {
      const peak = r1(foot - h * top);
      const edge = r1(foot - h * bottom);
      trees += `M${r1(x)} ${peak}L${r1(x + w * wide)} ${edge}Q${r1(x)} ${r1(edge + h * 0.07)} ${r1(x - w * wide)} ${edge}Z`;
      snow += `M${r1(x)} ${peak}L${r1(x - w * wide * 0.75)} ${r1(edge - h * 0.08)}l${r1(w * 0.3)} ${r1(-h * 0.03)}Z`;
    }
  }
  return path(trees, colour) + path(snow, "var(--snow-2)", ' opacity=".5"');
}

/** The cleared path from the door to the street. */
function walk(): string[] {
  return [
    path(`M208 ${GROUND + 4}C206 276 186 292 142 330H306C262 292 240 276 236 ${GROUND + 4}Z`, "var(--walk)"),
    path(
      `M208 ${GROUND + 4}C206 276 186 292 142 330h7C190 294 210 276 211 ${GROUND + 4}ZM236 ${GROUND + 4}C240 276 262 292 306 330h-7C256 294 235 276 233 ${GROUND + 4}Z`,
      "var(--snow-1)",
      ' opacity=".75"',
    ),
  ];
}

function house(): string[] {
  return [
    `<ellipse cx="222" cy="${GROUND + 3}" rx="138" ry="9" fill="var(--shade)"/>`,
    chimney(),
    rect(...WALL, "url(#wall)"),
    boards(WALL),
    rect(WALL[0], GROUND - 9, WALL[2], 9, "var(--stone)"),
    ...[WALL[0], WALL[0] + WALL[2] - 4].map((x) => rect(x, WALL[1], 4, WALL[3], "var(--trim)")),
    mainRoof(),
    ...DORMERS.map(dormer),
    gable(),
    ...WINDOWS.map((box) => windowFrame(...box)),
    archedWindow(),
    door(),
  ];
}

function boards([x, y, w, h]: readonly [number, number, number, number]): string {
  let d = "";
  for (let k = 5; k < h; k += 5) d += `M${x} ${y + k}h${w}`;
  return `<path d="${d}" stroke="var(--seam)" stroke-width=".7"/>`;
}

function chimney(): string {
  const [x, y, w, h] = CHIMNEY;
  let bricks = "";
  for (let row = 1; row < h / 5; row++) {
    bricks += `M${x} ${y + row * 5}h${w}`;
    for (let k = row % 2 ? 5 : 9; k < w; k += 8) bricks += `M${x + k} ${y + row * 5}v-5`;
  }
  return (
    `<path class="smoke" d="M291 84c-5 -10 7 -15 1 -26c-5 -9 7 -15 2 -25" fill="none" stroke="#cdd8f5" stroke-width="5" stroke-linecap="round" opacity=".16"/>` +
    rect(x, y, w, h, "var(--brick)") +
    `<path d="${bricks}" stroke="var(--seam)" stroke-width=".6"/>` +
    rect(x - 2, y, w + 4, 5, "var(--brick)") +
    path(`M${x - 3} ${y + 1}q0 -6 6 -6q5 -3 10 0q8 -1 9 6q-6 3 -12 1q-7 3 -13 -1Z`, "var(--snow-1)")
  );
}

/** Deep snow; its lower edge hangs over the eave in drops. */
function mainRoof(): string {
  const [[left, top], [right]] = RIDGE;
  const [[eaveLeft, eave], [eaveRight]] = EAVE;
  const next = chance(3);
  let edge = "";
  const count = 31;
  const step = (eaveRight - eaveLeft) / count;
  for (let k = 0; k < count; k++) edge += `q${r1(-step / 2)} ${r1(2 + next() * 4)} ${r1(-step)} 0`;
  let shingles = "";
  for (let k = 1; k < 6; k++) {
    const y = top + ((eave - top) * k) / 6;
    const inset = ((left - eaveLeft) * (6 - k)) / 6;
    shingles += `M${r1(eaveLeft + inset + 9)} ${r1(y)}H${r1(eaveRight - inset - 9)}`;
  }
  return (
    rect(eaveLeft + 8, eave - 2, eaveRight - eaveLeft - 16, 6, "var(--trim)") +
    path(`M${left - 2} ${top - 2}q3 -4 8 -4H${right - 6}q5 0 8 4L${eaveRight} ${eave}${edge}Z`, "url(#roof)") +
    `<path d="${shingles}" stroke="var(--snow-3)" stroke-width=".8" opacity=".55"/>`
  );
}

function dormer([x, y]: readonly [number, number]): string {
  const { half, wall, roof } = DORMER;
  const high = y - wall;
  return (
    rect(x - half, high, half * 2, wall, "url(#wall)") +
    path(`M${x - half} ${high}L${x} ${high - roof}L${x + half} ${high}Z`, "var(--wall-1)") +
    path(
      `M${x - half - 5} ${high + 2}L${x} ${high - roof - 4}L${x + half + 5} ${high + 2}q-3 3 -6 0L${x} ${high - roof + 4}L${x - half + 1} ${high + 2}q-3 3 -6 0Z`,
      "var(--snow-1)",
    )
  );
}

function gable(): string {
  const [[left, low], [tip, high], [right]] = RAKE;
  const [x, y, w, h] = GABLE_WALL;
  return (
    path(`M${x} ${y + 2}L${tip} ${high + 8}L${x + w} ${y + 2}V${y + h}H${x}Z`, "url(#wall)") +
    boards([x, y, w, h]) +
    rect(x, GROUND - 9, w, 9, "var(--stone)") +
    [x, x + w - 4].map((at) => rect(at, y - 2, 4, h + 2, "var(--trim)")).join("") +
    path(`M${left - 2} ${low + 7}L${tip} ${high + 7}L${right + 2} ${low + 7}l-7 2L${tip} ${high + 17}L${left + 5} ${low + 9}Z`, "var(--trim)") +
    path(
      `M${left - 6} ${low + 6}q-3 -5 2 -8L${tip - 4} ${high - 4}q4 -4 8 0L${right + 4} ${low - 2}q5 3 2 8q-5 4 -9 0L${tip} ${high + 10}L${left + 3} ${low + 6}q-4 4 -9 0Z`,
      "url(#roof)",
    ) +
    `<path d="M${STAR[0]} ${high - 4}V${STAR[1] + 10}" stroke="var(--trim)" stroke-width="1.6"/>`
  );
}

function windowFrame(x: number, y: number, w: number, h: number): string {
  const rows = h > 20 ? `M${x} ${y + h / 3}h${w}M${x} ${y + (h * 2) / 3}h${w}` : `M${x} ${y + h / 2}h${w}`;
  return (
    rect(x - 2.5, y - 2.5, w + 5, h + 5, "var(--trim)") +
    rect(x, y, w, h, "var(--glass)") +
    path(`M${x} ${y + h}L${x + w * 0.7} ${y}H${x + w}L${x + w * 0.35} ${y + h}Z`, "#fff", ' opacity=".06"') +
    `<path class="pane" d="M${x + w / 2} ${y}v${h}${rows}" stroke="var(--trim)" stroke-width="1.2"/>` +
    path(`M${x - 4} ${y + h + 4}q2 -4 ${w / 2 + 4} -3.4q${w / 2 + 2} -.6 ${w / 2 + 4} 3.4Z`, "var(--snow-1)")
  );
}

function archedWindow(): string {
  const { x, top, foot, half } = ARCHED;
  const shape = (r: number): string => `M${x - r} ${foot}V${top}a${r} ${r} 0 0 1 ${r * 2} 0V${foot}Z`;
  return (
    path(shape(half + 2.5), "var(--trim)") +
    path(shape(half), "var(--glass)") +
    `<path d="M${x} ${top - half}V${foot}M${x - half} ${top}h${half * 2}M${x - half} ${(top + foot) / 2}h${half * 2}" stroke="var(--trim)" stroke-width="1.2"/>` +
    path(`M${x - half - 5} ${foot + 3}q3 -4 16 -3.5q13 -.5 16 3.5Z`, "var(--snow-1)")
  );
}

/** The bars of the windows, drawn again over the lamplight. */
export function bars(): string {
  const { x, top, foot, half } = ARCHED;
  const all = WINDOWS.map(([a, b, w, h]) => {
    const rows = h > 20 ? `M${a} ${b + h / 3}h${w}M${a} ${b + (h * 2) / 3}h${w}` : `M${a} ${b + h / 2}h${w}`;
    return `M${a + w / 2} ${b}v${h}${rows}`;
  });
  const arch = `M${x} ${top - half}V${foot}M${x - half} ${top}h${half * 2}M${x - half} ${(top + foot) / 2}h${half * 2}`;
  return `<path d="${all.join("")}${arch}" stroke="#7a4a2a" stroke-width="1.1"/>`;
}

function door(): string {
  const { x, top, foot, half } = DOOR;
  const shape = (r: number): string => `M${x - r} ${foot}V${top}a${r} ${r} 0 0 1 ${r * 2} 0V${foot}Z`;
  const needles = Array.from({ length: 9 }, (_, k) => {
    const angle = (Math.PI * 2 * k) / 9;
    return circle([WREATH[0] + 6.5 * Math.cos(angle), WREATH[1] + 6.5 * Math.sin(angle)], 3, "var(--fir-2)");
  });
  return (
    path(shape(half + 8), "var(--fir-2)") +
    path(shape(half + 3), "var(--trim)") +
    path(shape(half), "var(--door)") +
    `<path d="M${x - 9} ${foot - 6}v-20h7v20ZM${x + 2} ${foot - 6}v-20h7v20Z" fill="none" stroke="var(--shade)" stroke-width="1"/>` +
    circle([x + 10, foot - 25], 1.2, "#e9c877") +
    needles.join("") +
    path(`M${x} ${WREATH[1] + 6}l-5 -2.5v6ZM${x} ${WREATH[1] + 6}l5 -2.5v6ZM${x} ${WREATH[1] + 6}l-3 8h2.4ZM${x} ${WREATH[1] + 6}l3 8h-2.4Z`, "#d8303f") +
    rect(x - 22, foot - 1, 44, 4, "var(--snow-1)") +
    rect(x - 26, foot + 3, 52, 4, "var(--snow-2)")
  );
}

function hedges(): string[] {
  return HEDGES.map(([x, y, w, h]) => {
    let mounds = "";
    let snow = "";
    const count = 5;
    const step = w / count;
    for (let k = 0; k < count; k++) {
      const cx = x + step * (k + 0.5);
      const lift = k % 2 ? 2 : 0;
      mounds += `<ellipse cx="${r1(cx)}" cy="${y + h / 2 - lift / 2}" rx="${r1(step * 0.68)}" ry="${h / 2 + 2 + lift / 2}" fill="url(#fir)"/>`;
      snow += path(
        `M${r1(cx - step * 0.5)} ${y + 1 - lift}q${r1(step * 0.5)} ${-7} ${r1(step)} 0q${r1(-step * 0.2)} 3 ${r1(-step * 0.4)} 1q${r1(-step * 0.3)} 3 ${r1(-step * 0.6)} -1Z`,
        "var(--snow-1)",
      );
    }
    return mounds + rect(x, y + h - 7, w, 7, "var(--fir-2)") + snow + path(`M${x - 6} ${y + h + 3}q${w / 2 + 6} -7 ${w + 12} 0Z`, "var(--snow-2)");
  });
}

/** Five tiers of ragged branches with snow on them. */
function tree(): string[] {
  const { x, tip, foot, half } = FIR;
  const next = chance(17);
  const tiers: string[] = [];
  for (let tier = 5; tier >= 1; tier--) {
    const top = tip + (foot - tip) * Math.max(0, (tier - 1) / 5 - 0.1);
    const edge = tip + (foot - tip) * (tier / 5) - 6;
    const wide = half * (tier / 5) ** 0.85;
    const points = 2 * tier + 3;
    let ragged = `M${x} ${r1(top)}Q${r1(x + wide * 0.3)} ${r1(edge - 12)} ${r1(x + wide)} ${r1(edge - 2)}`;
    for (let k = 0; k < points; k++) {
      const at = x + wide - (2 * wide * (k + 0.5)) / points;
      const end = x + wide - (2 * wide * (k + 1)) / points;
      const sag = edge + 6 * (1 - ((at - x) / wide) ** 2);
      ragged += `L${r1(at)} ${r1(sag + 4 + next() * 3)}L${r1(end)} ${r1(sag - 2)}`;
    }
    ragged += `Q${r1(x - wide * 0.3)} ${r1(edge - 12)} ${x} ${r1(top)}Z`;
    tiers.push(path(ragged, "url(#fir)"));
    const drift = (side: number): string =>
      `M${r1(x + side * wide * 0.98)} ${r1(edge - 3)}q${r1(-side * wide * 0.25)} ${-7} ${r1(-side * wide * 0.48)} -9q${r1(side * wide * 0.04)} 7 ${r1(side * wide * 0.16)} 8q${r1(side * wide * 0.02)} 4 ${r1(side * wide * 0.32)} 1Z`;
    tiers.push(path(drift(1) + drift(-1), "var(--snow-1)", ' opacity=".9"'));
  }
  return [
    `<ellipse cx="${x}" cy="${foot + 3}" rx="46" ry="7" fill="var(--shade)"/>`,
    rect(x - 4, foot - 8, 8, 12, "var(--bark)"),
    ...tiers,
    path(`M${x} ${tip - 7}l4 10l-4 6l-4 -6Z`, "var(--snow-1)"),
    parcel(x + 24, foot + 5, 17, 12, "#b3243c", "#ffd98c"),
    parcel(x + 38, foot + 7, 11, 15, "#2456a8", "#f4f7ff"),
    parcel(x - 26, foot + 6, 14, 14, "#8a3fa0", "#ffe9f4"),
  ];
}

function parcel(x: number, y: number, w: number, h: number, paper: string, ribbon: string): string {
  return (
    `<g class="gift">${rect(x - w / 2, y - h, w, h, paper, ' rx="1"')}${rect(x - 1.3, y - h, 2.6, h, ribbon)}` +
    path(`M${x} ${y - h}c-2 -5 -7 -5 -6 -2c1 2 4 2 6 2c2 0 5 0 6 -2c1 -3 -4 -3 -6 2Z`, ribbon) +
    "</g>"
  );
}

function snowman(): string {
  const [x, y] = SNOWMAN;
  const ball = (dy: number, r: number): string => circle([x, y - dy], r, "url(#ball)");
  const dot = (dx: number, dy: number, r = 0.9): string => circle([x + dx, y - dy], r, "#1a2038");
  return (
    `<ellipse cx="${x + 2}" cy="${y + 1}" rx="19" ry="4" fill="var(--shade)"/>` +
    `<path d="M${x - 8} ${y - 24}l-11 -7m2.500 1.600l-4 .600m4 -.600l-.700 -3.500M${x + 8} ${y - 24}l11 -8m-2.600 1.800l4 .200m-4 -.200l.800 -3.400" stroke="#3a2526" stroke-width="1.300" stroke-linecap="round"/>` +
    ball(10, 12.5) +
    ball(25, 9) +
    ball(38, 7) +
    dot(-2.4, 39.5) +
    dot(2.4, 39.5) +
    dot(0, 27) +
    dot(0, 22) +
    path(`M${x} ${y - 38}l8 1.800l-8 .600Z`, "#ff9440") +
    path(`M${x - 7} ${y - 33}q7 4 14 0l.400 3q-7 4 -14.800 0ZM${x + 4} ${y - 31}l3.500 10l-3.500 .800l-2.800 -9Z`, "#c8283f") +
    path(`M${x - 9} ${y - 43}h18v-2h-18ZM${x - 5.5} ${y - 45}v-9h11v9Z`, "#1c2340") +
    rect(x - 5.5, y - 47.5, 11, 2.3, "#c8283f")
  );
}
