// Where the focus goes when what had it is no longer shown: keyboards and screen readers go on from there.

import type { LitElement } from "lit";

/** Focus what `selector` finds in `host` once it is drawn as it now is: call this after the change. */
export function focusIn(host: LitElement, selector: string): void {
  void host.updateComplete.then(() => host.renderRoot.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true }));
}
