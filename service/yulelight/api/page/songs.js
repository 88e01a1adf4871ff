// The songs one can choose from, with a search field when there are many.

import { clock } from "./progress.js";

const MANY = 12;
const MOST = 300;
const $ = (id) => document.getElementById(id);

/** ``play(id)`` is called when a song is chosen. */
export class Songs {
  #songs = [];
  #current = "";

  constructor(play) {
    this.play = play;
    $("find").addEventListener("input", () => this.#draw());
  }

  set(songs) {
    this.#songs = songs;
    $("find").hidden = songs.length <= MANY;
    $("no-songs").hidden = songs.length > 0;
    this.#draw();
  }

  /** Mark the song that plays. */
  mark(id) {
    if (id === this.#current) return;
    this.#current = id;
    for (const button of $("songs").querySelectorAll("button")) this.#markOne(button);
  }

  #draw() {
    const words = $("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (song) => words.every((word) => `${song.title} ${song.artist}`.toLowerCase().includes(word));
    $("songs").replaceChildren(...this.#songs.filter(fits).slice(0, MOST).map((song) => this.#row(song)));
  }

  #row(song) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.song = song.id;
    button.append(part("b", song.title), part("small", song.artist), part("time", song.duration ? clock(song.duration) : ""));
    button.addEventListener("click", () => this.play(song.id));
    this.#markOne(button);
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  #markOne(button) {
    if (button.dataset.song === this.#current) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function part(name, text) {
  const node = document.createElement(name);
  node.textContent = text;
  return node;
}
