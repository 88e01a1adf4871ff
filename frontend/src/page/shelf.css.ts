import { css } from "lit";

/** Common base of the shelf's views. */
export const shelfStyle = css`
  :host { display: block; }
  h3 { margin: 0; font: 600 20px/1.25 var(--serif); overflow-wrap: anywhere; }
  p { margin: 8px 0; color: var(--soft); }
  .list { display: flex; align-items: center; gap: 4px; margin: 0 -10px; border-radius: 14px; }
  .list:hover { background: color-mix(in srgb, var(--text) 6%, transparent); }
  .list .open { flex: 1; min-width: 0; min-height: 60px; padding: 8px 10px; border: 0; border-radius: 14px; background: none; text-align: left; }
  .list b { display: block; font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .list small { font-size: 14px; color: var(--soft); }
  .list[aria-current] { background: color-mix(in srgb, var(--gold) 16%, transparent); }
  .round { flex: none; display: grid; place-items: center; width: 46px; height: 46px; margin-right: 4px; padding: 0; border: 0; border-radius: 50%; background: var(--raised); }
  form { display: flex; flex-wrap: wrap; gap: 8px; margin: 12px 0 4px; }
  input { flex: 1 1 190px; min-width: 0; min-height: 48px; padding: 8px 14px; border: 1px solid var(--soft); border-radius: 14px; background: var(--raised); }
  .text { min-height: 46px; padding: 6px 16px; border: 0; border-radius: 14px; background: var(--raised); font-weight: 500; }
  .text[aria-pressed="true"] { color: var(--ink); background: var(--gold); }
  .golden, .text.golden { color: var(--ink); background: linear-gradient(#ffe09a, #ffb83f); }
  .golden:disabled { opacity: .42; }
  .text svg.icon { width: 20px; height: 20px; margin-right: 6px; vertical-align: -4px; }
  .plain { background: none; color: var(--soft); font-weight: 400; }
  .head { display: flex; align-items: center; gap: 8px; margin: 4px 0 2px -8px; }
  .head h3 { flex: 1; min-width: 0; }
  .tools { display: flex; flex-wrap: wrap; gap: 8px; margin: 12px 0; }
  .tools label { display: flex; align-items: center; gap: 8px; min-height: 46px; padding: 0 4px 0 14px; border-radius: 14px; background: var(--raised); color: var(--soft); font-size: 14px; }
  .tools select { min-height: 44px; padding: 0 10px; border: 0; border-radius: 12px; background: none; font-weight: 500; cursor: pointer; }
  select option { color: #111; background: #fff; }
  .end { margin: 16px 0 0; text-align: center; }
`;
