// Where a remote control gets its house from, and where its wishes go.

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
  /** Call `listener` at once and on every change; returns what ends that. */
  watch(listener: (house: House) => void): () => void;
  /** Live frames, only for as long as somebody looks; returns what ends that. */
  frames(listener: (message: FramesMessage) => void): () => void;
  /** Rejects with an Error whose message is for the user. */
  wish(wish: Wish): Promise<void>;
  /** Songs that match, all for an empty search, without the first `from`. Rejects like `wish`. */
  songs(search: string, from: number): Promise<SongsPage>;
}
