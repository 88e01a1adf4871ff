// Uploads a song in pieces: a lost connection or a closed page costs one piece.

import type { Library } from "./library";

const PIECE = 1_000_000;
/** Interval between two attempts while the service is unreachable (ms). */
const PATIENCE = 3000;
export const MAX_UPLOAD_BYTES = 500_000_000;

/** Same for the same file, even after the page was reloaded. */
export function keyOf({ name, size, lastModified }: { name: string; size: number; lastModified: number }): string {
  let hash = 2166136261;
  for (const char of name) hash = Math.imul(hash ^ char.codePointAt(0)!, 16777619) >>> 0;
  return `u${hash.toString(36)}x${size.toString(36)}x${lastModified.toString(36)}`.padEnd(10, "0");
}

export interface Progress {
  /** 0 to 1. */
  done: number;
  /** Whether it is waiting for the service to come back. */
  waits: boolean;
}

/** Upload `file` until `signal` aborts. Rejects with an Error whose message is shown to the user. */
export async function send(library: Library, file: File, told: (progress: Progress) => void, signal: AbortSignal): Promise<void> {
  const at = `uploads/${keyOf(file)}`;
  const query = { name: file.name, size: String(file.size) };
  let offset = 0;
  let known = false;
  while (!signal.aborted) {
    try {
      if (!known) offset = (await library.request<{ offset: number }>("GET", at)).offset;
      known = true;
      if (offset >= file.size) {
        // The service stopped after the last piece but before it stored the song: start again from the beginning.
        await library.request("DELETE", at);
        offset = 0;
      }
      told({ done: offset / file.size, waits: false });
      const piece = file.slice(offset, offset + PIECE);
      const answer = await library.request<{ offset: number; file: string }>(
        "PUT",
        `${at}?${new URLSearchParams({ ...query, offset: String(offset) })}`,
        piece,
      );
      offset = answer.offset;
      told({ done: offset / file.size, waits: false });
      if (answer.file) return;
    } catch (error) {
      // No message: the service was not reached and may come back. A message: it refused; the first time perhaps because of a wrong offset.
      if ((error as Error).message && known) {
        const { offset: told } = await library.request<{ offset: number }>("GET", at).catch(() => ({ offset }));
        if (told === offset) throw error;
        offset = told;
        continue;
      }
      if ((error as Error).message) throw error;
      known = false;
      told({ done: offset / file.size, waits: true });
      await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    }
  }
  await library.request("DELETE", at).catch(() => {});
}
