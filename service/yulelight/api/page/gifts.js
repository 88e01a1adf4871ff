// What lies under the tree: heaped snow, a few parcels, and a snowman who keeps watch.

import { el, gradient } from "./svg.js";

/** Everything around the foot of a tree that stands on (x, y). */
export function gifts(x, y) {
  return [
    el("defs", {}, gradient("linearGradient", "heap", [
      [0, "#f1f6ff"], [0.5, "#cbd8f5"], [1, "#a9bbe6", 0]], { x2: 0, y2: 1 })),
    snowman(x + 178, y + 8, 0.86),
    heap(x, y + 4, 120, 16),
    parcel(x - 66, y + 2, 34, 24, "#b3243c", "#ffd98c"),
    parcel(x - 34, y + 7, 22, 30, "#2456a8", "#f4f7ff"),
    parcel(x + 36, y + 5, 40, 20, "#1d7a55", "#ffd98c"),
    parcel(x + 66, y + 9, 24, 26, "#8a3fa0", "#ffe9f4"),
    heap(x - 52, y + 12, 88, 11), heap(x + 60, y + 14, 84, 11),
  ];
}

function heap(x, y, wide, high) {
  const d = `M${x - wide} ${y + high}C${x - wide * 0.6} ${y + high} ${x - wide * 0.5} ${y - high} ${x} ${y - high}`
    + `S${x + wide * 0.6} ${y + high} ${x + wide} ${y + high}Z`;
  return el("path", { d, fill: "url(#heap)" });
}

/** A parcel with a ribbon, a bow and a little snow on its lid; (x, y) is the middle of its foot. */
function parcel(x, y, w, h, paper, ribbon) {
  const bow = `M0 ${-h}c-3 -9 -12 -8 -10 -3c1 3 6 3 10 3c4 0 9 0 10 -3c2 -5 -7 -6 -10 3Z`;
  return el("g", { transform: `translate(${x} ${y})` },
    el("rect", { x: -w / 2, y: -h, width: w, height: h, rx: 1.5, fill: paper }),
    el("rect", { x: w * 0.12, y: -h, width: w * 0.38, height: h, rx: 1.5, fill: "#0a1236", opacity: 0.28 }),
    el("rect", { x: -2.2, y: -h, width: 4.4, height: h, fill: ribbon }),
    el("path", { d: bow, fill: ribbon }),
    el("path", { d: `M${-w / 2 - 1} ${-h + 1}q${w * 0.2} -5 ${w * 0.4} -1q-${w * 0.1} 4 -${w * 0.2} 2q-${w * 0.1} 3 -${w * 0.2} -1Z`, fill: "#f4f8ff" }));
}

function snowman(x, y, scale) {
  const ball = (cy, r) => el("circle", { cx: 0, cy, r, fill: "url(#ball)" });
  const dot = (cx, cy, r = 1.3) => el("circle", { cx, cy, r, fill: "#1a2038" });
  return el("g", { transform: `translate(${x} ${y}) scale(${scale})` },
    el("defs", {}, gradient("radialGradient", "ball", [[0, "#ffffff"], [0.6, "#dfe8fb"], [1, "#92a6d8"]], { cx: 0.36, cy: 0.32 })),
    el("ellipse", { cx: 4, cy: 3, rx: 26, ry: 5, fill: "#4a5fa5", opacity: 0.45 }),
    el("path", { d: "M-12 -34L-27 -44M-24 -42l-6 1M-24 -42l-1 -5M12 -34L26 -46M23 -43.5l6 0M23 -43.5l1 -6", stroke: "#3a2526", "stroke-width": 1.8, "stroke-linecap": "round" }),
    ball(-14, 18), ball(-36, 13), ball(-55, 10),
    dot(-3.5, -57), dot(3.5, -57), dot(0, -38), dot(0, -31), dot(-0.5, -16),
    el("path", { d: "M0 -54.5L12 -52L0 -51.5Z", fill: "#ff9440" }),
    el("path", { d: "M-10 -48q10 6 20 0l.5 4q-10 6 -21 0ZM6 -45l5 14l-5 1l-4 -13Z", fill: "#c8283f" }),
    el("path", { d: "M-13 -62H13V-65H-13ZM-8 -65V-78H8V-65Z", fill: "#1c2340" }),
    el("rect", { x: -8, y: -68.5, width: 16, height: 3, fill: "#c8283f" }),
    el("path", { d: "M-8.5 -78q8.5 -5 17 0l-1 1.5q-8 -3 -15 0Z", fill: "#f4f8ff" }));
}
