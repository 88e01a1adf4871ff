// The winter night behind everything: sky, moon, mountains, forest and a village in the snow. Drawn once.

import { el, gradient, r1, random } from "./svg.js";

const WIDTH = 1600;
const LEFT = -WIDTH / 2;
export const HEIGHT = 600;

/** Draw the landscape into its layer, and the stars that twinkle into theirs. */
export function drawScene(land, twinkles) {
  land.append(landscape());
  for (const [index, layer] of twinkles.entries()) layer.append(stars(90 + index, 26, 0.9, 1.7));
}

function frame(...children) {
  const viewBox = `${LEFT} 0 ${WIDTH} ${HEIGHT}`;
  return el("svg", { viewBox, preserveAspectRatio: "xMidYMax slice", "aria-hidden": "true" }, ...children);
}

function landscape() {
  return frame(
    el("defs", {},
      gradient("linearGradient", "sky", [
        [0, "#050a20"], [0.34, "#0b1a45"], [0.58, "#1d3170"], [0.74, "#44508f"], [0.84, "#7d6fa3"],
      ], { x2: 0, y2: 1 }),
      gradient("radialGradient", "moonlight", [[0, "#fff6dc", 0.5], [0.18, "#dfe6ff", 0.2], [1, "#9fb4ff", 0]]),
      gradient("radialGradient", "moon", [[0, "#fffdf4"], [0.7, "#fdf3d6"], [1, "#ead9b2"]], { cx: 0.4, cy: 0.4 }),
      gradient("radialGradient", "window", [[0, "#ffcf7a", 0.75], [0.35, "#ffb04d", 0.28], [1, "#ff9a3c", 0]]),
      gradient("linearGradient", "far", [[0, "#5a66a6"], [1, "#3b4889"]], { x2: 0, y2: 1 }),
      gradient("linearGradient", "near", [[0, "#3e4c8d"], [1, "#2a3874"]], { x2: 0, y2: 1 }),
      gradient("linearGradient", "hill1", [[0, "#8494cf"], [1, "#5064a8"]], { x2: 0, y2: 1 }),
      gradient("linearGradient", "hill2", [[0, "#b3c2ea"], [0.5, "#7e92cd"], [1, "#566bb0"]], { x2: 0, y2: 1 }),
      gradient("linearGradient", "hill3", [[0, "#dbe6fb"], [0.35, "#a9bbe6"], [1, "#5d72b5"]], { x2: 0, y2: 1 }),
      gradient("linearGradient", "roof", [[0, "#f4f8ff"], [1, "#b5c5ea"]], { x2: 0, y2: 1 }),
    ),
    el("rect", { x: LEFT, width: WIDTH, height: HEIGHT, fill: "url(#sky)" }),
    stars(7, 150, 0.35, 1.1),
    moon(-158, 128),
    el("path", { d: ridge(11, 372, 74, 8), fill: "url(#far)", opacity: 0.75 }),
    el("path", { d: ridge(23, 408, 56, 11), fill: "url(#near)", opacity: 0.9 }),
    forest(31, 442, 10, 20, "#1c2a5e"),
    el("path", { d: hill(446, 16, 0.9, 0.6), fill: "url(#hill1)" }),
    forest(47, 466, 14, 30, "#16234f"),
    ...village(),
    el("path", { d: hill(484, 14, 0.7, 2.4), fill: "url(#hill2)" }),
    forest(59, 500, 20, 40, "#101d45", 150),
    house(196, 500, 1.25), house(-262, 502, 1.1),
    el("path", { d: hill(520, 10, 0.5, 4.2), fill: "url(#hill3)" }),
  );
}

function stars(seed, count, smallest, largest) {
  const next = random(seed);
  const draw = () => {
    const y = next() ** 1.5 * 380;
    return el("circle", {
      cx: r1(LEFT + next() * WIDTH), cy: r1(y), fill: next() < 0.25 ? "#ffe9c9" : "#eaf1ff",
      r: r1(smallest + next() ** 3 * (largest - smallest)), opacity: r1(1 - y / 480),
    });
  };
  const group = Array.from({ length: count }, draw);
  return smallest > 0.5 ? frame(...group) : el("g", {}, ...group);
}

function moon(x, y) {
  const craters = [[-7, -5, 5], [6, 4, 6.5], [-3, 9, 3.5], [9, -9, 3]];
  return el("g", { transform: `translate(${x} ${y})` },
    el("circle", { r: 150, fill: "url(#moonlight)" }),
    el("circle", { r: 22, fill: "url(#moon)" }),
    ...craters.map(([cx, cy, r]) => el("circle", { cx, cy, r, fill: "#d9c79c", opacity: 0.35 })));
}

/** Mountains: peaks with straight flanks. */
function ridge(seed, base, height, peaks) {
  const next = random(seed);
  const step = WIDTH / peaks;
  let path = `M${LEFT} ${HEIGHT}V${base}`;
  for (let k = 0; k < peaks; k++) {
    const top = base - height * (0.45 + 0.55 * next());
    const x = LEFT + step * (k + 0.3 + 0.4 * next());
    path += `L${r1(x - step * 0.12)} ${r1(top + height * 0.2)}L${r1(x)} ${r1(top)}`;
    path += `L${r1(x + step * 0.16)} ${r1(top + height * 0.3)}L${r1(LEFT + step * (k + 1))} ${r1(base - height * 0.1 * next())}`;
  }
  return `${path}V${HEIGHT}Z`;
}

