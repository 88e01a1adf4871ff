// The way to the service through Home Assistant: the integration has the token, and passes on what the user may do.

import type { Wire } from "../service/socket";
import type { Way } from "../service/source";

/** What is used of Home Assistant's connection and of its signed-in requests. */
export interface PanelHass {
  connection: {
    subscribeMessage<T>(callback: (message: T) => void, message: Record<string, unknown>, options?: { resubscribe?: boolean }): Promise<() => Promise<void>>;
    addEventListener(event: "disconnected", listener: () => void): void;
    removeEventListener(event: "disconnected", listener: () => void): void;
  };
  callWS<T>(message: { type: string; [key: string]: unknown }): Promise<T>;
  fetchWithAuth(path: string, init: RequestInit): Promise<Response>;
}

type Told = { line: number } | { message: unknown } | { closed: string };

/** `hass` answers with the newest one. */
export function wayThrough(hass: () => PanelHass, entry: string, language: string): Way {
  return {
    wire: () => new Line(hass(), entry, language),
    ask: (path, { method, headers, body }) =>
      hass().fetchWithAuth(`/api/yulelight/${entry}/${path}`, { method, headers: { ...headers, "Accept-Language": language }, body }),
  };
}

/** A control connection of the service, as a WebSocket. */
class Line implements Wire {
  readyState: Wire["readyState"] = WebSocket.CONNECTING;
  onopen: Wire["onopen"] = null;
  onmessage: Wire["onmessage"] = null;
  onclose: Wire["onclose"] = null;

  #line = 0;
  #leave: Promise<() => Promise<void>>;
  #lost = (): void => this.#end();

  constructor(
    private readonly hass: PanelHass,
    entry: string,
    language: string,
  ) {
    const ask = { type: "yulelight/panel/open", entry_id: entry, language };
    this.#leave = hass.connection.subscribeMessage<Told>((told) => this.#hear(told), ask, { resubscribe: false });
    this.#leave.catch(() => this.#end());
    hass.connection.addEventListener("disconnected", this.#lost);
  }

  send(text: string): void {
    // Home Assistant has checked who this is.
    if ((JSON.parse(text) as { type: string }).type === "auth") queueMicrotask(() => this.#message({ type: "auth", ok: true }));
    else this.hass.callWS({ type: "yulelight/panel/send", line: this.#line, message: text }).catch(() => this.#end());
  }

  close(): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.hass.connection.removeEventListener("disconnected", this.#lost);
    this.#leave.then((leave) => leave()).catch(() => {});
  }

  #hear(told: Told): void {
    if ("line" in told) {
      this.#line = told.line;
      this.readyState = WebSocket.OPEN;
      this.onopen?.call(this as unknown as WebSocket, new Event("open"));
    } else if ("message" in told) this.#message(told.message);
    else this.#end();
  }

  #message(message: unknown): void {
    this.onmessage?.call(this as unknown as WebSocket, new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  #end(): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.close();
    this.onclose?.call(this as unknown as WebSocket, new CloseEvent("close", { code: 1006 }));
  }
}
