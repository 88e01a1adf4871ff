// Texts of the radio stations and of pairing.

const en = {
  title: "Radio stations",
  address: "Address of a station",
  none: "Paste the address of a station, or of its list (.pls, .m3u), to play it. Keep it to find it here again.",
  play: "Play",
  keep: "Keep",
  remove: (name: string) => `Remove ${name}`,
  kept: (name: string) => `${name} is kept.`,
  removed: (name: string) => `${name} is removed.`,
  undo: "Undo",
  code: "Pairing code",
  codeText: (name: string) => `Type it in Music Assistant to pair ${name}.`,
  unpaired: "Play without pairing",
  unpairedText: "Servers that were not paired may play here, once you allow it there.",
};

type StationWords = typeof en;

const de: StationWords = {
  title: "Radiosender",
  address: "Adresse eines Senders",
  none: "Füge die Adresse eines Senders oder seiner Liste (.pls, .m3u) ein, um ihn zu hören. Behalte ihn, um ihn hier wiederzufinden.",
  play: "Abspielen",
  keep: "Behalten",
  remove: (name) => `${name} entfernen`,
  kept: (name) => `${name} ist gespeichert.`,
  removed: (name) => `${name} ist entfernt.`,
  undo: "Rückgängig",
  code: "Kopplungscode",
  codeText: (name) => `Gib ihn in Music Assistant ein, um ${name} zu koppeln.`,
  unpaired: "Ohne Kopplung abspielen",
  unpairedText: "Server, die nicht gekoppelt sind, dürfen hier abspielen, sobald du es dort erlaubst.",
};

/** Like `wordsFor`. */
export function stationWordsFor(language: string): StationWords {
  return language.split("-")[0]!.toLowerCase() === "de" ? de : en;
}
