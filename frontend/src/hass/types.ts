// The small part of Home Assistant's frontend that the card uses.

import type { Hours } from "../moments";

export interface HassEntity {
  entity_id: string;
  state: string;
  attributes: Record<string, unknown>;
}

export interface Connection {
  subscribeMessage<T>(callback: (message: T) => void, message: { type: string; [key: string]: unknown }): Promise<() => Promise<void>>;
}

export interface Hass {
  states: Record<string, HassEntity>;
  entities?: Record<string, { platform?: string; device_id?: string | null } | undefined>;
  devices?: Record<string, { name?: string | null; name_by_user?: string | null } | undefined>;
  connection: Connection;
  connected: boolean;
  language: string;
  locale?: { language: string; time_format?: string; time_zone?: string };
  config?: { time_zone?: string };
  themes?: { darkMode?: boolean };
  user?: { is_admin: boolean };
  callService(domain: string, service: string, data: Record<string, unknown>): Promise<unknown>;
  callWS<T>(message: { type: string; [key: string]: unknown }): Promise<T>;
}

/** Settings of the user's profile: the time format, and whether times are the server's. */
export function hoursOf({ locale, config }: Pick<Hass, "locale" | "config">): Hours {
  const hours: Hours = {};
  const format = locale?.time_format;
  if (format === "12") hours.hourCycle = "h12";
  else if (format === "24") hours.hourCycle = "h23";
  else if (format === "system") hours.hourCycle = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hourCycle;
  if (locale?.time_zone === "server" && config?.time_zone) hours.timeZone = config.time_zone;
  return hours;
}

/** Yulelight's media players. */
export function playersOf(hass: Hass): string[] {
  return Object.keys(hass.states).filter((id) => isPlayer(hass, id));
}

export function isPlayer(hass: Hass, entityId: string): boolean {
  return entityId.startsWith("media_player.") && hass.entities?.[entityId]?.platform === "yulelight";
}
