// The service through its own HTTP and WebSocket API, for its own page.

import { type Channel, type FramesMessage, type House, IDLE, type NextShow, NOWHERE, type Song, type SongsPage, type Status } from "../model";
import type { Source, Wish } from "../source";
import { Library, type LibraryState, type Request } from "./library";
import { type Line, type Message, ServiceSocket, type Wire } from "./socket";

const TOPICS = ["status", "channels", "pairing"];
/** A request that is not answered for so long (ms) has failed; a song is sent in pieces that need less. */
const PATIENCE = 60_000;
/** Pushed in any case. */
const FOLLOWED = [...TOPICS, "library", "playlists", "schedule", "looks"];

/** URLs of the page in the local network, and the first one's QR code as an SVG element. */
export interface Addresses {
  addresses: string[];
  qr: string | null;
}

/** A program that asks to join; over at `until` (`performance.now()`). */
export interface PairingRequest {
  id: string;
  name: string;
  address: string;
  code: string;
  until: number;
}

/** Another way to the service than from its own page. */
export interface Way {
  wire: () => Wire;
  ask: (path: string, request: Request) => Promise<Response>;
}

export class ServiceSource implements Source {
  readonly socket: ServiceSocket;
  readonly library: Library;
  line: Line = { state: "connecting" };

  #token = "";
  #asking: (requests: PairingRequest[]) => void = () => {};
  #house: House = NOWHERE;
  #listeners = new Set<(house: House) => void>();
  #frames = new Set<(message: FramesMessage) => void>();
  /** Whether the service has a library, which can be searched and reports broken songs. */
  #known: Promise<boolean> = Promise.resolve(false);
  #state: LibraryState | null = null;
  #progress = new Set<(state: LibraryState | null) => void>();
  #changes = new Set<() => void>();
  #topics = new Map<string, Set<(message: Message) => void>>();
  #cover = { song: "", address: "" };

  /** `way`: how the service is reached; directly without it, with the token that `open` is given. */
  constructor(way?: Way) {
    this.socket = new ServiceSocket(way?.wire);
    const ask = (path: string, request: Request): Promise<Response> =>
      fetch(`api/v1/${path}`, { ...request, signal: AbortSignal.timeout(PATIENCE), headers: { ...request.headers, Authorization: `Bearer ${this.#token}` } });
    this.library = new Library(way?.ask ?? ask);
    this.socket.onLine = (line) => this.#lined(line);
    this.socket.onMessage = (message) => this.#hear(message);
  }

  /** The token the service was opened with. */
  get token(): string {
    return this.#token;
  }

  open(token: string): void {
    this.#token = token;
    this.socket.open(token);
  }

  watch(listener: (house: House) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#house);
    return () => this.#listeners.delete(listener);
  }

