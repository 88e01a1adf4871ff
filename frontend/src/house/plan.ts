// Coordinates of the drawn house, in a picture 400 wide and 320 high; y points down.

import type { Point } from "./svg";

export type Box = readonly [x: number, y: number, width: number, height: number];

export const WIDTH = 400;
export const HEIGHT = 320;
export const GROUND = 256;

export const WALL: Box = [110, 168, 224, GROUND - 168];
export const RIDGE: readonly [Point, Point] = [
  [140, 112],
  [304, 112],
];
export const EAVE: readonly [Point, Point] = [
  [98, 172],
  [346, 172],
];
export const CHIMNEY: Box = [281, 90, 19, 44];

export const GABLE_WALL: Box = [182, 148, 80, GROUND - 148];
export const RAKE: readonly [Point, Point, Point] = [
  [170, 154],
  [222, 84],
  [274, 154],
];
export const STAR: Point = [222, 56];

export const DORMERS: readonly Point[] = [
  [148, 158],
  [296, 158],
];
/** Half the width, height of the wall, height of the roof above it. */
export const DORMER = { half: 12, wall: 20, roof: 14 };

export const WINDOWS: readonly Box[] = [
  [121, 196, 22, 34],
  [151, 196, 22, 34],
  [271, 196, 22, 34],
  [301, 196, 22, 34],
  [141, 141, 14, 15],
  [289, 141, 14, 15],
];
/** The gable window and the door have round tops: centre, foot and half the width. */
export const ARCHED = { x: 222, top: 130, foot: 152, half: 11 };
export const DOOR = { x: 222, top: 206, foot: GROUND, half: 14 };
export const WREATH: Point = [222, 214];

export const HEDGES: readonly Box[] = [
  [106, 240, 76, 18],
  [262, 240, 76, 18],
];

export const FIR = { x: 53, tip: 108, foot: 260, half: 43 };
export const SNOWMAN: Point = [371, 274];

/** Foot and height of each candy cane, from the door to the street. */
export const CANES: readonly (readonly [x: number, y: number, height: number])[] = [
  [199, 271, 17],
  [246, 271, 17],
  [187, 285, 21],
  [260, 285, 21],
  [171, 303, 26],
  [278, 303, 26],
];
