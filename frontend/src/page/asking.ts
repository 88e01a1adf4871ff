// Pairing requests: each is shown with its digits and can be allowed or refused.

import { html, render } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { PairingRequest, ServiceSource } from "../service/source";
import type { Words } from "../words";

/** Show pending requests in `host`; calls `failed` with the error of an answer. */
export function showAsking(host: HTMLElement, words: Words, source: ServiceSource, failed: (text: string) => void): void {
  let timer = 0;
  host.setAttribute("aria-live", "polite");
  const answer = (id: string, allow: boolean): void => {
    source.answer(id, allow).catch((error: Error) => failed(error.message));
  };
  const row = ({ id, name, address, code }: PairingRequest) =>
    html`<section class="asking" data-request=${id} aria-label=${words.asks(name)}>
      <div><h3>${words.asks(name)}</h3><p>${words.asksText(address)}</p></div>
      <output aria-label=${words.digits}>${code}</output>
      <button type="button" class="refuse" @click=${() => answer(id, false)}>${words.refuse}</button>
      <button type="button" class="allow" @click=${() => answer(id, true)}>${words.allow}</button>
    </section>`;
  source.asking((requests) => {
    clearTimeout(timer);
    const draw = (): void => {
      const now = performance.now();
      const left = requests.filter(({ until }) => until > now);
      render(
        repeat(
          left,
          ({ id }) => id,
          (request) => row(request),
        ),
        host,
      );
      if (left.length) timer = window.setTimeout(draw, Math.min(...left.map(({ until }) => until)) - now + 50);
    };
    draw();
  });
}
