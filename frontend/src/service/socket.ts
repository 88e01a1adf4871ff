// The WebSocket connection to the service: signs in, sends requests, subscribes, and reconnects by itself.

const FIRST_WAIT = 500;
const MAX_WAIT = 15_000;
const ANSWER_TIME = 8_000;
const SILENCE = 8_000;
const DENIED = [4401, 4429];

export type Message = { type: string; [key: string]: any };

export interface Line {
  state: "connecting" | "online" | "offline" | "denied";
  /** Time until the next attempt (ms). */
  wait?: number;
  error?: string;
}

/** What is used of a WebSocket. */
export type Wire = Pick<WebSocket, "readyState" | "onopen" | "onmessage" | "onclose"> & { send(text: string): void; close(): void };

/** A WebSocket of the service that this page comes from. */
export function direct(): Wire {
  const url = new URL("api/v1/ws", document.baseURI);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(url);
}

interface Waiting {
  resolve: (result: any) => void;
  reject: (error: Error) => void;
  timer: number;
}

export class ServiceSocket {
  onLine: (line: Line) => void = () => {};
  onMessage: (message: Message) => void = () => {};

  #socket: Wire | null = null;
  #token = "";
  #id = 0;
  #waiting = new Map<number, Waiting>();
  #attempt = 0;
  #retry = 0;
  #watch = 0;
  #heard = 0;
  #refusal = "";

  constructor(private readonly wire: () => Wire = direct) {}

  /** Connect with `token`; may be called again with another one. */
  open(token: string): void {
    this.#token = token;
    this.#attempt = 0;
    this.connect();
  }

  /** Connect now, without waiting for the next attempt. */
  connect(): void {
    this.#drop();
    this.onLine({ state: "connecting" });
    const socket = this.wire();
    this.#socket = socket;
    this.#heard = performance.now();
    socket.onopen = () => socket.send(JSON.stringify({ type: "auth", token: this.#token }));
    socket.onmessage = (event) => this.#hear(JSON.parse(event.data as string) as Message);
    socket.onclose = (event) => this.#lost(event.code);
    this.#watch = window.setInterval(() => this.#check(), 2_000);
  }

  /** Close the line for good. */
  end(): void {
    clearTimeout(this.#retry);
    this.#drop();
  }

  /** Send a request. Resolves with its result; rejects with an Error whose message is shown to the user. */
  ask(message: Message): Promise<any> {
    return new Promise((resolve, reject) => {
      if (this.#socket?.readyState !== WebSocket.OPEN) return reject(new Error(""));
      const id = ++this.#id;
      const timer = window.setTimeout(() => this.#settle(id, { type: "result", ok: false, error: "" }), ANSWER_TIME);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#socket.send(JSON.stringify({ id, ...message }));
    });
  }

  #hear(message: Message): void {
    this.#heard = performance.now();
    if (message.type === "result") this.#settle(message["id"] as number, message);
    else if (message.type === "auth") this.#signedIn(message);
    else this.onMessage(message);
  }

  #signedIn(message: Message): void {
    if (!message["ok"]) {
      this.#refusal = String(message["error"] ?? "");
      return;
    }
    this.#attempt = 0;
    this.onLine({ state: "online" });
  }

  #settle(id: number, message: Message): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (message["ok"]) waiting.resolve(message["result"]);
    else waiting.reject(new Error(String(message["error"] ?? "")));
  }

  /** A connection can die without closing: ping after some silence, reconnect after a longer one. */
  #check(): void {
    const silence = performance.now() - this.#heard;
    if (silence > 2 * SILENCE) this.#lost(1006);
    else if (silence > SILENCE) this.ask({ type: "get", view: "status" }).catch(() => {});
  }

  #lost(code: number): void {
    this.#drop();
    if (DENIED.includes(code)) {
      this.onLine({ state: "denied", error: code === 4429 ? this.#refusal : "" });
      return;
    }
    const wait = Math.min(MAX_WAIT, FIRST_WAIT * 2 ** this.#attempt++) * (0.75 + 0.5 * Math.random());
    this.onLine({ state: "offline", wait });
    this.#retry = window.setTimeout(() => this.connect(), wait);
  }

  #drop(): void {
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    for (const id of [...this.#waiting.keys()]) this.#settle(id, { type: "result", ok: false, error: "" });
    if (!this.#socket) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }
}
