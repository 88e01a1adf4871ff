// Small helpers to draw with: SVG elements, a seeded random so that the scene is the same on every visit.

const NS = "http://www.w3.org/2000/svg";

/** An SVG element with attributes and children. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** A gradient; stops are [offset, colour, opacity]. */
export function gradient(kind, id, stops, attributes = {}) {
  const parts = stops.map(([offset, colour, opacity = 1]) =>
    el("stop", { offset, "stop-color": colour, "stop-opacity": opacity }));
  return el(kind, { id, ...attributes }, ...parts);
}

/** Numbers in [0, 1), the same for the same seed (a linear congruential generator). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** A number with one decimal, for short paths. */
export const r1 = (value) => Math.round(value * 10) / 10;
