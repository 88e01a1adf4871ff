// A sortable list: rows are dragged by their handle, by finger or mouse, or moved with the arrow keys.

import { mdiClose, mdiDragHorizontalVariant } from "@mdi/js";
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { define } from "../parts/define";
import { icon } from "../parts/icon";
import { tokens } from "../parts/tokens.css";
import type { PageWords } from "../words/page";
import { keysOf, moved, placeOf } from "./order";

export interface Row {
  id: string;
  title: string;
  /** What stands below the title; a control is as high as a finger. */
  text: string | TemplateResult;
  time: string;
  wrong?: boolean;
  picture?: TemplateResult;
}

interface Drag {
  from: number;
  to: number;
  grab: number;
  pointer: number;
  rows: HTMLElement[];
  tops: number[];
  frame: number;
  y: number;
}

/** Within this distance of the edge (px) a dragged row scrolls the list. */
const EDGE = 70;
/** Position of the blackout button. */
const FOOT = 96;

/** Fires "move" with { from, to } and "remove" with an index. Shows a move at once, until `rows` are given anew. */
export class YulelightSortable extends LitElement {
  static override properties = { rows: { attribute: false }, words: { attribute: false }, label: {}, shown: { state: true }, said: { state: true } };
  static override styles = [
    tokens,
    css`
      :host { display: block; }
      ol { position: relative; list-style: none; margin: 0 -10px; padding: 0; }
      li { display: grid; grid-template: "handle picture title time remove" auto "handle picture text time remove" auto / 44px auto 1fr auto 44px; align-content: center; align-items: center; min-height: 56px; padding: 3px 0; border-radius: 12px; background: transparent; }
      li.taken { position: relative; z-index: 1; background: var(--raised); box-shadow: 0 8px 26px rgb(0 0 0 / .4); }
      ol.sorting li:not(.taken) { transition: transform .16s ease; }
      button { grid-area: handle; align-self: stretch; display: grid; place-items: center; min-height: 48px; padding: 0; border: 0; border-radius: 12px; background: none; color: var(--soft); }
      button.handle { cursor: grab; touch-action: none; }
      .taken button.handle { cursor: grabbing; }
      button.remove { grid-area: remove; }
      button svg.icon { width: 20px; height: 20px; }
      .picture { grid-area: picture; width: 42px; height: 42px; margin-right: 12px; }
      b { grid-area: title; font-weight: 500; }
      small { grid-area: text; font-size: 14px; color: var(--soft); }
      small:empty { display: none; }
      span.picture { display: grid; place-items: center; border-radius: 9px; background: var(--raised); color: var(--soft); }
      small select { max-width: 100%; min-height: 44px; margin: 5px 0; padding: 0 8px; border: 0; border-radius: 12px; background: var(--raised); color: var(--text); }
      b:has(+ small:empty) { grid-row: 1 / span 2; }
      b, small { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .wrong b { color: var(--soft); text-decoration: line-through; }
      .wrong small { color: var(--wrong); }
      time { grid-area: time; margin: 0 2px 0 10px; font-size: 14px; color: var(--soft); font-variant-numeric: tabular-nums; }
      .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    `,
  ];

  declare rows: readonly Row[];
  declare words: PageWords;
  declare label: string;
  declare shown: readonly Row[];
  declare said: string;

  #drag: Drag | null = null;
  /** The row whose handle gets the focus after the row was moved. */
  #focus = -1;
  /** The place of a row that is being removed; the one that comes there gets the focus. */
  #gone = -1;

  constructor() {
    super();
    this.rows = [];
    this.shown = [];
    this.said = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#drop(false);
  }

