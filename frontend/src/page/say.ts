// A notice from a view of the page. The remote control shows it, with an undo button if there is something to undo.

import type { Back } from "../parts/remote";

export interface Saying {
  text: string;
  back?: Back;
}

export function say(from: Element, text: string, back?: Saying["back"]): void {
  from.dispatchEvent(new CustomEvent<Saying>("say", { detail: { text, ...(back ? { back } : {}) }, bubbles: true, composed: true }));
}
