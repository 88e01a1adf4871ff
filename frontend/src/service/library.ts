// Songs, covers and playlists over the service's HTTP API.

import type { Repeat } from "../contract";
import type { Song, SongsPage } from "../model";

export interface PlaylistSummary {
  id: string;
  songs: number;
  duration: number;
  missing: number;
}

export interface Station {
  id: string;
  name: string;
  url: string;
}

export interface PlaylistItem {
  id: string;
  song: Song | null;
  title: string;
  /** `seconds` is how long it plays; 0 until it is stopped. */
  station?: (Station & { seconds: number }) | null;
  missing: boolean;
}

/** What a playlist is made of: ids of songs and stations, or stations that play for a time. */
export type Entry = string | { station: string; seconds: number };

/** The entry that makes an item again. */
export const entryOf = ({ id, station }: PlaylistItem): Entry => (station ? { station: station.id, seconds: station.seconds } : id);

export interface Playlist {
  id: string;
  items: PlaylistItem[];
  pre: unknown[];
  post: unknown[];
  shuffle: boolean;
  repeat: Repeat;
}

/** Progress of rendering the whole library. */
export interface LibraryState {
  songs: number;
  rendered: number;
  waiting: number;
  /** Title of the song being rendered, or "". */
  rendering: string;
  /** Progress of that song, 0 to 1. */
  progress: number;
  paused: boolean;
  scanning: boolean;
  message: string;
}

const PAGE = 300;
/** Songs per request, so that the body stays well below the service's limit. */
const PART = 1000;

/** What is asked of the service. */
export interface Request {
  method: string;
  headers: Record<string, string>;
  body: string | Blob | null;
}

export class Library {
  /** `ask` fetches a path of the API. */
  constructor(private readonly ask: (path: string, request: Request) => Promise<Response>) {}

  async songs(search: string, from: number): Promise<SongsPage> {
    const query = new URLSearchParams({ search, offset: String(from), limit: String(PAGE) });
    const { songs, total } = await this.request<{ songs: Song[]; total: number }>("GET", `songs?${query}`);
    return { songs, more: from + songs.length < total && songs.length > 0 };
  }

  async cover(song: string): Promise<Blob | null> {
    const response = await this.#fetch("GET", `songs/${encodeURIComponent(song)}/cover`);
    return response.ok ? response.blob() : null;
  }

  /** Pause rendering in the background, or go on. */
  rest(paused: boolean): Promise<LibraryState> {
    return this.request("POST", "library", { action: paused ? "pause" : "resume" });
  }

  async playlists(): Promise<PlaylistSummary[]> {
    return (await this.request<{ playlists: PlaylistSummary[] }>("GET", "playlists")).playlists;
  }

  playlist(id: string): Promise<Playlist> {
    return this.request("GET", at(id));
  }

  set(id: string, change: { songs?: Entry[]; shuffle?: boolean; repeat?: Repeat; pre?: unknown[]; post?: unknown[] }): Promise<Playlist> {
    return this.request("PUT", at(id), change);
  }

  add(id: string, songs: Entry[], place?: number): Promise<Playlist> {
    return this.request("POST", `${at(id)}/items`, { songs, ...(place === undefined ? {} : { at: place }) });
  }

  /** `seen` is the id of the item that is meant: somebody else may have moved it. */
  move(id: string, from: number, to: number, seen: string): Promise<Playlist> {
    return this.request("POST", `${at(id)}/items/${from}`, { to, id: seen });
  }

  remove(id: string, index: number, seen: string): Promise<Playlist> {
    return this.request("DELETE", `${at(id)}/items/${index}?${new URLSearchParams({ id: seen })}`);
  }

  /** How long a station plays; 0: until it is stopped. */
  lengthen(id: string, index: number, seconds: number, seen: string): Promise<Playlist> {
    return this.request("POST", `${at(id)}/items/${index}`, { seconds, id: seen });
  }

  async drop(id: string): Promise<void> {
    await this.request("DELETE", at(id));
  }

  /** Restore a deleted playlist. */
  async restore({ id, items, pre, post, shuffle, repeat }: Playlist): Promise<void> {
    const songs = items.map(entryOf);
    await this.set(id, { songs: songs.slice(0, PART), pre, post, shuffle, repeat });
    for (let from = PART; from < songs.length; from += PART) await this.add(id, songs.slice(from, from + PART));
  }

  /** The response's JSON. Rejects with an Error whose message is shown to the user. */
  async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await this.change<T>(method, path, body)).answer;
  }

  /** Like `request`, but also returns the undo id of a calendar change. A Blob is sent as is. */
  async change<T>(method: string, path: string, body?: unknown): Promise<{ answer: T; undo: string }> {
    const response = await this.#fetch(method, path, body);
    const answer = (await response.json().catch(() => ({}))) as T & { error?: string };
    if (!response.ok) throw new Error(answer.error ?? "");
    return { answer, undo: response.headers.get("X-Undo") ?? "" };
  }

  /** The resource at `path` as a Blob. Rejects like `request`. */
  async file(path: string): Promise<Blob> {
    const response = await this.#fetch("GET", path);
    if (!response.ok) throw new Error(((await response.json().catch(() => ({}))) as { error?: string }).error ?? "");
    return response.blob();
  }

  #fetch(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = {};
    if (body !== undefined && !(body instanceof Blob)) headers["Content-Type"] = "application/json";
    const sent = body === undefined ? null : body instanceof Blob ? body : JSON.stringify(body);
    return this.ask(path, { method, headers, body: sent }).catch(() => {
      throw new Error("");
    });
  }
}

const at = (id: string): string => `playlists/${encodeURIComponent(id)}`;
