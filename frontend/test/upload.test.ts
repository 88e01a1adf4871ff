import { expect, test } from "vitest";

import type { Library } from "../src/service/library";
import { keyOf, type Progress, send } from "../src/service/upload";

const DATA = Uint8Array.from({ length: 2_500_000 }, (_, k) => (k * 7) % 251);
const FILE = new File([DATA], "Noël.flac", { lastModified: 1_700_000_000_000 });

/** A house that keeps what it is sent, and whose line breaks at the given requests. */
function house(breaks: readonly number[]): { library: Library; kept: () => Uint8Array } {
  let kept = new Uint8Array();
  let count = 0;
  const request = async (method: string, path: string, body?: Blob): Promise<unknown> => {
    const lost = breaks.includes(count++);
    if (method === "PUT") {
      const query = new URL(path, "http://house").searchParams;
      if (Number(query.get("offset")) !== kept.length) throw new Error(`this song goes on at byte ${kept.length}`);
      const piece = new Uint8Array(await body!.arrayBuffer());
      const longer = new Uint8Array(kept.length + piece.length);
      longer.set(kept);
      longer.set(piece, kept.length);
      kept = longer;
    }
    if (method === "DELETE") kept = new Uint8Array();
    // The line may break when the piece has come already.
    if (lost) throw new Error("");
    return { offset: kept.length, file: kept.length === DATA.length ? "Noël.flac" : "" };
  };
  return { library: { request } as unknown as Library, kept: () => kept };
}

test("a key is the same for the same file, and fits an address", () => {
  const key = keyOf(FILE);
  expect(key).toMatch(/^[a-z0-9]{8,100}$/);
  expect(keyOf(new File([DATA], "Noël.flac", { lastModified: 1_700_000_000_000 }))).toBe(key);
  expect(keyOf(new File([DATA], "Noel.flac", { lastModified: 1_700_000_000_000 }))).not.toBe(key);
});

test.each([[[]], [[1]], [[0, 2]]])(
  "what arrives is the file, with the line broken at %j",
  async (breaks) => {
    const { library, kept } = house(breaks);
    const told: Progress[] = [];
    await send(library, FILE, (progress) => told.push(progress), new AbortController().signal);
    expect(kept().length).toBe(DATA.length);
    expect(kept().every((byte, k) => byte === DATA[k])).toBe(true);
    expect(told.at(-1)).toEqual({ done: 1, waits: false });
    expect(told.some(({ waits }) => waits)).toBe(breaks.length > 0);
  },
  30_000,
);

test("a refusal is told and not tried again", async () => {
  let tries = 0;
  const request = async (method: string): Promise<unknown> => {
    if (method === "GET") return { offset: 0 };
    tries++;
    throw new Error("this file is no music");
  };
  await expect(send({ request } as unknown as Library, FILE, () => {}, new AbortController().signal)).rejects.toThrow("no music");
  expect(tries).toBe(1);
});
