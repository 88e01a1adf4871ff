// The guests' page: what plays, what was wished for, and the songs to choose from.

const WORDS = {
  en: {
    playing: (song) => `Now: ${song}`,
    coming: "Wished for",
    choose: "Wish for a song",
    search: "Search",
    wish: "Wish",
    resting: "heard or wished for lately",
    yours: (title, place) => (place > 1 ? `${title} comes soon, as number ${place}.` : `${title} comes next.`),
    none: "No song matches.",
    away: "The house does not answer. Are you in its network?",
  },
  de: {
    playing: (song) => `Jetzt: ${song}`,
    coming: "Gewünscht",
    choose: "Ein Lied wünschen",
    search: "Suchen",
    wish: "Wünschen",
    resting: "kürzlich gehört oder gewünscht",
    yours: (title, place) => (place > 1 ? `${title} kommt bald, als Nummer ${place}.` : `${title} kommt als Nächstes.`),
    none: "Kein Lied passt.",
    away: "Das Haus antwortet nicht. Bist du in seinem Netz?",
  },
};
/** Between two looks at the house, and for how long an answer is shown (ms). */
const PACE = 8000;
const SHOWN = 9000;
/** From so many songs on there is a search. */
const MANY = 12;

const language = navigator.languages.map((each) => each.slice(0, 2).toLowerCase()).find((each) => each in WORDS) ?? "en";
const words = WORDS[language];
document.documentElement.lang = language;
const $ = (selector) => document.querySelector(selector);
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

let known = "";
let songs = [];
let shown = 0;
let busy = false;

$("#coming h2").textContent = words.coming;
$("#choice h2").textContent = words.choose;
$("#choice label").textContent = words.search;
$("#search").addEventListener("input", list);

function say(text) {
  clearTimeout(shown);
  $("#said").textContent = text;
  if (text) shown = setTimeout(() => say(""), SHOWN);
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { signal: AbortSignal.timeout(10_000), ...options });
  } catch {
    throw new Error(words.away);
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.error ?? words.away);
  return body;
}

const named = ({ title, artist }) => (artist ? `${title} – ${artist}` : title);

function draw(state) {
  const now = JSON.stringify(state);
  if (now === known) return;
  known = now;
  document.title = $("#name").textContent = state.name;
  $("#playing").textContent = state.playing ? words.playing(named(state.playing)) : "";
  $("#closed").hidden = !state.closed;
  $("#closed").textContent = state.closed && `${state.closed[0].toUpperCase()}${state.closed.slice(1)}.`;
  $("#coming").hidden = !state.waiting.length;
  $("#coming ol").replaceChildren(...state.waiting.map((song) => element("li", {}, song.title, song.artist && element("small", {}, song.artist))));
  $("#choice").hidden = !state.songs.length || Boolean(state.closed);
  songs = state.songs;
  const few = songs.length < MANY;
  $("#search").hidden = $("#choice label").hidden = few;
  list();
}

function list() {
  const wanted = plain($("#search").value.trim());
  const found = songs.filter((song) => plain(named(song)).includes(wanted));
  const at = document.activeElement?.dataset?.song;
  $("#choice ul").replaceChildren(...(found.length ? found.map(row) : [element("li", {}, words.none)]));
  if (at) document.querySelector(`[data-song="${CSS.escape(at)}"]`)?.focus();
}

function row(song) {
  const button = element(
    "button",
    { type: "button", "data-song": song.id, "aria-disabled": String(song.resting) },
    element("b", {}, song.title),
    element("small", {}, song.artist),
    element("i", {}, song.resting ? words.resting : words.wish),
  );
  button.addEventListener("click", () => song.resting || wish(song));
  return element("li", {}, button);
}

function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content.filter(Boolean));
  return made;
}

async function wish(song) {
  if (busy) return;
  busy = true;
  try {
    const state = await ask("guests/wishes", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ song: song.id }),
    });
    draw(state);
    const place = state.waiting.findIndex((each) => named(each) === named(song));
    say(words.yours(song.title, place + 1));
  } catch (error) {
    say(error.message);
    look();
  } finally {
    busy = false;
  }
}

async function look() {
  try {
    draw(await ask("guests/state"));
  } catch (error) {
    known = "";
    $("#choice").hidden = true;
    $("#closed").hidden = false;
    $("#closed").textContent = error.message;
  }
}

setInterval(() => document.hidden || busy || look(), PACE);
addEventListener("visibilitychange", () => document.hidden || look());
look();
