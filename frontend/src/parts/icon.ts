import { html, svg, type TemplateResult } from "lit";

/** A Material Design icon by its path. */
export const icon = (d: string): TemplateResult => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${d}></path>`}</svg>`;