  override render(): TemplateResult {
    const keys = keysOf(this.shown.map(({ id }) => id));
    return html`<ol aria-label=${this.label}>${repeat(
      this.shown,
      (_, k) => keys[k],
      (row, k) => this.#row(row, k),
    )}</ol><p class="hidden" aria-live="polite">${this.said}</p>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("rows")) return;
    this.#drop(false);
    this.shown = this.rows;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("rows") && this.#gone >= 0) {
      const buttons = this.renderRoot.querySelectorAll<HTMLElement>(".remove");
      buttons[Math.min(this.#gone, buttons.length - 1)]?.focus({ preventScroll: true });
      this.#gone = -1;
    }
    if (this.#focus < 0) return;
    this.renderRoot.querySelectorAll<HTMLElement>(".handle")[this.#focus]?.focus();
    this.#focus = -1;
  }

  #row({ title, text, time, wrong, picture }: Row, k: number): TemplateResult {
    const { words } = this;
    return html`<li class=${wrong ? "wrong" : ""}>
      <button type="button" class="handle" aria-label=${words.moveSong(title, k + 1, this.shown.length)}
        @pointerdown=${(event: PointerEvent) => this.#take(event, k)} @pointermove=${this.#pull} @pointerup=${() => this.#drop(true)} @pointercancel=${() => this.#drop(false)}
        @keydown=${(event: KeyboardEvent) => this.#key(event, k)}>${icon(mdiDragHorizontalVariant)}</button>
      ${picture ?? nothing}<b>${title}</b><small>${text}</small><time>${time}</time>
      <button type="button" class="remove" aria-label=${words.removeSong(title)} @click=${() => this.#remove(k)}>${icon(mdiClose)}</button>
    </li>`;
  }

  #remove(k: number): void {
    this.#gone = k;
    this.dispatchEvent(new CustomEvent("remove", { detail: k }));
  }

  #key(event: KeyboardEvent, k: number): void {
    if (event.key === "Escape") this.#drop(false);
    const to = k + (event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0);
    if (to === k) return;
    event.preventDefault();
    if (to < 0 || to >= this.shown.length) return;
    this.#focus = to;
    this.#move(k, to);
  }

  #move(from: number, to: number): void {
    const title = this.shown[from]!.title;
    this.shown = moved(this.shown, from, to);
    this.said = this.words.movedSong(title, to + 1, this.shown.length);
    this.dispatchEvent(new CustomEvent("move", { detail: { from, to } }));
  }

  get #list(): HTMLElement {
    return this.renderRoot.querySelector("ol")!;
  }

  #take(event: PointerEvent, from: number): void {
    if (event.button) return;
    event.preventDefault();
    const handle = event.currentTarget as HTMLElement;
    handle.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>("li")];
    const tops = rows.map((row) => row.offsetTop);
    const grab = event.clientY - this.#list.getBoundingClientRect().top - tops[from]!;
    this.#drag = { from, to: from, grab, pointer: event.pointerId, rows, tops, y: event.clientY, frame: 0 };
    rows[from]!.classList.add("taken");
    this.#list.classList.add("sorting");
    this.#drag.frame = requestAnimationFrame(this.#scroll);
  }

  #pull = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (drag?.pointer !== event.pointerId) return;
    drag.y = event.clientY;
    this.#draw(drag);
  };

  #draw(drag: Drag): void {
    const { from, rows, tops, grab } = drag;
    const top = drag.y - this.#list.getBoundingClientRect().top - grab;
    const high = rows[from]!.offsetHeight;
    const middles = rows.map((row, k) => tops[k]! + row.offsetHeight / 2);
    drag.to = placeOf(top + high / 2, middles.toSpliced(from, 1));
    for (const [k, row] of rows.entries()) {
      const aside = k > from && k <= drag.to ? -high : k < from && k >= drag.to ? high : 0;
      row.style.transform = `translateY(${k === from ? top - tops[from]! : aside}px)`;
    }
  }

  /** Scroll the list while a row is held near an edge. */
  #scroll = (): void => {
    const drag = this.#drag;
    if (!drag) return;
    const room = scrollerOf(this);
    const { top, bottom } =
      room === document.scrollingElement ? { top: 0, bottom: innerHeight } : (room.getBoundingClientRect() as { top: number; bottom: number });
    const step = drag.y < top + EDGE ? -7 : drag.y > bottom - FOOT - EDGE ? 7 : 0;
    if (step) {
      room.scrollBy(0, step);
      this.#draw(drag);
    }
    drag.frame = requestAnimationFrame(this.#scroll);
  };

  #drop(done: boolean): void {
    const drag = this.#drag;
    if (!drag) return;
    this.#drag = null;
    cancelAnimationFrame(drag.frame);
    this.#list.classList.remove("sorting");
    for (const row of drag.rows) row.style.transform = "";
    drag.rows[drag.from]!.classList.remove("taken");
    if (done && drag.to !== drag.from) this.#move(drag.from, drag.to);
  }
}

/** The nearest scrollable ancestor of `element`, across shadow roots. */
function scrollerOf(element: Element): Element {
  for (let node: Node | null = element; node; node = node instanceof ShadowRoot ? node.host : ((node as Element).assignedSlot ?? node.parentNode)) {
    if (!(node instanceof Element)) continue;
    if (node.scrollHeight > node.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(node).overflowY)) return node;
  }
  return document.scrollingElement!;
}

define("yulelight-sortable", YulelightSortable);
