/** Make a custom element known; a second copy of this file (an old one in a browser's cache) changes nothing. */
export function define(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
