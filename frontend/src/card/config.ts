// The card's configuration, its validation, and the form in Home Assistant's editor.

import { type Hass, isPlayer, playersOf } from "../hass/types";
import type { Place } from "../house/house";
import type { PartName } from "../parts/remote";
import type { Words } from "../words";

export interface CardConfig {
  type: string;
  entity: string;
  name?: string;
  parts?: PartName[];
  image?: string;
  lights?: Place[];
  sky?: "auto" | "night" | "dusk";
}

export const TYPE = "yulelight-card";
export const DEFAULT_PARTS: readonly PartName[] = ["player", "choices", "dials", "next", "blackout"];

/** Throws an Error whose message is shown to the user. */
export function check(config: unknown, words: Words): CardConfig {
  const { entity, lights, image, parts } = (config ?? {}) as CardConfig;
  if (typeof entity !== "string" || !entity.startsWith("media_player.")) throw new Error(words.card.noPlayer);
  const place = ({ x, y, size = 16 }: Place): boolean => [x, y, size].every((value) => typeof value === "number" && value >= 0 && value <= 100);
  if (lights !== undefined && !(Array.isArray(lights) && lights.length <= 8 && lights.every(place))) throw new Error(words.card.wrongLights);
  if (image !== undefined && imageOf(image) === null) throw new Error(words.card.wrongImage);
  if (parts !== undefined && !Array.isArray(parts)) throw new Error(words.card.noPlayer);
  return { ...(config as CardConfig), image: imageOf(image) ?? "" };
}

/** The URL of a picture, which the editor's selector wraps in an object. Null if it is not one. */
function imageOf(image: unknown): string | null {
  if (image === undefined || image === null || image === "") return "";
  const address = typeof image === "object" ? (image as { media_content_id?: unknown }).media_content_id : image;
  return typeof address === "string" && /^(\/|https?:\/\/)/.test(address) ? address : null;
}

export function stub(hass: Hass): Omit<CardConfig, "type"> {
  return { entity: playersOf(hass)[0] ?? "media_player.yulelight" };
}

export function suggestion(hass: Hass, entityId: string): { config: CardConfig } | null {
  return isPlayer(hass, entityId) ? { config: { type: `custom:${TYPE}`, entity: entityId } } : null;
}

/** For `getConfigForm`: common fields first, the rest in a collapsed section. */
export function form(words: Words): object {
  const { card } = words;
  return {
    schema: [
      { name: "entity", required: true, selector: { entity: { filter: { domain: "media_player", integration: "yulelight" } } } },
      { name: "name", selector: { text: {} } },
      { name: "parts", type: "yulelight-parts" },
      {
        name: "appearance",
        type: "expandable",
        flatten: true,
        title: card.form.appearance,
        iconPath: undefined,
        schema: [
          {
            name: "sky",
            default: "auto",
            selector: { select: { mode: "dropdown", options: (["auto", "night", "dusk"] as const).map((value) => ({ value, label: card.skies[value] })) } },
          },
          { name: "image", selector: { text: {} } },
          { name: "lights", type: "yulelight-places", context: { image: "image" } },
        ],
      },
    ],
    computeLabel: ({ name }: { name: keyof typeof card.form }) => card.form[name] ?? name,
    computeHelper: ({ name }: { name: keyof typeof card.help }) => card.help[name],
    assertConfig: (config: unknown) => void check(config, words),
  };
}
