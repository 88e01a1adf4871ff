// What a view of the page has to say to its user: the remote control shows it, with a way back where there is one.

import type { Back } from "../parts/remote";

export interface Saying {
  text: string;
  back?: Back;
}

export function say(from: Element, text: string, back?: Saying["back"]): void {
  from.dispatchEvent(new CustomEvent<Saying>("say", { detail: { text, ...(back ? { back } : {}) }, bubbles: true, composed: true }));
}
