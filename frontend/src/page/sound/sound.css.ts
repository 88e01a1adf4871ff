import { css } from "lit";

/** Rows of inputs and outputs. */
export const soundStyle = css`
  h3 { margin: 18px 0 8px; }
  .row { margin-bottom: 8px; padding: 12px 14px; border-radius: 18px; background: var(--raised); }
  .row[data-on] { box-shadow: inset 0 0 0 2px var(--gold); background: color-mix(in srgb, var(--gold) 14%, var(--raised)); }
  .line { display: flex; align-items: center; flex-wrap: wrap; gap: 6px 8px; }
  .what { flex: 1 1 120px; min-width: 0; }
  b { display: block; font: 600 18px/1.25 var(--serif); overflow-wrap: anywhere; }
  small { display: block; font-size: 14px; color: var(--soft); overflow-wrap: anywhere; }
  .row .round { margin: 0; background: color-mix(in srgb, var(--text) 8%, transparent); }
  .round[aria-pressed="true"] { color: var(--ink); background: var(--gold); }
  .what small::first-letter { text-transform: uppercase; }
  .steps { display: flex; align-items: center; gap: 6px; font-size: 14px; color: var(--soft); }
  .meter + .steps { margin-top: 8px; }
  .row .text { margin-top: 8px; background: color-mix(in srgb, var(--text) 8%, transparent); }
  .row select { width: 100%; min-width: 0; min-height: 46px; margin-top: 8px; padding: 8px 12px; border: 1px solid color-mix(in srgb, var(--soft) 65%, transparent); border-radius: 14px; background: var(--raised); text-overflow: ellipsis; }
  .meter { height: 8px; margin-top: 10px; border-radius: 4px; background: var(--line); overflow: hidden; }
  .meter::after { content: ""; display: block; height: 100%; border-radius: 4px; background: linear-gradient(90deg, #3fb872 0 70%, var(--gold) 85%, #e0533d) 0 / var(--wide) 100%; width: var(--part); transition: width .1s linear; }
`;
