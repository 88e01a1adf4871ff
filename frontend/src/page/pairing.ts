// Under the remote control: the token that Home Assistant asks for, to be read from the page one is signed in to.

import { html, render } from "lit";

import type { Words } from "../words";

/** Draw the folded line into `host`; empty as long as there is no token. */
export function showPairing(host: HTMLElement, words: Words, token: string): void {
  const all = (event: Event): void => (event.target as HTMLInputElement).select();
  render(
    token
      ? html`<details id="pairing"><summary>${words.pairing}</summary><p>${words.pairingText}</p>
          <label><span>${words.token}</span><input id="pairing-token" readonly .value=${token} @focus=${all} /></label></details>`
      : null,
    host,
  );
}
