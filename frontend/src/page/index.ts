// Entry point of the service's own page: the remote control, the sign-in dialog and two keyboard shortcuts.

import { ServiceSource } from "../service/source";
import { loadToken, saveToken } from "../service/token";
import { wordsFor } from "../words";
import { showAsking } from "./asking";
import { pageOf } from "./page";
import { pairing } from "./pairing";
import { signIn } from "./sign-in";

const words = wordsFor(navigator.language);
document.documentElement.lang = words === wordsFor("en") ? "en" : navigator.language;

const source = new ServiceSource();
const { remote, shelf } = pageOf(source, navigator.language);
const light = matchMedia("(prefers-color-scheme: light)");
const paint = (): void => {
  remote.sky = light.matches ? "dusk" : "night";
};
light.addEventListener("change", paint);
paint();
document.querySelector("main")!.append(remote);
const footer = document.createElement("footer");
const asking = document.createElement("div");
asking.slot = "asking";
remote.append(asking, shelf, footer);
const drawPairing = pairing(footer, words, source);
showAsking(asking, words, source, (text) => remote.say(text));

const signInDialog = signIn(words, (token) => {
  saveToken(token);
  source.open(token);
});

source.watch((house) => {
  document.body.dataset["link"] = house.link;
  document.body.dataset["state"] = house.status.state;
  document.body.classList.toggle("blackout", house.status.blackout);
  if (house.name) document.title = house.name;
  if (house.link === "online") {
    signInDialog.close();
    drawPairing();
  } else if (house.link === "denied") signInDialog.ask(source.line.error || words.wrongToken);
});

addEventListener("keydown", (event) => {
  const at = event.composedPath()[0];
  const within = (what: string): boolean => at instanceof Element && Boolean(at.closest(what));
  if (document.body.dataset["link"] !== "online" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === " " && !within("input, button, select")) remote.toggle();
  else if (event.key === "b" && !within("input:not([type=range], [type=checkbox]), select")) remote.blackout();
  else return;
  event.preventDefault();
});

for (const [target, wake] of [
  [window, "online"],
  [document, "visibilitychange"],
] as const) {
  target.addEventListener(wake, () => {
    if (!document.hidden && source.line.state === "offline") source.socket.connect();
  });
}

// If the on-screen keyboard covers the page instead of resizing it, keep the blackout button above the keyboard.
const view = window.visualViewport;
const rise = (): void => {
  const below = view && view.scale < 1.05 ? Math.max(0, innerHeight - view.height - view.offsetTop) : 0;
  remote.style.setProperty("--below", `${Math.round(below)}px`);
};
view?.addEventListener("resize", rise);
view?.addEventListener("scroll", rise);

function enter(): void {
  const token = loadToken();
  if (token) source.open(token);
  else void signInThroughHomeAssistant();
}

/** Users who come through Home Assistant are signed in there and need no token. */
async function signInThroughHomeAssistant(): Promise<void> {
  const info = await fetch("api/v1/info").then(
    (answer) => answer.json() as Promise<{ signed_in?: boolean }>,
    () => ({ signed_in: false }),
  );
  if (info.signed_in) source.open("by Home Assistant");
  else {
    document.body.dataset["link"] = "denied";
    signInDialog.ask("");
  }
}

// Service workers need a secure context, which plain HTTP at home is not. In Home Assistant's frame one would cache a temporary address.
if ("serviceWorker" in navigator && self === top) void navigator.serviceWorker.register("sw.js").catch(() => {});

addEventListener("hashchange", () => location.hash.includes("token=") && enter());
enter();
