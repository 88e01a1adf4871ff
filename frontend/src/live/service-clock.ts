// Estimates the service's clock. The message with the least delay is the most exact; old ones lose weight.

const REMEMBERED = 64;

export class ServiceClock {
  #offsets: number[] = [];
  #best = 0;

  /** `now`: µs on the service's clock when the message left; `here`: ms on this page's when it came. */
  hear(now: number, here: number): void {
    this.#offsets.push(now - here * 1000);
    if (this.#offsets.length > REMEMBERED) this.#offsets.shift();
    this.#best = Math.max(...this.#offsets);
  }

  clear(): void {
    this.#offsets = [];
    this.#best = 0;
  }

  /** µs on the service's clock at `here` ms on this page's. */
  at(here: number): number {
    return here * 1000 + this.#best;
  }
}
