import { css } from "lit";

/** Forms of the page: two columns where there is room. */
export const formStyle = css`
  :host { display: block; }
  form { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 10px; margin: 12px 0; padding: 14px; border-radius: 18px; background: color-mix(in srgb, var(--raised) 60%, transparent); }
  form p { margin: 0; color: var(--text); }
  label { display: grid; gap: 4px; align-content: end; font-size: 14px; color: var(--soft); }
  .wide { grid-column: 1 / -1; }
  input, select { width: 100%; min-width: 0; min-height: 48px; padding: 8px 12px; border: 1px solid color-mix(in srgb, var(--soft) 65%, transparent); border-radius: 14px; background: var(--raised); color: var(--text); font-size: 16px; color-scheme: inherit; }
  select option { color: #111; background: #fff; }
  input:disabled { opacity: .65; }
  .buttons { display: flex; justify-content: flex-end; gap: 8px; margin-top: 4px; }
  .text { min-height: 46px; padding: 6px 18px; border: 0; border-radius: 14px; background: var(--raised); font-weight: 500; }
  .golden { color: var(--ink); background: linear-gradient(#ffe09a, #ffb83f); }
`;
