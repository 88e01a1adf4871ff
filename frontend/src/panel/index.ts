// Yulelight in Home Assistant's sidebar: the page's parts in Home Assistant's frame.

import { pageOf } from "../page/page";
import { define } from "../parts/define";
import type { YulelightRemote } from "../parts/remote";
import { ServiceSource } from "../service/source";
import { type PanelHass, wayThrough } from "./way";

interface Hass extends PanelHass {
  language: string;
  locale?: { language: string };
  themes?: { darkMode?: boolean };
}

const STYLE = `
  :host {
    --yl-text: #f6f3ea; --yl-soft: #b9c3e4; --yl-surface: #0b1534; --yl-raised: #182650; --yl-line: #33427c; --yl-accent: #fff; --yl-wrong: #ffb9ac;
    display: block; min-height: 100vh; background: var(--yl-surface); color: var(--yl-text); color-scheme: dark;
    font: 16px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  }
  :host(.light) {
    --yl-text: #241a3e; --yl-soft: #5b5276; --yl-surface: #f8f4fd; --yl-raised: #ebe4f6; --yl-line: #cdc2e2; --yl-accent: #6a3aa8; --yl-gold: #e09a00; --yl-wrong: #a3142a;
    color-scheme: light;
  }
  header { display: flex; align-items: center; height: var(--header-height, 56px); padding: 0 12px; background: var(--app-header-background-color, var(--yl-raised)); color: var(--app-header-text-color, var(--yl-text)); }
  h1 { margin: 0 0 0 12px; font-size: 20px; font-weight: 400; }
  main { max-width: 1500px; margin: auto; }
`;

export class YulelightPanel extends HTMLElement {
  #hass: Hass | null = null;
  #entry = "";
  #narrow = false;
  #source: ServiceSource | null = null;
  #remote: YulelightRemote | null = null;
  #menu: (HTMLElement & { hass?: unknown; narrow?: boolean }) | null = null;

  set hass(hass: Hass) {
    this.#hass = hass;
    this.#begin();
    this.#paint();
  }

  set panel(panel: { config?: { entry_id?: string } }) {
    this.#entry = panel.config?.entry_id ?? "";
    this.#begin();
  }

  set narrow(narrow: boolean) {
    this.#narrow = narrow;
    this.#paint();
  }

  connectedCallback(): void {
    this.#begin();
  }

  disconnectedCallback(): void {
    this.#source?.socket.end();
    this.#source = null;
    this.shadowRoot?.replaceChildren();
  }

  /** Once all is known that Home Assistant tells a panel. */
  #begin(): void {
    if (this.#source || !this.#hass || !this.#entry || !this.isConnected) return;
    const language = this.#hass.locale?.language ?? this.#hass.language;
    this.#source = new ServiceSource(wayThrough(() => this.#hass!, this.#entry, language));
    const { remote, shelf } = pageOf(this.#source, language);
    remote.append(shelf);
    this.#remote = remote;
    this.lang = language;
    const style = document.createElement("style");
    style.textContent = STYLE;
    const header = document.createElement("header");
    const title = document.createElement("h1");
    this.#source.watch(({ name }) => {
      title.textContent = name || "Yulelight";
    });
    this.#menu = document.createElement("ha-menu-button");
    header.append(this.#menu, title);
    const main = document.createElement("main");
    main.append(remote);
    (this.shadowRoot ?? this.attachShadow({ mode: "open" })).replaceChildren(style, header, main);
    this.#source.open("");
    this.#paint();
  }

  #paint(): void {
    const dark = this.#hass?.themes?.darkMode ?? true;
    this.classList.toggle("light", !dark);
    if (this.#remote) this.#remote.sky = dark ? "night" : "dusk";
    if (this.#menu) Object.assign(this.#menu, { hass: this.#hass, narrow: this.#narrow });
  }
}

define("yulelight-panel", YulelightPanel);