/** A rolling hill: two sines. */
function hill(y, swing, speed, phase) {
  let path = `M${LEFT} ${HEIGHT}`;
  for (let x = LEFT; x <= -LEFT; x += 20) {
    const wave = Math.sin((x / 160) * speed + phase) + 0.5 * Math.sin((x / 71) * speed + phase * 2);
    path += `L${x} ${r1(y + swing * wave)}`;
  }
  return `${path}L${-LEFT} ${HEIGHT}Z`;
}

/** A row of small firs, each a few ragged tiers with snow on its shoulders. */
function forest(seed, y, low, high, colour, gap = 0) {
  const next = random(seed);
  let trees = "";
  let snow = "";
  for (let x = LEFT; x < -LEFT; x += low * (0.55 + next() * 0.9)) {
    const h = low + next() ** 2 * (high - low) + low * 0.6;
    const foot = y + (next() - 0.3) * 8;
    if (Math.abs(x) < gap) continue;
    const w = h * 0.36;
    for (const [top, bottom, wide] of [[1, 0.58, 0.55], [0.75, 0.3, 0.8], [0.48, 0, 1]]) {
      const peak = r1(foot - h * top);
      const edge = r1(foot - h * bottom);
      trees += `M${r1(x)} ${peak}L${r1(x + w * wide)} ${edge}Q${r1(x)} ${r1(edge + h * 0.07)} ${r1(x - w * wide)} ${edge}Z`;
      snow += `M${r1(x)} ${peak}L${r1(x - w * wide * 0.75)} ${r1(edge - h * 0.08)}l${r1(w * 0.28)} ${r1(-h * 0.03)}Z`;
    }
  }
  return el("g", {}, el("path", { d: trees, fill: colour }), el("path", { d: snow, fill: "#c9d7f7", opacity: 0.55 }));
}

function village() {
  return [
    church(-196, 470), house(-132, 474, 0.62), house(-238, 476, 0.7), house(152, 474, 0.66), house(232, 478, 0.72),
    house(318, 474, 0.8), house(-352, 478, 0.8), house(-470, 470, 0.7), house(440, 476, 0.7), house(560, 474, 0.8),
  ];
}

function lamp(x, y, w, h) {
  return el("g", {},
    el("circle", { cx: x + w / 2, cy: y + h / 2, r: 17, fill: "url(#window)" }),
    el("rect", { x, y, width: w, height: h, rx: 0.8, fill: "#ffd58a" }),
    el("path", { d: `M${x + w / 2} ${y}v${h}M${x} ${y + h * 0.45}h${w}`, stroke: "#7a4a22", "stroke-width": 0.9 }));
}

/** A cottage standing on (x, y): walls in the dark, warm windows, deep snow on the roof. */
function house(x, y, scale) {
  return el("g", { transform: `translate(${x} ${y}) scale(${scale})` },
    smoke(17, -52),
    el("path", { d: "M13 -28V-50H22V-28Z", fill: "#3a2c4a" }),
    el("path", { d: "M12 -50q5.5 -4 11 0v2.5h-11Z", fill: "#f2f6ff" }),
    el("path", { d: "M-30 14V-18H30V14Z", fill: "#3b2a48" }),
    el("path", { d: "M-30 -18V14H-12V-32Z", fill: "#2c2140", opacity: 0.55 }),
    el("path", { d: "M-3 14V-3q0 -2 2 -2h7q2 0 2 2V14Z", fill: "#221832" }),
    lamp(-22, -9, 9, 10), lamp(14, -9, 9, 10), lamp(-4, -25, 8, 8),
    el("path", { d: "M-38 -13L-3 -45q3 -2.5 6 0L38 -13q2 5 -4 4.5L2 -33.5q-2 -1.5 -4 0L-34 -8.5q-6 .5 -4 -4.5Z", fill: "url(#roof)" }),
    el("ellipse", { cx: 0, cy: 15, rx: 40, ry: 5, fill: "#c3d0f0" }),
    el("ellipse", { cx: -17, cy: 14, rx: 13, ry: 3, fill: "#ffc978", opacity: 0.4 }));
}

function church(x, y) {
  return el("g", { transform: `translate(${x} ${y}) scale(.8)` },
    el("path", { d: "M-8 10V-50H10V10Z", fill: "#33284a" }),
    el("path", { d: "M-11 -48L1 -92L13 -48Z", fill: "url(#roof)" }),
    el("path", { d: "M1 -92V-103M-3 -99H5", stroke: "#f3dfae", "stroke-width": 1.6 }),
    el("path", { d: "M10 10V-20H46V10Z", fill: "#3b2a48" }),
    el("path", { d: "M8 -17L14 -38H42L50 -17Z", fill: "url(#roof)" }),
    lamp(-2, -40, 6, 9), lamp(16, -11, 6, 11), lamp(27, -11, 6, 11), lamp(38, -11, 6, 11),
    el("ellipse", { cx: 18, cy: 11, rx: 40, ry: 5, fill: "#aebde6" }));
}

function smoke(x, y) {
  return el("path", {
    d: `M${x} ${y}c-4 -9 6 -13 1 -23c-4 -8 5 -13 2 -21`,
    fill: "none", stroke: "#cdd8f5", "stroke-width": 4, "stroke-linecap": "round", opacity: 0.22,
  });
}