  frames(listener: (message: FramesMessage) => void): () => void {
    this.#frames.add(listener);
    if (this.#frames.size === 1) this.#ask({ type: "subscribe", topic: "frames" });
    return () => {
      this.#frames.delete(listener);
      if (!this.#frames.size) this.#ask({ type: "unsubscribe", topic: "frames" });
    };
  }

  async wish(wish: Wish): Promise<void> {
    const { do: what, ...fields } = wish;
    switch (wish.do) {
      case "channel":
      case "release":
        return void (await this.socket.ask({ type: what, ...fields }));
      case "playlist":
      case "song":
        return void (await this.socket.ask({ type: "control", command: "play", [what]: wish.id }));
      case "play":
        if (this.#house.status.state === "paused") return void (await this.socket.ask({ type: "control", command: "resume" }));
    }
    await this.socket.ask({ type: "control", command: what, ...fields });
  }

  async songs(search: string, from: number): Promise<SongsPage> {
    if (await this.#known) return this.library.songs(search, from);
    // A service without a library still lists what it can play.
    return { songs: ((await this.socket.ask({ type: "get", view: "songs" })) as { songs: Song[] }).songs, more: false };
  }

  /** Send a command that only the service's own page uses. */
  async command(command: string, fields: Record<string, unknown>): Promise<void> {
    await this.socket.ask({ type: "control", command, ...fields });
  }

  /** Call `listener` now and on every change with the library's progress, null if unknown. Returns a function that unsubscribes. */
  progress(listener: (state: LibraryState | null) => void): () => void {
    this.#progress.add(listener);
    listener(this.#state);
    return () => this.#progress.delete(listener);
  }

  /** Call `listener` with every message of a topic. Returns a function that unsubscribes. */
  hear(topic: string, listener: (message: Message) => void): () => void {
    const listeners = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, listeners.add(listener));
    const asks = !FOLLOWED.includes(topic);
    if (asks && listeners.size === 1) this.#ask({ type: "subscribe", topic });
    return () => {
      listeners.delete(listener);
      if (asks && !listeners.size) this.#ask({ type: "unsubscribe", topic });
    };
  }

  /** Call `listener` whenever any client creates, changes or deletes a playlist. Returns a function that unsubscribes. */
  changes(listener: () => void): () => void {
    this.#changes.add(listener);
    return () => this.#changes.delete(listener);
  }

  /** Call `listener` now and on every change with the pending requests; none while the service is unreachable. */
  asking(listener: (requests: PairingRequest[]) => void): void {
    this.#asking = listener;
  }

  async answer(id: string, allow: boolean): Promise<void> {
    await this.library.request("POST", `pairing/${encodeURIComponent(id)}`, { allow });
  }

  addresses(): Promise<Addresses> {
    return this.library.request("GET", "addresses");
  }

  #lined(line: Line): void {
    const before = this.line.state;
    this.line = line;
    // A new attempt does not start a new outage.
    if (line.state === "connecting" && before === "offline") return;
    this.#asking([]);
    this.#tell(null);
    if (line.state === "online") this.#begin();
    else this.#set({ ...NOWHERE, name: this.#house.name, link: line.state, retryAt: line.wait ? performance.now() + line.wait : 0 });
  }

  #begin(): void {
    this.#set({ ...NOWHERE, name: this.#house.name, link: "online", status: IDLE });
    this.#known = this.socket.ask({ type: "get", view: "library" }).then(
      () => {
        this.#ask({ type: "subscribe", topic: "library" });
        return true;
      },
      () => false,
    );
    for (const topic of TOPICS) this.#ask({ type: "subscribe", topic });
    for (const [topic, { size }] of this.#topics) if (size && !FOLLOWED.includes(topic)) this.#ask({ type: "subscribe", topic });
    if (this.#frames.size) this.#ask({ type: "subscribe", topic: "frames" });
    void this.#read("looks", looksOf, true);
    // Open playlists may have changed in the meantime.
    void this.#read("playlists", playlistsOf, true).then(() => this.#changed());
    void this.#read("schedule", nextOf, true);
  }

  /** Hide what a service of another version does not offer. */
  #ask(message: Message): void {
    this.socket.ask(message).catch(() => {});
  }

  /** `follow`: also subscribe to changes, if the resource exists. */
  async #read(view: string, change: (body: Message) => Partial<House>, follow = false): Promise<void> {
    try {
      this.#set(change((await this.socket.ask({ type: "get", view })) as Message));
      if (follow) this.#ask({ type: "subscribe", topic: view });
    } catch {
      // The next connection fetches it, unless the service has none.
    }
  }

  #hear(message: Message): void {
    switch (message.type) {
      case "frames":
        for (const listener of this.#frames) listener(message as unknown as FramesMessage);
        break;
      case "server":
        this.#set({ name: String(message["name"]) });
        break;
      case "status":
        this.#set({ status: message as unknown as Status, heardAt: performance.now() });
        void this.#picture(message as unknown as Status);
        break;
      case "channel": {
        const told = message as unknown as Channel;
        const others = this.#house.channels.filter(({ channel }) => channel !== told.channel);
        this.#set({ channels: [...others, told].sort((a, b) => a.channel - b.channel) });
        break;
      }
      case "pairing": {
        const requests = message["requests"] as (PairingRequest & { expires: number })[];
        this.#asking(requests.map((request) => ({ ...request, until: performance.now() + request.expires * 1000 })));
        break;
      }
      case "library":
        this.#tell(message as unknown as LibraryState);
        break;
      case "playlists":
        void this.#read("playlists", playlistsOf);
        this.#changed();
        break;
      case "schedule":
        this.#set(nextOf(message));
        break;
      case "looks":
        this.#set(looksOf(message));
    }
    for (const listener of this.#topics.get(message.type) ?? []) listener(message);
  }

  #changed(): void {
    for (const listener of this.#changes) listener();
  }

  #tell(state: LibraryState | null): void {
    this.#state = state;
    for (const listener of this.#progress) listener(state);
  }

  /** Covers need the token, so they are fetched instead of linked. */
  async #picture({ song }: Status): Promise<void> {
    const id = song?.cover ? song.id : "";
    if (id === this.#cover.song) return;
    this.#cover = { song: id, address: "" };
    try {
      const picture = id ? await this.library.cover(id) : null;
      if (picture && this.#cover.song === id) this.#cover.address = await addressOf(picture);
    } catch {
      // A missing cover is not an error.
    }
    this.#set({ cover: this.#cover.address });
  }

  #set(change: Partial<House>): void {
    this.#house = { ...this.#house, cover: this.#cover.address, ...change };
    for (const listener of this.#listeners) listener(this.#house);
  }
}

/** The page's content security policy allows only its own pictures and data URLs. */
function addressOf(picture: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(picture);
  });
}

function looksOf(body: Message): Partial<House> {
  return { looks: body["looks"] as string[] };
}

function playlistsOf(body: Message): Partial<House> {
  return { playlists: ((body["playlists"] as { id: string }[] | undefined) ?? []).map(({ id }) => id) };
}

function nextOf(body: Message): Partial<House> {
  return { next: (body["next"] as NextShow | null) ?? null };
}
