import { describe, expect, it } from "vitest";

import { GROUPS, lit, unlit } from "../src/house/groups";
import { type Box, HEIGHT, WIDTH } from "../src/house/plan";
import { gradients, scene } from "../src/house/scene";

const overlap = ([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): number =>
  Math.max(0, Math.min(ax + aw, bx + bw) - Math.max(ax, bx)) * Math.max(0, Math.min(ay + ah, by + bh) - Math.max(ay, by));

describe("the drawn house", () => {
  it("has eight groups of lights, none in another's way", () => {
    expect(GROUPS).toHaveLength(8);
    const areas = GROUPS.flatMap(({ touch }, k) => touch.map((box) => ({ k, box })));
    for (const a of areas) for (const b of areas) if (a.k < b.k) expect(overlap(a.box, b.box), `${a.k + 1} and ${b.k + 1}`).toBeLessThan(220);
  });

  it("can be hit with a finger on the smallest phone", () => {
    const scale = 360 / WIDTH;
    for (const { touch } of GROUPS) {
      expect(touch[0]![2] * scale).toBeGreaterThanOrEqual(44);
      expect(touch[0]![3] * scale).toBeGreaterThanOrEqual(44);
    }
  });

  it("keeps every bulb and its halo within what is drawn of its group", () => {
    for (const [
      k,
      {
        bulbs,
        size,
        box: [x, y, w, h],
        touch,
      },
    ] of GROUPS.entries()) {
      for (const [px, py] of bulbs) {
        expect(px - size * 3, `${k + 1}`).toBeGreaterThanOrEqual(x);
        expect(px + size * 3).toBeLessThanOrEqual(x + w);
        expect(py - size * 3).toBeGreaterThanOrEqual(y);
        expect(py + size * 3).toBeLessThanOrEqual(y + h);
      }
      for (const [tx, ty, tw, th] of touch) expect(tx >= 0 && ty >= 0 && tx + tw <= WIDTH && ty + th <= HEIGHT).toBe(true);
    }
  });

  it("is drawn without inline styles, which the service's page forbids, and without broken numbers", () => {
    const all = [gradients(), scene(), ...GROUPS.map((group, k) => lit(group, k + 1) + unlit(group, k + 1))].join("");
    expect(all).not.toMatch(/style=|NaN|undefined|Infinity/);
    const used = [...all.matchAll(/url\(#([\w-]+)\)/g)].map(([, id]) => id);
    for (const id of new Set(used)) expect(all).toContain(`id="${id}"`);
  });
});
