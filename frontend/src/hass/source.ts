// The service through Home Assistant: the integration's WebSocket commands for live data, actions for commands.

import { type Channel, type FramesMessage, type House, IDLE, type NextShow, NOWHERE, type Song, type SongsPage, type Status } from "../model";
import type { Source, Wish } from "../source";
import { wordsFor } from "../words";
import type { Hass } from "./types";

/** What `yulelight/status` pushes. */
export interface StatusEvent {
  name: string;
  available: boolean;
  status: Status;
  /** Seconds since the status was current. */
  age: number;
  channels: Channel[];
  next: NextShow | null;
  looks: string[];
  playlists: string[];
  problems: string[];
}

interface BrowseItem {
  can_play?: boolean;
  media_content_id: string;
  media_content_type: string;
  title: string;
}

/** After a refused subscription (ms), until the next try. */
const RETRY = 5_000;
const AWAY = ["unavailable", "unknown"];

export class HassSource implements Source {
  #hass: Hass;
  #told: StatusEvent | null = null;
  #heardAt = 0;
  #listeners = new Set<(house: House) => void>();
  #leave: (() => void) | null = null;
  #key = "";
  #frameLooks = new Set<Look>();

  constructor(
    hass: Hass,
    readonly entity: string,
  ) {
    this.#hass = hass;
  }

  /** Take Home Assistant's new state; cheap if none of our entities changed. */
  update(hass: Hass): void {
    const before = this.#hass.states[this.entity]?.state;
    this.#hass = hass;
    const now = hass.states[this.entity]?.state;
    const key = `${now === undefined} ${AWAY.includes(now ?? "")} ${hass.connected} ${this.#cover}`;
    if (key === this.#key) return;
    this.#key = key;
    // When an entity comes back, its coordinator may be new and know nothing of our subscriptions.
    if (before !== undefined && AWAY.includes(before) && now !== undefined && !AWAY.includes(now)) this.#again();
    this.#tell();
  }

  watch(listener: (house: House) => void): () => void {
    this.#listeners.add(listener);
    this.#leave ??= this.#follow();
    listener(this.#house);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size) return;
      this.#leave?.();
      this.#leave = null;
    };
  }

  frames(listener: (message: FramesMessage) => void): () => void {
    const look = new Look(() => this.#hass, { type: "yulelight/frames", entity_id: this.entity }, listener);
    this.#frameLooks.add(look);
    return () => {
      this.#frameLooks.delete(look);
      look.end();
    };
  }

  async wish(wish: Wish): Promise<void> {
    const player = (action: string, data = {}): Promise<unknown> => this.#hass.callService("media_player", action, { entity_id: this.entity, ...data });
    const ask = (type: string, fields: Record<string, unknown>): Promise<unknown> =>
      this.#hass.callWS({ type: `yulelight/${type}`, entity_id: this.entity, ...fields });
    const control = (command: string, fields: Record<string, unknown>): Promise<unknown> => ask("control", { command, fields });
    switch (wish.do) {
      case "play":
        return void (await player("media_play"));
      case "pause":
        return void (await player("media_pause"));
      case "stop":
        return void (await player("media_stop"));
      case "next":
        return void (await player("media_next_track"));
      case "previous":
        return void (await player("media_previous_track"));
      case "seek":
        return void (await player("media_seek", { seek_position: wish.position }));
      case "volume":
        return void (await player("volume_set", { volume_level: wish.level }));
      case "playlist":
        return void (await player("select_source", { source: wish.id }));
      case "song":
        return void (await player("play_media", { media_content_type: "music", media_content_id: `song/${wish.id}` }));
      case "shuffle":
        return void (await player("shuffle_set", { shuffle: wish.on }));
      case "brightness":
        return void (await control("brightness", { level: wish.level }));
      case "look":
        return void (await control("look", { look: wish.look }));
      case "blackout":
        return void (await control("blackout", { on: wish.on }));
      case "channel": {
        const { do: _, ...fields } = wish;
        return void (await ask("channel", fields));
      }
      case "release":
        return void (await ask("release", { channel: wish.channel }));
    }
  }

  async songs(search: string): Promise<SongsPage> {
    const target = { entity_id: this.entity };
    const items = search
      ? (await this.#hass.callWS<{ result: BrowseItem[] }>({ type: "media_player/search_media", ...target, search_query: search })).result
      : (
          await this.#hass.callWS<{ children?: BrowseItem[] }>({
            type: "media_player/browse_media",
            ...target,
            media_content_type: "",
            media_content_id: "songs",
          })
        ).children;
    const { brokenSong } = wordsFor(this.#hass.language);
    const songs = (items ?? []).filter((item) => item.media_content_id.startsWith("song/")).map((item) => songOf(item, brokenSong));
    return { songs, more: false };
  }

  #follow(): () => void {
    const look = new Look(
      () => this.#hass,
      { type: "yulelight/status", entity_id: this.entity },
      (event: StatusEvent) => {
        this.#told = event;
        this.#heardAt = performance.now() - event.age * 1000;
        this.#tell();
      },
    );
    return () => look.end();
  }

  #again(): void {
    if (this.#leave) {
      this.#leave();
      this.#leave = this.#follow();
    }
    for (const look of this.#frameLooks) look.again();
  }

  get #cover(): string {
    const picture = this.#hass.states[this.entity]?.attributes["entity_picture"];
    return typeof picture === "string" ? picture : "";
  }

