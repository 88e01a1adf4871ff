import { css } from "lit";

export const houseStyle = css`
  stop { transition: stop-color 2s linear; }
  :host { display: block; position: relative; overflow: hidden; container-type: size; border-radius: inherit; isolation: isolate; }
  :host, .night {
    --sky: linear-gradient(#050a20, #0b1a45 38%, #1d3170 66%, #44508f 84%, #7d6fa3);
    --snow-1: #cfdbf8; --snow-2: #97aade; --snow-3: #8093cd; --snow-4: #43579f;
    --field-1: #7d91cd; --field-2: #3c4d92; --far-1: #4a5799; --far-2: #35427f; --wood-1: #1c2a5e; --wood-2: #14204a;
    --wall-1: #6b3345; --wall-2: #4a2238; --seam: #33182c; --trim: #aab6de; --glass: #141a38; --stone: #4a4b6b; --brick: #5d3040;
    --door: #1d4a44; --fir-1: #2b6a58; --fir-2: #143c3b; --bark: #33232c; --walk: #3f4f90; --shade: rgb(24 34 84 / .5); --unlit: #6c6a86;
  }
  .dusk {
    --sky: linear-gradient(#3a4684, #6a63a3 34%, #b583ab 62%, #f0a896 82%, #ffd3a1);
    --snow-1: #fff8f4; --snow-2: #ead9ec; --snow-3: #bfb0da; --snow-4: #8580bd;
    --field-1: #e9d9ec; --field-2: #a898cb; --far-1: #8f80b4; --far-2: #7a71ab; --wood-1: #4d4a86; --wood-2: #383a72;
    --wall-1: #96485a; --wall-2: #74344c; --seam: #562a42; --trim: #efe2ee; --glass: #2b2f58; --stone: #77708f; --brick: #86495a;
    --door: #2a6a5f; --fir-1: #3f8169; --fir-2: #21544c; --bark: #4c343c; --walk: #a398c4; --shade: rgb(70 54 118 / .42); --unlit: #b5a7b4;
  }
  .stage { position: absolute; inset: 0; background: var(--sky); overflow: hidden; border-radius: inherit; }
  .canvas { position: absolute; left: 50%; bottom: 0; width: min(100cqw, 125cqh); aspect-ratio: 5 / 4; transform: translateX(-50%); }
  .canvas > svg { position: absolute; overflow: visible; }
  .canvas > .whole { inset: 0; width: 100%; height: 100%; }
  .dusk .moonlight, .dusk .twinkle { opacity: .35; }
  .glow, .spot { opacity: 0; will-change: opacity; pointer-events: none; }
  .twinkle { animation: twinkle 5s ease-in-out infinite alternate; }
  .twinkle.two { animation-delay: -3.1s; animation-duration: 7s; }
  .aura { position: absolute; inset: 8% -20% 4%; opacity: 0; will-change: opacity; pointer-events: none; background: radial-gradient(closest-side, rgb(255 196 120 / .26), rgb(255 170 110 / .1) 55%, transparent); }
  @keyframes twinkle { from { opacity: 1 } to { opacity: .35 } }

  .snow { position: absolute; inset: 0; overflow: hidden; pointer-events: none; }
  .snow i { position: absolute; inset: -240px 0 0; will-change: transform; animation: fall 16s linear infinite; background-size: 200px 240px;
    background-image: radial-gradient(circle at 12% 20%, #fff 1.3px, transparent 2px), radial-gradient(circle at 62% 48%, #fff 1.1px, transparent 1.8px), radial-gradient(circle at 34% 78%, #fff 1.5px, transparent 2.2px), radial-gradient(circle at 88% 88%, #fff 1px, transparent 1.7px); opacity: .6; }
  .snow i + i { background-size: 140px 240px; animation-duration: 24s; opacity: .35; }
  @keyframes fall { to { transform: translate3d(-40px, 240px, 0) } }
  .asleep * { animation-play-state: paused !important; }

  .dark { position: absolute; inset: 0; background: #02040f; opacity: 0; transition: opacity .5s; pointer-events: none; }
  .blackout .dark, .away .dark { opacity: .5; }
  .away .stage { filter: saturate(.35); }

  .touch { position: absolute; padding: 0; border: 0; background: none; border-radius: 14px; }
  button.touch:focus-visible { outline: 3px solid #fff; outline-offset: -3px; }
  .touch.yours::after { content: ""; position: absolute; top: 5px; right: 5px; width: 10px; height: 10px; border-radius: 50%; background: var(--colour); box-shadow: 0 0 0 2px rgb(255 255 255 / .9); }
  .photo { --wide: max(100cqw, calc(100cqh * var(--ratio, 1.25))); position: absolute; left: 50%; top: 50%; width: var(--wide); height: calc(var(--wide) / var(--ratio, 1.25)); transform: translate(-50%, -50%); }
  .photo img { position: absolute; inset: 0; width: 100%; height: 100%; }
  .spot { position: absolute; width: var(--size); aspect-ratio: 1; transform: translate(-50%, -50%); border-radius: 50%; mix-blend-mode: screen;
    background: radial-gradient(closest-side, #fff 0, var(--colour) 14%, color-mix(in srgb, var(--colour) 45%, transparent) 34%, transparent); }
  .over { position: absolute; inset: 0; pointer-events: none; background: linear-gradient(rgb(4 8 28 / .55), transparent 26%); }
  @media (prefers-reduced-motion: reduce) {
    .snow { display: none; }
    /* Lights still tell what they do, but slowly. */
    .glow, .spot { transition: opacity 1s linear !important; }
  }
`;
