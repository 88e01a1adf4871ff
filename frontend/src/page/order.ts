// Lists whose items change places. Pure.

/** `items` with the one at `from` at `to`. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const others = items.filter((_, k) => k !== from);
  const item = items[from];
  return item === undefined ? others : [...others.slice(0, to), item, ...others.slice(to)];
}

/** Keys that tell equal ids in a list apart, and that an item keeps when others move: "id:0" for its first, "id:1" for its second. */
export function keysOf(ids: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return ids.map((id) => {
    const count = seen.get(id) ?? 0;
    seen.set(id, count + 1);
    return `${id}:${count}`;
  });
}

/** Where a row belongs whose middle was dragged to `middle`: among rows (all but itself) whose middles are given in their order. */
export function placeOf(middle: number, others: readonly number[]): number {
  return others.filter((other) => other < middle).length;
}
