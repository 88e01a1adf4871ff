// Reordering lists. Pure.

/** `items` with the item at `from` moved to `to`. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const others = items.filter((_, k) => k !== from);
  const item = items[from];
  return item === undefined ? others : [...others.slice(0, to), item, ...others.slice(to)];
}

/** Keys that distinguish equal ids and survive reordering: "id:0" for the first occurrence, "id:1" for the second. */
export function keysOf(ids: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return ids.map((id) => {
    const count = seen.get(id) ?? 0;
    seen.set(id, count + 1);
    return `${id}:${count}`;
  });
}

/** The index for a row whose middle was dragged to `middle`, given the middles of all other rows in order. */
export function placeOf(middle: number, others: readonly number[]): number {
  return others.filter((other) => other < middle).length;
}
