// How another phone or Home Assistant joins this house, shown to signed-in users below the remote control.

import { html, nothing, render } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { Addresses, ServiceSource } from "../service/source";
import type { Words } from "../words";

const NOWHERE: Addresses = { addresses: [], qr: null };

/** Returns a function that draws the collapsed section into `host`, to be called when the token may have changed; empty without one. */
export function pairing(host: HTMLElement, words: Words, source: ServiceSource): () => void {
  let known = NOWHERE;
  const all = (event: Event): void => (event.target as HTMLInputElement).select();
  const draw = (): void => {
    const [address] = known.addresses;
    render(
      source.token
        ? html`<details id="pairing" @toggle=${opened}><summary>${words.pairing}</summary>
          ${
            address
              ? html`<div class="phone"><figure id="pairing-code" role="img" aria-label=${words.qrCode}>${known.qr ? unsafeHTML(known.qr) : nothing}</figure>
                <div><h3>${words.phone}</h3><p>${words.phoneText}</p><p class="address">${address.replace(/^https?:\/\/|\/$/g, "")}</p></div></div>`
              : nothing
          }
          <h3>Home Assistant</h3><p>${words.pairingText}</p>
          <label><span>${words.token}</span><input id="pairing-token" readonly .value=${source.token} @focus=${all} /></label></details>`
        : null,
      host,
    );
  };
  const opened = (event: Event): void => {
    if (!(event.target as HTMLDetailsElement).open) return;
    // Ask each time: the port may have changed since.
    source.addresses().then(
      (found) => {
        known = found;
        draw();
      },
      () => {},
    );
  };
  return draw;
}
