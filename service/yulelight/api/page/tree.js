// The fir in front: branches, snow and eight strings of bulbs, channel 1 at the foot and channel 8 at the top.

import { gifts } from "./gifts.js";
import { el, gradient, r1, random } from "./svg.js";

export const WIDTH = 400;
export const HEIGHT = 580;
/** One colour a string, from the foot of the tree to its top. */
export const COLOURS = ["#ff3d38", "#ff8426", "#ffc233", "#3fd877", "#35bdf5", "#6f7dff", "#ff6cc4", "#ffeccb"];

const AXIS = WIDTH / 2;
const APEX = 50;
const TIER = 59;
const HALO = 42;
const halfWidth = (tier) => 30 + tier * 18.5;
const foot = (tier) => APEX + TIER * (tier + 1);
/** A string is a parabola from a little higher on the left to a little lower on the right. */
const SLOPE = 6;
const hang = (tier) => foot(tier) - 24;
const sag = (tier) => 10 + tier * 1.6;

/** Where the bulbs of ``channel`` hang: [x, y, angle] each, along a sagging string. */
export function bulbs(channel) {
  const tier = 8 - channel;
  const half = halfWidth(tier) * 0.84;
  const count = 4 + tier;
  return Array.from({ length: count }, (_, k) => {
    const u = -1 + (2 * k) / (count - 1);
    const y = hang(tier) + SLOPE * u + sag(tier) * (1 - u * u);
    return [r1(AXIS + half * u), r1(y), r1(u * -12 + ((k % 2) * 16 - 8))];
  });
}

/** The band of the tree that belongs to a channel, as fractions of the tree's box: where it is tapped. */
export function band(channel) {
  const tier = 8 - channel;
  const half = Math.max(halfWidth(tier) + 14, 60);
  return { left: (AXIS - half) / WIDTH, width: (2 * half) / WIDTH, top: (foot(tier) - 44) / HEIGHT, height: TIER / HEIGHT };
}

/** Everything that does not shine: trunk, branches, snow, wires and dark glass. */
export function drawTree(layer) {
  const tiers = [];
  for (let tier = 7; tier >= 0; tier--) tiers.push(skirt(tier), fronds(tier));
  layer.append(box(0, HEIGHT,
    el("defs", {},
      gradient("linearGradient", "needle", [[0, "#081d1b"], [1, "#0f352d"]], { x2: 0, y2: 1 }),
      gradient("radialGradient", "shade", [[0, "#1d2a5c", 0.75], [1, "#1d2a5c", 0]])),
    el("ellipse", { cx: AXIS, cy: 548, rx: 178, ry: 24, fill: "url(#shade)" }),
    el("path", { d: `M${AXIS - 13} 556L${AXIS - 10} 500H${AXIS + 10}L${AXIS + 13} 556Z`, fill: "#2a1a1c" }),
    ...tiers, ...COLOURS.map((colour, k) => string(k + 1, colour)), ...gifts(AXIS, 548)));
}

/** The light of one string alone, on its own layer so that only its opacity ever changes. */
export function drawGlow(channel) {
  const colour = COLOURS[channel - 1];
  const places = bulbs(channel);
  const top = Math.min(...places.map((place) => place[1])) - HALO;
  const bottom = Math.max(...places.map((place) => place[1])) + HALO + 6;
  const halo = `halo${channel}`;
  const svg = box(top, bottom - top,
    el("defs", {}, gradient("radialGradient", halo, [
      [0, colour, 0.95], [0.16, colour, 0.6], [0.42, colour, 0.2], [0.72, colour, 0.05], [1, colour, 0]])),
    ...places.map(([x, y]) => el("circle", { cx: x, cy: y + 4, r: HALO, fill: `url(#${halo})` })),
    ...places.map(([x, y, angle]) => el("g", { transform: `translate(${x} ${y}) rotate(${angle})` },
      el("path", { d: GLASS, fill: colour }),
      el("ellipse", { cx: 0, cy: 5, rx: 2.6, ry: 4, fill: "#fff", opacity: 0.92 }))));
  svg.style.top = `${(top / HEIGHT) * 100}%`;
  svg.style.height = `${((bottom - top) / HEIGHT) * 100}%`;
  return svg;
}

/** The star: dark metal is never seen, it always glows a little. */
export function drawStar(layer) {
  const points = Array.from({ length: 10 }, (_, k) => {
    const radius = k % 2 ? 6.2 : 15;
    const angle = (k * Math.PI) / 5 - Math.PI / 2;
    return `${r1(AXIS + radius * Math.cos(angle))} ${r1(40 + radius * Math.sin(angle))}`;
  });
  layer.append(box(0, HEIGHT,
    el("defs", {},
      gradient("radialGradient", "starlight", [[0, "#fff3c4", 0.85], [0.25, "#ffd877", 0.35], [1, "#ffc04d", 0]]),
      gradient("linearGradient", "gilt", [[0, "#fffbe6"], [1, "#ffc94f"]], { x2: 0, y2: 1 })),
    el("circle", { cx: AXIS, cy: 40, r: 62, fill: "url(#starlight)" }),
    el("path", { d: `M${points.join("L")}Z`, fill: "url(#gilt)", stroke: "#fff6d0", "stroke-width": 1.2, "stroke-linejoin": "round" })));
}

const GLASS = "M-3 0C-6.2 4 -5.6 9.5 0 13.5C5.6 9.5 6.2 4 3 0Z";

