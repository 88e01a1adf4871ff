// What the service tells of the looks, and what is asked of it. Rejects with an Error whose message is for the user.

import type { ServiceSource } from "../../service/source";
import type { SliderName } from "../../words/own-looks";

export const SLIDERS: readonly SliderName[] = ["drama", "calm", "contrast", "voice"];

/** A look as in the settings: what it is based on, sliders, and perhaps numbers. */
export type Values = { base: string } & { [name in SliderName]?: number } & Record<string, unknown>;

export interface OwnLook {
  name: string;
  values: Values;
  /** Why it cannot be changed here; empty if it can. */
  fixed: string;
}

export interface LooksView {
  looks: string[];
  look: string;
  own: OwnLook[];
  /** Whether singers are told apart. */
  voices: boolean;
}

/** `values` without the sliders that stand in the middle. */
export function tidy(values: Values): Values {
  const kept = Object.entries(values).filter(([name, value]) => !(SLIDERS as readonly string[]).includes(name) || value !== 0);
  return Object.fromEntries(kept) as Values;
}

/** A name that none of `looks` has: "Calm 2", "Calm 3" and so on. */
export function freeName(label: string, looks: readonly string[], copied: (name: string, count: number) => string): string {
  for (let count = 2; ; count++) {
    const name = copied(label, count);
    if (!looks.includes(name)) return name;
  }
}

/** The looks over the HTTP API. */
export class Looks {
  constructor(private readonly source: ServiceSource) {}

  read(): Promise<LooksView> {
    return this.source.library.request("GET", "looks");
  }

  save(name: string, values: Values): Promise<LooksView> {
    return this.source.library.request("PUT", at(name), tidy(values));
  }

  remove(name: string): Promise<LooksView> {
    return this.source.library.request("DELETE", at(name));
  }

  /** Shows what plays in a look, by its name or by its values, once its lights are made. */
  attempt(look: string | Values): Promise<LooksView> {
    return this.source.library.request("POST", "looks/try", told(look));
  }

  /** Makes its lights, so that an attempt is immediate. */
  ahead(look: string): Promise<LooksView> {
    return this.source.library.request("POST", "looks/try", { ...told(look), ahead: true });
  }
}

const at = (name: string): string => `looks/${encodeURIComponent(name)}`;
const told = (look: string | Values): Record<string, unknown> => (typeof look === "string" ? { look } : tidy(look));
