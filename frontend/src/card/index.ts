// Entry point of the integration's bundle: the card, the tile feature and the dashboard strategy.

import { define } from "../parts/define";
import { wordsFor } from "../words";
import { suggestion, TYPE } from "./config";
import "./card";
import "./choose-parts";
import { FEATURE, supported } from "./feature";
import "./places";
import { STRATEGY, YulelightStrategy } from "./strategy";

const HOME = "https://github.com/yulelight/yulelight/blob/main/docs/dashboard.md";

define(`ll-strategy-dashboard-${STRATEGY}`, YulelightStrategy);

type Lists = Record<"customCards" | "customCardFeatures" | "customStrategies", { type: string }[] | undefined>;

/** Home Assistant reads these lists; keep an entry made by an older copy. */
function announce(list: keyof Lists, entry: { type: string; [key: string]: unknown }): void {
  const lists = window as unknown as Lists;
  lists[list] ??= [];
  const known = lists[list];
  if (!known.some(({ type }) => type === entry.type)) known.push(entry);
}

const { card } = wordsFor(document.documentElement.lang || navigator.language);

announce("customCards", { type: TYPE, name: card.name, description: card.description, preview: true, documentationURL: HOME, getEntitySuggestion: suggestion });
announce("customCardFeatures", { type: FEATURE, name: card.feature, isSupported: supported, configurable: false });
announce("customStrategies", { type: STRATEGY, strategyType: "dashboard", name: card.strategy, description: card.strategyText, documentationURL: HOME });
