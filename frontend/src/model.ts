// The data the remote control needs, whether Home Assistant or the service provides it.

import type * as contract from "./contract";
import type { Channel, State } from "./contract";

export type { Channel, Frame, Frames as FramesMessage, State } from "./contract";

export const CHANNELS = 8;

export type Song = Pick<contract.Song, "id" | "title" | "artist" | "duration"> &
  Partial<Pick<contract.Song, "album" | "cover">> & {
    /** Why it cannot be played; empty or missing if it can. */
    problem?: string;
    /** Whether its show is rendered; undefined if unknown. */
    rendered?: boolean;
  };

/** One page of the songs that match, and whether more follow. */
export interface SongsPage {
  songs: Song[];
  more: boolean;
}

/** The show. `position` (seconds) was current at `House.heardAt`. */
export type Status = Pick<
  contract.Status,
  | "state"
  | "moving"
  | "position"
  | "sections"
  | "playlist"
  | "look"
  | "palette"
  | "colours"
  | "volume"
  | "brightness"
  | "blackout"
  | "shuffle"
  | "queued"
  | "repeat"
  | "message"
> & { song: Song | null; queue: Song[] };

export interface NextShow {
  summary: string;
  playlist: string;
  start: string;
}

export type Link = "connecting" | "online" | "offline" | "denied" | "missing";

/** All that the remote control shows. Replaced as a whole whenever something changed. */
export interface House {
  link: Link;
  name: string;
  status: Status;
  /** `performance.now()` at which the status was current. */
  heardAt: number;
  channels: Channel[];
  next: NextShow | null;
  looks: string[];
  playlists: string[];
  /** URL of the song's cover, or "". */
  cover: string;
  /** Keys of problems with the lights, such as `no_broker`. */
  problems: string[];
  /** `performance.now()` of the next attempt while offline, or 0. */
  retryAt: number;
}

export const IDLE: Status = {
  state: "idle",
  moving: false,
  song: null,
  position: 0,
  sections: [],
  queue: [],
  playlist: "",
  look: "",
  palette: "own",
  colours: [],
  volume: 1,
  brightness: 1,
  blackout: false,
  shuffle: false,
  queued: 0,
  repeat: "off",
  message: "",
};

export const NOWHERE: House = {
  link: "connecting",
  name: "",
  status: IDLE,
  heardAt: 0,
  channels: [],
  next: null,
  looks: [],
  playlists: [],
  cover: "",
  problems: [],
  retryAt: 0,
};

/** Seconds into the song at `now` (`performance.now()`). */
export function positionAt({ status, heardAt }: House, now: number): number {
  const since = status.moving ? Math.max(0, now - heardAt) / 1000 : 0;
  const position = status.position + since;
  const duration = status.song?.duration ?? 0;
  return duration > 0 ? Math.min(duration, position) : position;
}

export type Owner = "show" | "you" | "";

/** A show has all lights that nobody took over; without one, those that are on are somebody's. */
export function ownerOf({ effect, on }: Channel, state: State): Owner {
  if (effect === "show") return "show";
  return on || state !== "idle" ? "you" : "";
}

/** Duration of a song: 83.6 → "1:24", rounded as on the command line (half to even). */
export function length(seconds: number): string {
  const near = Math.round(seconds);
  return clock(seconds % 1 === 0.5 && near % 2 ? near - 1 : near);
}

/** A moment of a song: 83.6 → "1:23", the second that has begun. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const rest = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

export interface Part {
  start: number;
  end: number;
}

/** Maximum number of parts: more would be thinner than the gaps between them on a phone. */
export const MAX_PARTS = 40;

/** The song cut at its section boundaries, or one part if there are none. Parts too short to be seen join the one before. */
export function partsOf(duration: number, sections: readonly number[]): Part[] {
  if (!(duration > 0)) return [];
  const shortest = Math.max(1, duration / MAX_PARTS);
  const starts = [0];
  for (const start of [...sections].sort((a, b) => a - b)) {
    if (start - starts[starts.length - 1]! >= shortest && duration - start >= shortest) starts.push(start);
  }
  return starts.map((start, k) => ({ start, end: starts[k + 1] ?? duration }));
}

/** Share of each part that has been played at `position`. */
export function played({ start, end }: Part, position: number): number {
  return Math.min(1, Math.max(0, (position - start) / (end - start)));
}
