// Words of the wishes of guests, for the owner.

const en = {
  title: "Wishes of guests",
  text: "Neighbours choose the next song on a small page, without a token and only in your network.",
  open: "Take wishes",
  from: "They choose from",
  lists: "Make a playlist first: guests choose from one.",
  code: "QR code of the guests' page",
  show: "Guests open this, or scan the code:",
  closed: (why: string) => `No wishes now: ${why}.`,
  none: "No wishes yet.",
  rules: (minutes: number, waiting: number, again: number) =>
    `Each guest has one wish in ${minutes} minutes, ${waiting} can wait, and a song comes again after ${again} minutes at the earliest (settings, [guests]).`,
  remove: (title: string) => `Remove the wish for ${title}`,
  removed: (title: string) => `${title} is not wished for any more.`,
  undo: "Undo",
  failed: "That did not work. Is the house reachable?",
};

export type GuestWords = typeof en;

const de: GuestWords = {
  title: "Wünsche von Gästen",
  text: "Nachbarn wählen das nächste Lied auf einer kleinen Seite, ohne Schlüssel und nur in deinem Netz.",
  open: "Wünsche annehmen",
  from: "Sie wählen aus",
  lists: "Leg zuerst eine Playlist an: daraus wählen die Gäste.",
  code: "QR-Code der Seite für Gäste",
  show: "Gäste öffnen das hier oder scannen den Code:",
  closed: (why) => `Gerade keine Wünsche: ${why}.`,
  none: "Noch keine Wünsche.",
  rules: (minutes, waiting, again) =>
    `Jeder Gast hat einen Wunsch in ${minutes} Minuten, ${waiting} können warten, und ein Lied kommt frühestens nach ${again} Minuten wieder (Einstellungen, [guests]).`,
  remove: (title) => `Den Wunsch ${title} entfernen`,
  removed: (title) => `${title} ist nicht mehr gewünscht.`,
  undo: "Rückgängig",
  failed: "Das hat nicht geklappt. Ist das Haus erreichbar?",
};

/** As `wordsFor`. */
export function guestWordsFor(language: string): GuestWords {
  return language.split("-")[0]!.toLowerCase() === "de" ? de : en;
}
