// What the eight lights show, moment for moment: frames in, levels out. Knows no page.

import { CHANNELS, type FramesMessage } from "../model";
import { ServiceClock } from "./service-clock";
import { Timeline } from "./timeline";

/** How far a light moves to its level per second when motion is to be reduced. */
const SLOW = 1.2;

export class Levels {
  readonly shown = new Float32Array(CHANNELS);
  #wanted = new Float32Array(CHANNELS);
  #timeline = new Timeline();
  #clock = new ServiceClock();
  #last = 0;

  /** `here`: `performance.now()` when the message came. */
  hear({ now, frames }: FramesMessage, here: number): void {
    this.#clock.hear(now, here);
    this.#timeline.push(frames);
  }

  /** Nobody knows what the lights do. */
  forget(): void {
    this.#timeline.clear();
    this.#clock.clear();
  }

  /** Move `shown` to the moment `here`; true while it will change by itself. `calm`: no faster than the eye rests. */
  step(here: number, calm: boolean): boolean {
    const time = this.#clock.at(here);
    const most = calm ? (SLOW * Math.min(100, here - this.#last)) / 1000 : Infinity;
    this.#last = here;
    this.#timeline.sample(time, this.#wanted);
    let moving = this.#timeline.moving(time);
    for (let k = 0; k < CHANNELS; k++) {
      const gap = this.#wanted[k]! - this.shown[k]!;
      const step = Math.sign(gap) * Math.min(Math.abs(gap), most);
      this.shown[k]! += step;
      moving ||= step !== gap;
    }
    return moving;
  }
}
