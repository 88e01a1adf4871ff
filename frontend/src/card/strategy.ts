// Dashboard strategy for a phone: the remote control, the calendar of shows and all settings.

import { type Hass, playersOf } from "../hass/types";
import { PARTS } from "../parts/remote";
import { wordsFor } from "../words";
import { TYPE } from "./config";

export const STRATEGY = "yulelight";

/** The entities of the player's device in the given domains, in their order. */
function beside(hass: Hass, player: string, domains: readonly string[]): string[] {
  const device = hass.entities?.[player]?.device_id;
  const ids = Object.keys(hass.states).filter((id) => device && hass.entities?.[id]?.device_id === device);
  return domains.flatMap((domain) => ids.filter((id) => id.startsWith(`${domain}.`)).sort());
}

/** A line of the settings: the house's name before each would leave no room for what it is. */
function row(hass: Hass, entity: string, house: string): object {
  const name = String(hass.states[entity]?.attributes["friendly_name"] ?? "");
  return name.startsWith(`${house} `) ? { entity, name: name.slice(house.length + 1) } : { entity };
}

/** Cards for one media player; a dashboard has one set for each. */
function viewsOf(hass: Hass, entity: string, many: boolean): object[] {
  const { card } = wordsFor(hass.locale?.language ?? hass.language);
  const name = String(hass.states[entity]?.attributes["friendly_name"] ?? card.name);
  const slug = entity.slice("media_player.".length).replaceAll("_", "-");
  const view = (path: string, title: string, icon: string, ...cards: object[]): object => ({
    type: "sections",
    max_columns: 2,
    title: many ? `${name}: ${title}` : title,
    path: many ? `${path}-${slug}` : path,
    icon,
    sections: [{ type: "grid", column_span: 2, cards }],
  });
  const wide = { grid_options: { columns: "full" } };
  const calendars = beside(hass, entity, ["calendar"]);
  const rest = beside(hass, entity, ["switch", "select", "number", "sensor", "button", "update", "event"]).map((id) => row(hass, id, name));
  return [
    view("show", card.views.remote, "mdi:home-lightning-bolt-outline", { type: `custom:${TYPE}`, entity, parts: [...PARTS], ...wide }),
    ...(calendars.length
      ? [view("calendar", card.views.schedule, "mdi:calendar-star", { type: "calendar", entities: calendars, initial_view: "listWeek", ...wide })]
      : []),
    ...(rest.length ? [view("settings", card.views.details, "mdi:tune-variant", { type: "entities", entities: rest, ...wide })] : []),
  ];
}

export class YulelightStrategy extends HTMLElement {
  /** Called by Home Assistant. Never throws: without a media player it returns a view that says what to do. */
  static async generate(_config: unknown, hass: Hass): Promise<object> {
    const players = playersOf(hass);
    const words = wordsFor(hass.locale?.language ?? hass.language);
    if (!players.length) {
      return {
        title: words.card.name,
        views: [{ cards: [{ type: "markdown", content: `# ${words.missingTitle}\n[Yulelight](/config/integrations/dashboard/add?domain=yulelight)` }] }],
      };
    }
    return { title: words.card.name, views: players.flatMap((entity) => viewsOf(hass, entity, players.length > 1)) };
  }
}