  get #house(): House {
    const entity = this.#hass.states[this.entity];
    if (!entity) return { ...NOWHERE, link: "missing" };
    const away = !this.#hass.connected || AWAY.includes(entity.state) || this.#told?.available === false;
    const name = this.#told?.name ?? String(entity.attributes["friendly_name"] ?? "");
    if (!this.#told) return { ...NOWHERE, name, link: away ? "offline" : "connecting" };
    const { status, channels, next, looks, playlists, problems } = this.#told;
    return {
      link: away ? "offline" : "online",
      name,
      status: away ? { ...IDLE } : status,
      heardAt: this.#heardAt,
      channels: away ? [] : channels,
      next,
      looks,
      playlists,
      cover: this.#cover,
      problems,
      retryAt: 0,
    };
  }

  #tell(): void {
    const house = this.#house;
    for (const listener of this.#listeners) listener(house);
  }
}

/** A subscription that is tried again when it was refused, as while Home Assistant starts. */
class Look {
  #ended = false;
  #generation = 0;
  #retry = 0;
  #leave: (() => Promise<void>) | null = null;

  constructor(
    private readonly hass: () => Hass,
    private readonly message: { type: string; [key: string]: unknown },
    private readonly hear: (event: any) => void,
  ) {
    void this.#begin();
  }

  again(): void {
    this.#drop();
    void this.#begin();
  }

  end(): void {
    this.#ended = true;
    this.#drop();
  }

  async #begin(): Promise<void> {
    const generation = ++this.#generation;
    const current = (): boolean => !this.#ended && generation === this.#generation;
    try {
      const leave = await this.hass().connection.subscribeMessage((event) => current() && this.hear(event), this.message);
      if (current()) this.#leave = leave;
      else void leave().catch(() => {});
    } catch {
      if (current()) this.#retry = window.setTimeout(() => void this.#begin(), RETRY);
    }
  }

  #drop(): void {
    this.#generation++;
    clearTimeout(this.#retry);
    void this.#leave?.().catch(() => {});
    this.#leave = null;
  }
}

/** The media browser's items have one line, "artist - title", and say whether they can be played but not why. */
function songOf({ media_content_id, title, can_play }: BrowseItem, broken: string): Song {
  const cut = title.indexOf(" - ");
  const [artist, name] = cut > 0 ? [title.slice(0, cut), title.slice(cut + 3)] : ["", title];
  return { id: media_content_id.slice("song/".length), title: name, artist, duration: 0, problem: can_play === false ? broken : "" };
}
