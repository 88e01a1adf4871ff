// The API's values, generated from service/yulelight_client by scripts/share.

export type State = "idle" | "loading" | "pre_show" | "playing" | "paused" | "live" | "post_show";

export type Repeat = "off" | "all" | "one";

export interface Song {
  id: string;
  title: string;
  artist: string;
  album: string;
  duration: number;
  cover: boolean;
}

export interface Status {
  state: State;
  moving: boolean;
  song: Song | null;
  position: number;
  now: number;
  sections: number[];
  queue: Song[];
  queued: number;
  index: number;
  playlist: string;
  model: string;
  look: string;
  palette: string;
  colours: string[];
  volume: number;
  brightness: number;
  delay: number;
  shuffle: boolean;
  repeat: Repeat;
  armed: boolean;
  blackout: boolean;
  all_on: boolean;
  sound: string;
  message: string;
  missing_music: string[];
}

export interface Channel {
  channel: number;
  on: boolean;
  brightness: number;
  effect: string;
}

export interface Frame {
  at: number;
  levels: number[];
  switched: boolean[];
}

export interface Frames {
  now: number;
  frames: Frame[];
}
