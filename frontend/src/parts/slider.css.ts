import { css } from "lit";

/** Sliders: coloured up to `--at`, a percentage. */
export const sliderStyle = css`
  input[type="range"] { flex: 1; min-width: 0; height: 44px; margin: 0; appearance: none; background: none; cursor: pointer; }
  input[type="range"]:disabled { opacity: .4; cursor: default; }
  input[type="range"]::-webkit-slider-runnable-track { height: 8px; border-radius: 4px; background: linear-gradient(90deg, var(--colour, var(--gold)) var(--at), var(--line) var(--at)); }
  input[type="range"]::-moz-range-track { height: 8px; border-radius: 4px; background: linear-gradient(90deg, var(--colour, var(--gold)) var(--at), var(--line) var(--at)); }
  input[type="range"]::-webkit-slider-thumb { appearance: none; width: 20px; height: 20px; margin-top: -6px; border-radius: 50%; background: #fff8e6; box-shadow: 0 0 0 1px rgb(60 40 0 / .3), 0 1px 5px rgb(0 0 0 / .4); }
  input[type="range"]::-moz-range-thumb { width: 20px; height: 20px; border: 0; border-radius: 50%; background: #fff8e6; box-shadow: 0 0 0 1px rgb(60 40 0 / .3), 0 1px 5px rgb(0 0 0 / .4); }
  input[type="range"]:focus-visible { outline-offset: -6px; border-radius: 12px; }
`;
