// Every light of the house: its position, kind, output and health.

import { mdiLightbulbOnOutline, mdiRestore } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { GROUPS } from "../../house/groups";
import { define } from "../../parts/define";
import { icon } from "../../parts/icon";
import { styled } from "../../parts/styled";
import { tokens } from "../../parts/tokens.css";
import type { ServiceSource } from "../../service/source";
import type { Words } from "../../words";
import { type LightsWords, lightsWordsFor } from "../../words/lights";
import { say } from "../say";
import { shelfStyle } from "../shelf.css";
import "./found";
import "./picture";
import { type At, type HouseView, ms, type Node, type Output, placesOf, wattsOf } from "./told";

/** Interval between two readings of the outputs' health (ms). */
const PACE = 4000;
const NOTHING: HouseView = { power_budget: null, sides: [], positions: [] };

export class YulelightLights extends LitElement {
  static override properties = {
    source: { attribute: false },
    common: { attribute: false },
    language: {},
    outputs: { state: true },
    nodes: { state: true },
    view: { state: true },
    chosen: { state: true },
  };
  static override styles = [
    tokens,
    shelfStyle,
    css`
      h4 { margin: 18px 0 4px; font: 600 17px/1.25 var(--serif); }
      ul { list-style: none; margin: 10px 0; padding: 0; }
      li { display: flex; align-items: center; gap: 4px; border-radius: 14px; }
      li[aria-current] { background: color-mix(in srgb, var(--gold) 16%, transparent); }
      .open { display: grid; grid-template: "dot name" auto "dot text" auto / 34px 1fr; align-items: center; flex: 1; min-width: 0; min-height: 56px; padding: 6px 8px; border: 0; border-radius: 14px; background: none; text-align: left; }
      .open:hover { background: color-mix(in srgb, var(--text) 6%, transparent); }
      .open i { grid-area: dot; width: 18px; height: 18px; border-radius: 50%; background: var(--colour); box-shadow: inset 0 0 0 1px rgb(0 0 0 / .25), 0 0 8px color-mix(in srgb, var(--colour) 60%, transparent); }
      .open b { grid-area: name; font-weight: 500; }
      .open small { grid-area: text; }
      small { font-size: 14px; color: var(--soft); }
      .wrong { color: var(--wrong); }
      .device { margin: 6px 0; padding: 10px 14px; border-radius: 14px; background: var(--raised); }
      .device b { font-weight: 600; overflow-wrap: anywhere; }
      .device small { display: block; }
      .bar { height: 8px; border-radius: 4px; background: var(--line); overflow: hidden; }
      .bar::after { content: ""; display: block; height: 100%; border-radius: 4px; background: var(--gold); width: var(--part); }
    `,
  ];

  declare source: ServiceSource;
  declare common: Words;
  declare language: string;
  declare outputs: readonly Output[];
  declare nodes: readonly Node[];
  declare view: HouseView;
  declare chosen: number;

  #leave: (() => void)[] = [];
  #timer = 0;

  constructor() {
    super();
    this.outputs = [];
    this.nodes = [];
    this.view = NOTHING;
    this.chosen = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = [
      this.source.hear("house", (message) => {
        this.view = message as unknown as HouseView;
      }),
      this.source.hear("nodes", (message) => {
        this.nodes = message["nodes"] as Node[];
        void this.#read();
      }),
    ];
    void this.#read();
    this.#timer = window.setInterval(() => document.hidden || void this.#read(), PACE);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    for (const leave of this.#leave) leave();
  }

