// Texts of the view of looks.

import { ofLooks } from "./looks";

const en = {
  intro: "A look is how the lights follow the music. Tap one to try it; the song goes on.",
  now: "in use",
  tried: (name: string) => `Look changed to ${name}.`,
  undo: "Undo",
  about: ofLooks("en", "about"),
  own: (base: string) => `Your own, made from ${base}.`,
  settings: "A look of your own, from the settings.",
  copy: (name: string) => `Copy ${name} and change it`,
  change: (name: string) => `Change ${name}`,
  compare: "Compare two looks",
  compareText: "Switch between them while a song plays. The song goes on.",
  compareIdle: "Play a song to compare two looks on it.",
  side: (side: string) => `Look ${side}`,
  show: (side: string, name: string) => `Show ${side}: ${name}`,
  making: "Making its lights …",
  keep: (name: string) => `Keep ${name}`,
  copyOf: (name: string) => `From ${name}`,
  name: "Name",
  copied: (name: string, count: number) => `${name} ${count}`,
  sliders: {
    drama: { name: "Drama", less: "even", more: "loud is bright", text: "How much brighter loud music is than quiet music." },
    calm: { name: "Calm", less: "quick", more: "slow", text: "How slowly and how rarely the lights change." },
    contrast: { name: "Contrast", less: "soft", more: "strong", text: "How far apart bright and dark are." },
    voice: { name: "Voice", less: "like the rest", more: "alone", text: "How much the singer's light stands out while somebody sings." },
  },
  middle: "as it is",
  noVoices: "The model in use does not tell singers apart.",
  idle: "Play a song to see what the sliders do.",
  before: "As it was",
  after: "As changed",
  save: "Save",
  back: "All looks",
  reset: "Back to the middle",
  saved: (name: string) => `${name} is saved.`,
  remove: "Delete this look",
  removed: (name: string) => `${name} is deleted.`,
  taken: (name: string) => `There is a look ${name} already.`,
  failed: "That did not work. Is the house reachable?",
};

export type LookWords = typeof en;
export type SliderName = keyof typeof en.sliders;

const de: LookWords = {
  intro: "Ein Stil ist, wie die Lichter der Musik folgen. Ein Tipp zeigt ihn sofort, ohne Sprung im Lied.",
  now: "in Gebrauch",
  tried: (name) => `Die Lichter sind jetzt ${name}.`,
  undo: "Rückgängig",
  about: ofLooks("de", "about"),
  own: (base) => `Dein eigener, aus ${base} gemacht.`,
  settings: "Ein eigener Stil, aus den Einstellungen.",
  copy: (name) => `${name} kopieren und ändern`,
  change: (name) => `${name} ändern`,
  compare: "Zwei Stile vergleichen",
  compareText: "Wechsle zwischen ihnen, während ein Lied spielt. Das Lied läuft weiter.",
  compareIdle: "Spiel ein Lied, um zwei Stile daran zu vergleichen.",
  side: (side) => `Stil ${side}`,
  show: (side, name) => `${side} zeigen: ${name}`,
  making: "Seine Lichter entstehen …",
  keep: (name) => `${name} behalten`,
  copyOf: (name) => `Aus ${name}`,
  name: "Name",
  copied: (name, count) => `${name} ${count}`,
  sliders: {
    drama: { name: "Dramatik", less: "gleichmäßig", more: "laut ist hell", text: "Wie viel heller laute Musik ist als leise." },
    calm: { name: "Ruhe", less: "flink", more: "langsam", text: "Wie langsam und wie selten die Lichter wechseln." },
    contrast: { name: "Kontrast", less: "sanft", more: "stark", text: "Wie weit hell und dunkel auseinander liegen." },
    voice: { name: "Stimme", less: "wie der Rest", more: "allein", text: "Wie sehr das Licht der Stimme hervortritt, während jemand singt." },
  },
  middle: "wie es ist",
  noVoices: "Das Modell in Gebrauch erkennt keine Stimmen.",
  idle: "Spiel ein Lied, um zu sehen, was die Regler tun.",
  before: "Wie es war",
  after: "Wie geändert",
  save: "Speichern",
  back: "Alle Stile",
  reset: "Zurück zur Mitte",
  saved: (name) => `${name} ist gespeichert.`,
  remove: "Diesen Stil löschen",
  removed: (name) => `${name} ist gelöscht.`,
  taken: (name) => `Einen Stil ${name} gibt es schon.`,
  failed: "Das hat nicht geklappt. Ist das Haus erreichbar?",
};

/** Like `wordsFor`. */
export function lookWordsFor(language: string): LookWords {
  return language.split("-")[0]!.toLowerCase() === "de" ? de : en;
}
