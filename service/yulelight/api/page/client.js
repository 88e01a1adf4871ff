// The line to the service: signs in, asks and answers, subscribes, and comes back by itself when it was lost.

const TOPICS = ["status", "channels", "frames"];
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const ANSWER_TIME = 8_000;
const SILENCE = 8_000;
const DENIED = [4401, 4429];

/** Fires "link" ({state, wait, error}) and one event per pushed message type, with the message as its detail. */
export class Client extends EventTarget {
  #socket = null;
  #token = "";
  #id = 0;
  #waiting = new Map();
  #attempt = 0;
  #retry = 0;
  #watch = 0;
  #heard = 0;
  #refusal = "";

  /** Connect with ``token``; again with another one at any time. */
  open(token) {
    this.#token = token;
    this.#attempt = 0;
    this.connect();
  }

  /** Try now, whatever the waiting time says. */
  connect() {
    this.#drop();
    this.#tell({ state: "connecting" });
    const url = new URL("api/v1/ws", document.baseURI);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#heard = performance.now();
    socket.onopen = () => socket.send(JSON.stringify({ type: "auth", token: this.#token }));
    socket.onmessage = (event) => this.#hear(JSON.parse(event.data));
    socket.onclose = (event) => this.#lost(event.code);
    this.#watch = setInterval(() => this.#check(), 2_000);
  }

  get online() {
    return document.body.dataset.link === "online";
  }

  /** Send a request; its result, or an Error in words for the user. */
  ask(message) {
    return new Promise((resolve, reject) => {
      if (this.#socket?.readyState !== WebSocket.OPEN) {
        reject(new Error(""));
        return;
      }
      const id = ++this.#id;
      const timer = setTimeout(() => this.#settle(id, { ok: false, error: "" }), ANSWER_TIME);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#socket.send(JSON.stringify({ id, ...message }));
    });
  }

  #hear(message) {
    this.#heard = performance.now();
    if (message.type === "result") this.#settle(message.id, message);
    else if (message.type === "auth") this.#signedIn(message);
    else this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
  }

  #signedIn(message) {
    if (!message.ok) {
      this.#refusal = message.error;
      return;
    }
    this.#attempt = 0;
    this.#tell({ state: "online" });
    for (const topic of TOPICS) this.ask({ type: "subscribe", topic }).catch(() => {});
  }

  #settle(id, message) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (message.ok) waiting.resolve(message.result);
    else waiting.reject(new Error(message.error));
  }

  /** A line can be dead without being closed: after a silence ask, and after a longer one start anew. */
  #check() {
    const silence = performance.now() - this.#heard;
    if (silence > 2 * SILENCE) this.#lost(1006);
    else if (silence > SILENCE) this.ask({ type: "get", view: "status" }).catch(() => {});
  }

  #lost(code) {
    this.#drop();
    if (DENIED.includes(code)) {
      this.#tell({ state: "denied", error: code === 4429 ? this.#refusal : "" });
      return;
    }
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#attempt++) * (0.75 + 0.5 * Math.random());
    this.#tell({ state: "offline", wait });
    this.#retry = setTimeout(() => this.connect(), wait);
  }

  #drop() {
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    for (const id of [...this.#waiting.keys()]) this.#settle(id, { ok: false, error: "" });
    if (!this.#socket) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  #tell(detail) {
    this.dispatchEvent(new CustomEvent("link", { detail }));
  }
}
