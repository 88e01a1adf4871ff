/** Define a custom element; ignored if another copy of this file (an old one in the cache) has defined it. */
export function define(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
