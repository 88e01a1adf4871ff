// Styles set from values. Lit's styleMap writes the attribute first, which the content security policy forbids.

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

/** For `style=${styled({ "--colour": "red" })}`. A property stays until it is set again. */
export const styled = directive(Styled);
