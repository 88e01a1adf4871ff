// Styles that come from values. Lit's own styleMap writes the attribute first, which the page's policy forbids.

import { noChange } from "lit";
import { type AttributePart, Directive, directive } from "lit/directive.js";

export type Styles = Readonly<Record<string, string>>;

class Styled extends Directive {
  override render(_styles: Styles): unknown {
    return noChange;
  }

  override update({ element }: AttributePart, [styles]: [Styles]): unknown {
    const { style } = element as HTMLElement | SVGElement;
    for (const [name, value] of Object.entries(styles)) style.setProperty(name, value);
    return noChange;
  }
}

/** For `style=${styled({ "--colour": "red" })}`; what was set stays until it is set anew. */
export const styled = directive(Styled);
