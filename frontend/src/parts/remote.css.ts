import { css } from "lit";

export const remoteStyle = css`
  :host { display: block; container: remote / inline-size; font-size: 16px; line-height: 1.4; }
  .remote { position: relative; }
  /* Nothing is wider than the page: what sticks out is cut off and cannot be scrolled to. */
  :host(#remote) { overflow-x: clip; }
  .top { position: relative; aspect-ratio: var(--ratio); border-radius: inherit; }
  yulelight-house { position: absolute; inset: 0; }
  header { position: absolute; inset: 0 0 auto; display: flex; justify-content: space-between; align-items: center; gap: 12px; padding: 12px 14px 0 16px; pointer-events: none; }
  h2 { margin: 0; font: 600 22px/1.2 var(--serif); color: #fbf7ec; text-shadow: 0 1px 8px rgb(5 10 32 / .9); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .chip { margin: 0; padding: 5px 12px; border-radius: 99px; background: rgb(8 15 44 / .8); font-size: 13px; color: #eef1fc; white-space: nowrap; }
  .chip::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 8px; border-radius: 50%; background: #93a0cc; }
  .chip.live::before { background: #52e08a; box-shadow: 0 0 8px #52e08a; }
  .chip.away { background: #7c1f26; }
  .chip.away::before { background: #ffb3a6; }

  .panel { position: relative; padding: 14px 16px 0; }
  .problem { display: flex; flex-wrap: wrap; align-items: center; gap: 0 10px; margin: 0 0 10px; padding: 10px 12px; border-radius: 12px; background: color-mix(in srgb, var(--gold) 20%, var(--surface)); font-size: 14px; }
  .problem span { flex: 1 1 180px; min-width: 0; }
  .problem a { display: inline-flex; align-items: center; min-height: 44px; color: inherit; font-weight: 600; white-space: nowrap; }
  .now { display: flex; align-items: center; gap: 14px; min-height: 56px; }
  .cover { width: 56px; height: 56px; border-radius: 10px; object-fit: cover; flex: none; box-shadow: 0 1px 8px rgb(0 0 0 / .35); }
  .titles { min-width: 0; flex: 1; }
  .title { margin: 0; font: 600 20px/1.2 var(--serif); overflow: hidden; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow-wrap: anywhere; }
  .artist { margin: 3px 0 0; font-size: 14px; color: var(--soft); }
  .then { margin: 2px 0 0; font-size: 13px; color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }

  /* Without a song a small garland keeps the place, so that the buttons never move under a thumb. */
  .rest { height: 56px; padding-top: 20px; }
  .rest::before { content: ""; display: block; width: 232px; height: 10px; margin: auto; background:
    radial-gradient(circle at 13px 5px, #ff5148 4px, transparent 5px), radial-gradient(circle at 42px 5px, #ff9a2e 4px, transparent 5px),
    radial-gradient(circle at 71px 5px, #ffcf4d 4px, transparent 5px), radial-gradient(circle at 100px 5px, #ffb057 4px, transparent 5px),
    radial-gradient(circle at 129px 5px, #37d475 4px, transparent 5px), radial-gradient(circle at 158px 5px, #4bb3ee 4px, transparent 5px),
    radial-gradient(circle at 187px 5px, #c67af0 4px, transparent 5px), radial-gradient(circle at 216px 5px, #e8cf8a 4px, transparent 5px),
    linear-gradient(var(--line), var(--line)) center / 100% 1px no-repeat; }

  .buttons { display: flex; justify-content: space-between; align-items: center; max-width: 360px; margin: auto; padding: 6px 0 12px; }
  .buttons button { flex: none; display: grid; place-items: center; width: 52px; height: 52px; padding: 0; border: 0; border-radius: 50%; background: var(--raised); transition: transform .12s, background .2s; }
  .buttons [aria-pressed="true"] { color: var(--ink); background: var(--gold); }
  .buttons .big { width: 72px; height: 72px; color: var(--ink); background: linear-gradient(#ffe09a, #ffb83f); box-shadow: 0 4px 20px rgb(255 184 63 / .35); }
  .buttons .big svg.icon { width: 38px; height: 38px; }
  .buttons button:active { transform: scale(.93); }
  .buttons button:disabled { opacity: .42; box-shadow: none; }

  .choices { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 10px; padding-bottom: 8px; }
  .choice { position: relative; display: block; }
  .choice span { position: absolute; left: 14px; top: 7px; font-size: 12px; color: var(--soft); pointer-events: none; }
  select { width: 100%; min-height: 54px; padding: 20px 34px 4px 14px; border: 1px solid transparent; border-radius: 14px; background: var(--raised); appearance: none; text-overflow: ellipsis; cursor: pointer; font-size: 15px; }
  select option { color: #111; background: #fff; }
  .choice::after { content: ""; position: absolute; right: 16px; top: 23px; width: 8px; height: 8px; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(45deg); pointer-events: none; }
  select:disabled { opacity: .5; cursor: default; }
  .dials { display: grid; grid-template-columns: repeat(auto-fit, minmax(136px, 1fr)); gap: 0 14px; }

  .next { display: flex; align-items: center; gap: 10px; margin: 0; min-height: 40px; font-size: 14px; color: var(--soft); }
  .next b { color: var(--text); font-weight: 500; }
  .next > span { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }

  /* The blackout needs no aiming: as wide as everything, and always at the lower edge of what is seen. */
  .foot { position: sticky; bottom: var(--below, 0px); z-index: 1; margin: 0 -16px; padding: 8px 16px max(12px, env(safe-area-inset-bottom)); background: linear-gradient(transparent, var(--surface) 14px); }
  .foot:not(:has(.blackout)) { margin: 0; padding: 0; background: none; }
  .blackout { display: flex; justify-content: center; align-items: center; gap: 12px; width: 100%; min-height: 64px; border: 1px solid #7183c4; border-radius: 20px; background: #05081a; color: #f6f3ea; font: 600 19px/1 var(--serif); }
  .blackout svg.icon { fill: var(--gold); }
  .blackout[aria-pressed="true"] { color: var(--ink); border-color: transparent; background: linear-gradient(#ffe09a, #ffb83f); }
  .blackout[aria-pressed="true"] svg.icon { fill: var(--ink); }
  .blackout:disabled { opacity: .45; }
  yulelight-songs { padding: 14px 0 8px; }

  .taken { position: absolute; inset: auto 10px 10px; z-index: 2; display: grid; grid-template: "name on back close" auto "dial dial dial dial" auto / 1fr auto auto auto; align-items: center; gap: 0 6px; padding: 8px 8px 8px 14px; border-radius: 18px; background: rgb(8 15 44 / .96); color: #f6f3ea; box-shadow: 0 0 0 1px var(--colour), 0 6px 26px rgb(0 0 0 / .45); --text: #f6f3ea; --soft: #c3cbe8; --line: #33427c; }
  .taken p { grid-area: name; margin: 0; font-size: 15px; line-height: 1.2; min-width: 0; }
  .taken small { display: block; color: var(--soft); font-size: 12px; }
  .taken yulelight-dial { grid-area: dial; padding-right: 8px; --yl-text: #f6f3ea; --yl-soft: #c3cbe8; --yl-line: #33427c; }
  .taken button { min-width: 44px; min-height: 44px; padding: 0 14px; border: 0; border-radius: 14px; background: #22305f; color: inherit; font-size: 15px; }
  .taken .close { grid-area: close; background: none; padding: 0; display: grid; place-items: center; }
  .taken .onoff { grid-area: on; min-width: 56px; }
  .taken .onoff[aria-pressed="true"] { background: var(--colour); color: #1b1206; font-weight: 600; }
  .taken .back { grid-area: back; }
  /* Above the blackout, never on it, and nothing that a finger has to go around. */
  .toast { position: absolute; inset: auto 12px calc(100% + 4px); margin: auto; width: fit-content; max-width: calc(100% - 24px); max-height: min(40svh, 240px); overflow: hidden; pointer-events: none; padding: 12px 18px; border-radius: 16px; background: #fff4dc; color: #3b1c10; box-shadow: 0 8px 30px rgb(0 0 0 / .45); }
  .toast:empty { display: none; }
  .toast button { min-height: 44px; margin: -10px -8px -10px 10px; padding: 0 12px; border: 0; border-radius: 12px; background: none; color: #7a3d00; font-weight: 700; pointer-events: auto; }
  .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

  /* Where there is room, the house stands beside its controls. */
  :host(#remote) .remote, :host(#remote) .panel { display: flex; flex-direction: column; }
  :host(#remote) .remote { min-height: 100svh; }
  :host(#remote) .panel, :host(#remote) ::slotted(yulelight-shelf) { flex: 1 0 auto; }
  :host(#remote) .top { aspect-ratio: auto; height: max(46svh, 80vw); max-height: 62svh; }
  :host(#remote) .panel { margin-top: -20px; padding-top: 20px; border-radius: 24px 24px 0 0; background: linear-gradient(var(--yl-top, var(--surface)), var(--surface) 220px); }
  @container remote (min-width: 720px) {
    :host(#remote) .remote.player { display: grid; height: 100svh; }
    :host(#remote) .top { max-height: none; height: 100%; }
    :host(#remote) .panel { margin: 0; border-radius: 0; padding-inline: 24px; }
    :host(#remote) .foot { margin-inline: -24px; padding-inline: 24px; }
    /* As high as the window at most: long lists scroll beside the house, and the house stays in sight. */
    .remote.player { display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1.25fr) minmax(300px, 1fr); max-height: max(440px, calc(100svh - var(--header-height, 56px) - 40px)); }
    .remote.player .top { aspect-ratio: auto; min-height: min(440px, 100svh); height: 100%; }
    :host(#remote) .remote.player { max-height: none; }
    .panel { overflow-y: auto; }
  }
  /* Half of a phone's width: what is needed most, still as large as a thumb. */
  @container remote (max-width: 320px) {
    .buttons button { width: 46px; height: 46px; }
    .buttons .big { width: 60px; height: 60px; }
    .title { font-size: 18px; }
  }
  @container remote (max-width: 270px) {
    header { justify-content: end; padding-inline: 8px; }
    h2 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    .panel { padding-inline: 10px; }
    .foot { margin-inline: -10px; padding-inline: 10px; }
    .cover, #previous, #shuffle { display: none; }
    .buttons button { width: 44px; height: 44px; }
    .buttons .big { width: 56px; height: 56px; }
    .taken { grid-template: "name close" auto "dial dial" auto "on back" auto / 1fr auto; inset: auto 4px 4px; }
    .blackout { font-size: 17px; gap: 8px; }
  }
`;