function box(top, height, ...children) {
  return el("svg", { viewBox: `0 ${top} ${WIDTH} ${height}`, "aria-hidden": "true" }, ...children);
}

/** The dark body of a tier, so that no sky shows between its branches. */
function skirt(tier) {
  const half = halfWidth(tier) * 0.86;
  const y = foot(tier) - 8;
  const top = Math.max(APEX - 4, foot(tier - 2) - 6);
  return el("path", {
    d: `M${AXIS} ${top}Q${AXIS + half * 0.35} ${y - 34} ${AXIS + half} ${y}Q${AXIS} ${y + 22} ${AXIS - half} ${y}Q${AXIS - half * 0.35} ${y - 34} ${AXIS} ${top}Z`,
    fill: "url(#needle)",
  });
}

/** A tier's branches from the outer to the middle ones, with needles in three greens and snow along their backs. */
function fronds(tier) {
  const next = random(500 + tier * 17);
  const count = 7 + tier * 2;
  const shades = ["", "", ""];
  let snow = "";
  for (let k = 0; k < count; k++) {
    const u = -1 + (2 * k) / (count - 1);
    const tip = [AXIS + halfWidth(tier) * u * (0.95 + 0.1 * next()), foot(tier) + (1 - u * u) * 9 + next() * 7 - 4];
    const root = [AXIS + u * halfWidth(tier) * 0.16, foot(tier) - TIER * (0.96 - 0.25 * u * u)];
    const bend = [root[0] + (tip[0] - root[0]) * 0.6, root[1] + (tip[1] - root[1]) * (0.16 + 0.1 * next())];
    shades[k % 3] += needles(next, root, bend, tip);
    if (next() < 0.9) snow += cap(next, u, root, bend, tip);
  }
  const stroke = { fill: "none", "stroke-linecap": "round" };
  return el("g", {},
    el("path", { ...stroke, d: shades[0], stroke: "#0c322c", "stroke-width": 2.2 }),
    el("path", { ...stroke, d: shades[1], stroke: "#13473c", "stroke-width": 1.9 }),
    el("path", { ...stroke, d: shades[2], stroke: "#1f6350", "stroke-width": 1.5 }),
    el("path", { d: snow, fill: "#7f96cc", transform: "translate(.6 1.8)" }),
    el("path", { d: snow, fill: "#e9f0ff" }));
}

function curve([ax, ay], [bx, by], [cx, cy], t) {
  const s = 1 - t;
  return [s * s * ax + 2 * s * t * bx + t * t * cx, s * s * ay + 2 * s * t * by + t * t * cy];
}

function needles(next, root, bend, tip) {
  let path = "";
  for (let t = 0.12; t <= 1; t += 0.055) {
    const [x, y] = curve(root, bend, tip, t);
    const [fx, fy] = curve(root, bend, tip, Math.min(1, t + 0.02));
    const along = Math.atan2(fy - y, fx - x || 0.001);
    const length = 7 + 8 * Math.sin(Math.PI * Math.min(1, t + 0.12)) + 3 * next();
    for (const side of [-0.62, 0.62]) {
      const angle = along + side * (0.8 + 0.5 * next());
      path += `M${r1(x)} ${r1(y)}l${r1(length * Math.cos(angle))} ${r1(length * Math.sin(angle) + 1.5)}`;
    }
  }
  return path;
}

/** Snow on a branch: a few soft lumps side by side, along the branch at the sides and level in the middle. */
function cap(next, u, root, bend, tip) {
  const [x, y] = curve(root, bend, tip, 0.62 + 0.26 * next());
  const lean = (tip[1] - bend[1]) / (Math.abs(tip[0] - bend[0]) + 12) * Math.abs(u) * Math.sign(u);
  const lumps = 2 + Math.floor(3 * next());
  let path = "";
  for (let k = 0; k < lumps; k++) {
    const along = (k - (lumps - 1) / 2) * (3.4 + next());
    const r = r1(2.1 + 1.7 * next() - Math.abs(along) * 0.08);
    const [cx, cy] = [r1(x + along - r), r1(y + along * lean * 0.8 - 2)];
    path += `M${cx} ${cy}a${r} ${r1(r * 0.85)} 0 1 1 ${2 * r} 0a${r} ${r1(r * 0.45)} 0 1 1 ${-2 * r} 0Z`;
  }
  return path;
}

function string(channel, colour) {
  const places = bulbs(channel);
  const tier = 8 - channel;
  const [[x0, y0], [x1, y1]] = [places[0], places.at(-1)];
  const wire = `M${x0} ${y0 - 2}Q${AXIS} ${r1(hang(tier) + 2 * sag(tier) - 2)} ${x1} ${y1 - 2}`;
  return el("g", {},
    el("path", { d: wire, fill: "none", stroke: "#051a15", "stroke-width": 1.5 }),
    ...places.map(([x, y, angle]) => el("g", { transform: `translate(${x} ${y}) rotate(${angle})` },
      el("path", { d: GLASS, fill: colour }),
      el("path", { d: GLASS, fill: "#0a1430", opacity: 0.55 }),
      el("rect", { x: -2.6, y: -4, width: 5.2, height: 4.6, rx: 1, fill: "#0d2b22" }),
      el("ellipse", { cx: -1.7, cy: 4.6, rx: 0.9, ry: 2, fill: "#fff", opacity: 0.55 }))));
}
