// The remote control with everything that the page shows below it: the same on the service's page and in Home Assistant's sidebar.

import { PARTS, type YulelightRemote } from "../parts/remote";
import type { ServiceSource } from "../service/source";
import { wordsFor } from "../words";
import type { Saying } from "./say";
import type { YulelightShelf } from "./shelf";
import "./shelf";

/** The parts of a page, not in it yet; `shelf` belongs into `remote`. */
export function pageOf(source: ServiceSource, language: string): { remote: YulelightRemote; shelf: YulelightShelf } {
  const words = wordsFor(language);
  // By name: in Home Assistant the card may have defined the parts already.
  const remote = document.createElement("yulelight-remote") as YulelightRemote;
  remote.id = "remote";
  remote.words = words;
  remote.language = language;
  remote.source = source;
  // The page shows songs in its own, larger view.
  remote.parts = PARTS.filter((part) => part !== "songs");
  const shelf = document.createElement("yulelight-shelf") as YulelightShelf;
  shelf.common = words;
  shelf.language = language;
  shelf.source = source;
  remote.addEventListener("say", (event) => {
    const { text, back } = (event as CustomEvent<Saying>).detail;
    remote.say(text, back);
  });
  return { remote, shelf };
}
