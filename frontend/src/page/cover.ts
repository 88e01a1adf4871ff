// A song's cover as a small picture, fetched when it scrolls near; a note symbol if there is none.

import { mdiMusicNote } from "@mdi/js";
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Song } from "../model";
import { define } from "../parts/define";
import { icon } from "../parts/icon";
import { tokens } from "../parts/tokens.css";
import type { Library } from "../service/library";

/** Side of a picture in pixels, for screens with a device pixel ratio of 2. */
const SIDE = 88;
/** Number of pictures kept, most recently used. */
const KEPT = 400;

const pictures = new Map<string, Promise<ImageBitmap | null>>();

function pictureOf(library: Library, song: string): Promise<ImageBitmap | null> {
  const known =
    pictures.get(song) ??
    library
      .cover(song)
      .then((blob) => blob && createImageBitmap(blob, { resizeWidth: SIDE, resizeHeight: SIDE, resizeQuality: "medium" }))
      .catch(() => null);
  pictures.delete(song);
  pictures.set(song, known);
  if (pictures.size > KEPT) pictures.delete(pictures.keys().next().value!);
  return known;
}

export class YulelightCover extends LitElement {
  static override properties = { library: { attribute: false }, song: { attribute: false }, drawn: { state: true } };
  static override styles = [
    tokens,
    css`
      :host { display: grid; place-items: center; overflow: hidden; border-radius: 9px; background: var(--raised); color: var(--soft); }
      canvas { display: block; width: 100%; height: 100%; grid-area: 1 / 1; }
      svg.icon { width: 20px; height: 20px; grid-area: 1 / 1; opacity: .7; }
    `,
  ];

  declare library: Library;
  declare song: Song;
  declare drawn: boolean;

  #observer = new IntersectionObserver((entries) => entries.at(-1)!.isIntersecting && void this.#draw(), { rootMargin: "300px" });

  constructor() {
    super();
    this.drawn = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  override render(): TemplateResult {
    return html`${this.drawn ? nothing : icon(mdiMusicNote)}<canvas width=${SIDE} height=${SIDE} aria-hidden="true" ?hidden=${!this.drawn}></canvas>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    // Lit reuses rows for other songs.
    if (!changed.has("song") || (changed.get("song") as Song | undefined)?.id === this.song.id) return;
    this.drawn = false;
    this.#observer.unobserve(this);
    this.#observer.observe(this);
  }

  async #draw(): Promise<void> {
    const { song } = this;
    if (!song.cover || this.drawn) return;
    const picture = await pictureOf(this.library, song.id);
    if (!picture || song.id !== this.song.id) return;
    const canvas = this.renderRoot.querySelector("canvas");
    canvas?.getContext("2d")?.drawImage(picture, 0, 0, SIDE, SIDE);
    this.drawn = true;
  }
}

define("yulelight-cover", YulelightCover);
