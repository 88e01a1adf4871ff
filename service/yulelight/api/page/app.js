// Yulelight's page: puts the parts together. Everything a part needs is given to it here.

import { Client } from "./client.js";
import { Lights } from "./lights.js";
import { Player } from "./player.js";
import { drawScene } from "./scene.js";
import { Songs } from "./songs.js";
import { t, translate } from "./strings.js";
import { Taken } from "./taken.js";
import { toast } from "./toast.js";
import { loadToken, saveToken } from "./token.js";
import { COLOURS, drawStar, drawTree } from "./tree.js";

const $ = (id) => document.getElementById(id);
const channels = new Map();
let said = "";
let countdown = 0;

translate();
drawScene($("land"), document.querySelectorAll(".twinkle"));
drawTree($("fir"));
drawStar($("star"));

const client = new Client();
const lights = new Lights({ strings: $("strings"), glows: $("glows"), aura: $("aura"), pools: $("pools") }, tap);
const player = new Player((command) => ask({ type: "control", ...command }), () => lights.now());
const songs = new Songs((song) => ask({ type: "control", command: "play", song }));
const taken = new Taken(
  (channel, on, brightness) => ask({ type: "channel", channel, on, brightness }),
  (channel) => ask({ type: "release", channel }),
);

async function ask(message) {
  try {
    return await client.ask(message);
  } catch (error) {
    toast(error.message || t.offline);
    return undefined;
  }
}

/** A show has all strings that are not taken over; without one, those that are on are somebody's. */
function owner({ effect, on }) {
  if (effect === "show") return "show";
  return on || document.body.dataset.state !== "idle" ? "you" : "";
}

async function tap(channel) {
  const state = channels.get(channel);
  if (!state) return;
  const now = await ask({ type: "channel", channel, on: !lights.lit(channel) });
  if (now) taken.open(channel, now.brightness, COLOURS[channel - 1]);
}

function draw(state) {
  channels.set(state.channel, state);
  lights.describe(state.channel, owner(state), state.on);
  if (state.channel !== taken.channel) return;
  if (owner(state) === "show") taken.close();
  else taken.open(state.channel, state.brightness, COLOURS[state.channel - 1]);
}

client.addEventListener("frames", ({ detail }) => lights.hear(detail));
client.addEventListener("channel", ({ detail }) => draw(detail));
client.addEventListener("status", ({ detail }) => {
  lights.tellTime(detail.now);
  player.hear(detail);
  songs.mark(detail.song?.id ?? "");
  for (const state of channels.values()) draw(state);
  if (detail.message && detail.message !== said) toast(detail.message);
  said = detail.message;
});
client.addEventListener("server", ({ detail }) => {
  document.title = detail.name;
});

client.addEventListener("link", ({ detail: { state, wait, error } }) => {
  clearInterval(countdown);
  const before = document.body.dataset.link;
  if (state === "connecting" && before === "offline") {
    $("artist").textContent = t.retrying(0);
    return;
  }
  document.body.dataset.link = state;
  if (state === "online") return void welcome();
  lights.forget();
  taken.close();
  channels.clear();
  if (state === "denied") return void signIn(error || (before === "connecting" && loadToken() ? t.wrongToken : ""));
  if (state === "connecting") {
    $("chip").textContent = t.connecting;
    return;
  }
  $("chip").textContent = t.offline;
  player.setOffline(t.offlineTitle, t.retrying(0));
  const end = performance.now() + wait;
  const count = () => {
    $("artist").textContent = t.retrying(Math.ceil((end - performance.now()) / 1000));
  };
  count();
  countdown = setInterval(count, 500);
});

async function welcome() {
  if ($("sign-in").open) $("sign-in").close();
  const library = await ask({ type: "get", view: "songs" });
  if (library) songs.set(library.songs);
}

function signIn(error) {
  player.setOffline();
  $("chip").textContent = "";
  $("sign-in-error").textContent = error;
  if (!$("sign-in").open) $("sign-in").showModal();
}

$("sign-in").addEventListener("cancel", (event) => event.preventDefault());
$("sign-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const token = $("token").value.trim();
  saveToken(token);
  client.open(token);
});
for (const wake of ["online", "visibilitychange"]) {
  const target = wake === "online" ? window : document;
  target.addEventListener(wake, () => {
    if (!document.hidden && document.body.dataset.link === "offline") client.connect();
  });
}
addEventListener("hashchange", () => {
  const token = loadToken();
  if (token) client.open(token);
});

const token = loadToken();
if (token) client.open(token);
else {
  document.body.dataset.link = "denied";
  signIn("");
}
