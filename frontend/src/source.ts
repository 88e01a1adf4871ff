// The interface through which the remote control reads data and sends commands.

import type { FramesMessage, House, SongsPage } from "./model";

export type Wish =
  | { do: "play" | "pause" | "stop" | "next" | "previous" }
  | { do: "seek"; position: number }
  | { do: "volume" | "brightness"; level: number }
  | { do: "look"; look: string }
  | { do: "playlist"; id: string }
  | { do: "song"; id: string }
  | { do: "blackout" | "shuffle"; on: boolean }
  | { do: "channel"; channel: number; on: boolean; brightness?: number }
  | { do: "release"; channel: number };

export interface Source {
  /** Call `listener` now and on every change. Returns a function that unsubscribes. */
  watch(listener: (house: House) => void): () => void;
  /** Subscribe to live frames while they are shown. Returns a function that unsubscribes. */
  frames(listener: (message: FramesMessage) => void): () => void;
  /** Rejects with an Error whose message is shown to the user. */
  wish(wish: Wish): Promise<void>;
  /** The songs that match, from the one at `from` on; an empty search matches all. Rejects like `wish`. */
  songs(search: string, from: number): Promise<SongsPage>;
}