  override render(): TemplateResult {
    const words = lightsWordsFor(this.language);
    const places = placesOf(this.view);
    return html`<yulelight-picture .places=${places} .names=${this.common.groups} label=${words.picture} .told=${words.at} .chosen=${this.chosen}
        @choose=${(event: CustomEvent<number>) => (this.chosen = event.detail)} @move=${(event: CustomEvent<{ channel: number } & At>) => this.#move(event.detail)}></yulelight-picture>
      <div class="tools"><button type="button" class="text" id="blink-all" @click=${() => this.#blink(0)}>${icon(mdiLightbulbOnOutline)}${words.blinkAll}</button>
        ${this.view.positions.some(({ channel }) => channel === this.chosen) ? html`<button type="button" class="text" id="lamp-reset" @click=${this.#reset}>${icon(mdiRestore)}${words.reset}</button>` : nothing}</div>
      ${this.outputs.length ? nothing : html`<p>${words.none}</p>`}<ul>${GROUPS.map(({ colour }, k) => this.#row(words, k + 1, colour))}</ul>
      ${this.outputs.length ? html`<h4>${words.devices}</h4>${this.outputs.map((output) => this.#device(words, output))}` : nothing}
      <p>${words.more}</p><yulelight-found .source=${this.source} .language=${this.language}></yulelight-found>
      <h4>${words.power}</h4>${this.#power(words)}
      <h4>${words.flash}</h4><p id="flash">${words.flashText}</p>`;
  }

  #row(words: LightsWords, channel: number, colour: string): TemplateResult {
    const name = this.common.groups[channel - 1]!;
    const on = this.outputs.flatMap((output) => output.lights.filter((light) => light.channel === channel).map((light) => ({ ...light, output })));
    const side = this.view.sides[channel - 1] ?? 0;
    const about = on.map(({ kind, load }) =>
      [kind ? (words.kinds[kind] ?? kind) : words.unknownKind, load > 1 ? words.watts(Math.round(load)) : ""].filter(Boolean).join(", "),
    );
    const where = side < -0.2 ? words.left : side > 0.2 ? words.right : "";
    const sick = on.find(({ output }) => !output.healthy);
    const text = on.length ? [words.channel(channel), ...new Set(about), where].filter(Boolean).join(" · ") : `${words.channel(channel)} · ${words.nothing}`;
    return html`<li aria-current=${this.chosen === channel ? "true" : nothing}><button type="button" class="open" data-light=${channel} @click=${() => (this.chosen = channel)}><i style=${styled({ "--colour": colour })}></i><b>${name}</b>
      <small class=${sick ? "wrong" : ""}>${sick ? sick.output.problem : text}</small></button>
      <button type="button" class="round" data-blink=${channel} aria-label="${words.blink}: ${name}" @click=${() => this.#blink(channel)}>${icon(mdiLightbulbOnOutline)}</button></li>`;
  }

  #device(words: LightsWords, { name, type, healthy, problem, lights }: Output): TemplateResult {
    const health = this.nodes.find(({ id }) => type === "node" && id === name)?.health;
    const figures = [
      health?.rtt_us === undefined ? "" : words.delay(ms(health.rtt_us)),
      health?.error_p50_us === undefined ? "" : words.off(ms(health.error_p50_us)),
    ];
    return html`<div class="device"><b>${type === "node" ? words.node(name) : type === "home-assistant" ? words.mirror(name) : words.output(name)}</b>
      <small class=${healthy ? "" : "wrong"}>${healthy ? [words.well, ...figures].filter(Boolean).join(", ") : problem}</small>
      <small>${lights.map(({ channel }) => words.channel(channel)).join(", ")}</small></div>`;
  }

  #power(words: LightsWords): TemplateResult {
    const budget = this.view.power_budget;
    if (budget === null) return html`<p>${words.noBudget}</p>`;
    const all = wattsOf(this.outputs);
    return html`<div class="bar" style=${styled({ "--part": `${Math.min(100, (100 * budget) / Math.max(1, all)).toFixed(0)}%` })}></div><p>${words.sum(all, Math.round(budget))}</p>`;
  }

  async #read(): Promise<void> {
    try {
      const { outputs } = await this.source.library.request<{ outputs: Output[] }>("GET", "lights");
      // Redraw only what changed.
      if (JSON.stringify(outputs) !== JSON.stringify(this.outputs)) this.outputs = outputs;
    } catch {
      // Keep what was read; the remote control says that the service is unreachable.
    }
  }

  async #try(work: () => Promise<void>): Promise<void> {
    await work().catch((error: Error) => say(this, error.message || lightsWordsFor(this.language).failed));
  }

  #blink(channel: number): void {
    const words = lightsWordsFor(this.language);
    if (channel) this.chosen = channel;
    void this.#try(async () => {
      await this.source.command("identify", channel ? { channel } : {});
      say(this, channel ? words.blinks(this.common.groups[channel - 1]!) : words.allBlink);
    });
  }

  #put(positions: { channel: number; x?: number; y?: number }[]): Promise<HouseView> {
    return this.source.library.request<HouseView>("PUT", "house/positions", { positions });
  }

  /** Shown at once and sent to the service, which informs the other phones. */
  #move(at: { channel: number } & At): void {
    const words = lightsWordsFor(this.language);
    const before = this.view.positions.find(({ channel }) => channel === at.channel) ?? { channel: at.channel };
    this.chosen = at.channel;
    this.view = { ...this.view, positions: [...this.view.positions.filter(({ channel }) => channel !== at.channel), at] };
    void this.#try(async () => {
      await this.#put([at]);
      say(this, words.moved(this.common.groups[at.channel - 1]!), { label: words.undo, run: () => this.#put([before]) });
    });
  }

  #reset(): void {
    void this.#try(async () => {
      this.view = await this.#put([{ channel: this.chosen }]);
    });
  }
}

define("yulelight-lights", YulelightLights);
