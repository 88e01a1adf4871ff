import { css } from "lit";

export const calendarStyle = css`
  h4 { margin: 14px 0 6px; font: 600 17px/1.25 var(--serif); }
  .tonight { padding: 14px 16px 8px; border-radius: 20px; background: linear-gradient(160deg, color-mix(in srgb, var(--gold) 20%, var(--raised)), var(--raised)); }
  .tonight p { margin: 6px 0; }
  ul { list-style: none; margin: 8px 0 4px; padding: 0; }
  li { padding: 4px 0; }
  li time, .showing time { font-variant-numeric: tabular-nums; white-space: nowrap; }
  li small { display: block; font-size: 14px; color: var(--soft); }
  li:is(.over, .left_out, .stopped, .hidden) b { color: var(--soft); font-weight: 500; }
  li:is(.disarmed, .no_playlist) small, .wrong { color: var(--wrong); }
  .switch { display: flex; align-items: center; gap: 12px; min-height: 46px; cursor: pointer; }
  .switch input { position: absolute; z-index: 1; width: 52px; height: 44px; margin: 0; opacity: 0; cursor: pointer; }
  .switch span { flex: none; width: 48px; height: 28px; border-radius: 99px; background: var(--line); transition: background .2s; }
  .switch span::after { content: ""; display: block; width: 22px; height: 22px; margin: 3px; border-radius: 50%; background: #fff; box-shadow: 0 1px 4px rgb(0 0 0 / .4); transition: transform .2s; }
  .switch :checked + span { background: var(--gold); }
  .switch :checked + span::after { transform: translateX(20px); }
  .switch :focus-visible + span { outline: 3px solid var(--accent); outline-offset: 2px; }
  .tools .round { margin: 0 0 0 auto; }
  .tools .text { padding: 0 12px; }
  .day { margin-bottom: 4px; }
  .showing { display: grid; gap: 2px; margin-bottom: 8px; padding: 12px 14px 8px; border-radius: 16px; background: var(--raised); }
  .showing b { font-weight: 600; overflow-wrap: anywhere; }
  .showing small { font-size: 14px; color: var(--soft); }
  .showing span { display: flex; flex-wrap: wrap; gap: 0 4px; margin: 2px 0 0 -10px; }
  .showing.out { background: none; box-shadow: inset 0 0 0 1px var(--line); }
  .showing.out b { color: var(--soft); font-weight: 500; }
  .small { min-height: 44px; padding: 0 10px; border: 0; border-radius: 12px; background: none; color: var(--yl-link); font-weight: 500; font-size: 15px; }
  .small:hover { background: color-mix(in srgb, var(--text) 7%, transparent); }
  .file { position: relative; display: inline-flex; align-items: center; cursor: pointer; border-radius: 14px; }
  .file input { position: absolute; inset: 0; width: 100%; min-height: 0; height: 100%; padding: 0; opacity: 0; cursor: pointer; }
  .file:focus-within { outline: 3px solid var(--accent); outline-offset: 2px; }
  .quiet { font-size: 14px; text-align: center; }
`;
