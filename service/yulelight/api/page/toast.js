// A line of text that comes and goes.

const STAYS = 6_000;
let last = "";

/** Say ``text`` for a few seconds; the same text is not said twice at once. */
export function toast(text, kind = "wrong") {
  const room = document.getElementById("toasts");
  if (!text || (text === last && room.childElementCount)) return;
  last = text;
  const node = document.createElement("p");
  node.className = kind;
  node.textContent = text;
  room.replaceChildren(...[...room.children].slice(-1), node);
  setTimeout(() => node.remove(), STAYS);
}
