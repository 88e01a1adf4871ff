// Styles shared by all parts. Colours come from outside: the card uses the theme's, the page its own.

import { css } from "lit";

export const tokens = css`
  :host {
    --text: var(--yl-text, #f6f3ea);
    --soft: var(--yl-soft, #b9c3e4);
    --raised: var(--yl-raised, #162350);
    --line: var(--yl-line, #33427c);
    --surface: var(--yl-surface, #0b1534);
    --accent: var(--yl-accent, #ffc95e);
    --gold: var(--yl-gold, #ffc95e);
    --ink: #3a2404;
    --wrong: var(--yl-wrong, #ffb9ac);
    --serif: "Yulelight Display", "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, "Noto Serif", serif;
    color: var(--text);
  }
  * { box-sizing: border-box; }
  [hidden] { display: none !important; }
  button, input, select { font: inherit; color: inherit; }
  button { touch-action: manipulation; cursor: pointer; -webkit-tap-highlight-color: transparent; }
  /* What the keyboard or a search goes to is not hidden by the blackout at the lower edge. */
  button, input, select { scroll-margin: 12px 0 100px; }
  button:disabled { cursor: default; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  svg.icon { width: 24px; height: 24px; fill: currentColor; flex: none; }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { transition: none !important; animation: none !important; }
  }
`;
