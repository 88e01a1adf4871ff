// Texts of the guide and of the looks.

import { ofLooks } from "./looks";

const en = {
  title: "The first evening",
  text: "Five steps from an empty machine to lights that follow a carol. Leave whenever you like: what is done stays done.",
  step: (n: number, all: number, done: boolean) => `Step ${n} of ${all}${done ? ", done" : ""}`,
  music: "Music",
  musicHave: (count: number) => (count === 1 ? "One carol is included already." : `There are ${count} songs.`),
  musicText: "Send songs from this phone, or start with the included carol.",
  place: "Where the house is",
  placeHave: "The house knows when its sun sets.",
  placeText: "For shows that begin at sunset: a city nearby is enough.",
  lights: "Lights",
  lightsHave: (count: number) => (count === 1 ? "One light board or output is there." : `${count} light boards and outputs are there.`),
  lightsText: "Light boards appear here by themselves once they are switched on. Until then the house above shows the lights.",
  blink: (name: string) => `Blink ${name}`,
  pictured: "Start with the house above",
  sound: "Sound",
  sounds: (name: string) => `${name}: plays sound`,
  silent: (name: string, why: string) => `${name}: ${why}`,
  soundText: "This is where songs are heard. Home Assistant and casting can play them elsewhere.",
  soundFine: "That is fine",
  night: "The first night",
  nightHave: "The calendar has shows.",
  nightText: "Let the lights come on by themselves, every evening of the season.",
  listName: "Carols",
  makeList: "Make a playlist of all songs",
  play: "Play a carol with lights",
  ready: "All is ready",
  readyText: "Play something. To open this page on other phones, scan the code at the bottom.",
  again: "Show",
  failed: "That did not work. Is the house reachable?",
  looks: {
    intro: "A look is how the lights follow the music. Tap one to try it; the song goes on.",
    now: "in use",
    tried: (name: string) => `Look changed to ${name}.`,
    undo: "Undo",
    about: ofLooks("en", "about"),
    own: "A look of your own, from the settings.",
  },
};

export type GuideWords = typeof en;

const de: GuideWords = {
  title: "Der erste Abend",
  text: "Fünf Schritte von einem leeren Rechner zu Lichtern, die einem Lied folgen. Hör auf, wann du magst: was fertig ist, bleibt fertig.",
  step: (n, all, done) => `Schritt ${n} von ${all}${done ? ", fertig" : ""}`,
  music: "Musik",
  musicHave: (count) => (count === 1 ? "Ein Lied ist schon da, das mitkam." : `Es sind ${count} Lieder da.`),
  musicText: "Sende Lieder von diesem Telefon, oder beginn mit dem Lied, das mitkam.",
  place: "Wo das Haus steht",
  placeHave: "Das Haus weiß, wann bei ihm die Sonne untergeht.",
  placeText: "Für Shows, die bei Sonnenuntergang beginnen: eine Stadt in der Nähe genügt.",
  lights: "Lichter",
  lightsHave: (count) => (count === 1 ? "Eine Lichtsteuerung oder ein Ausgang ist da." : `${count} Lichtsteuerungen und Ausgänge sind da.`),
  lightsText: "Lichtsteuerungen erscheinen hier von selbst, sobald sie eingeschaltet sind. Bis dahin zeigt das Haus oben die Lichter.",
  blink: (name) => `${name} blinken lassen`,
  pictured: "Mit dem Haus oben beginnen",
  sound: "Klang",
  sounds: (name) => `${name}: klingt`,
  silent: (name, why) => `${name}: ${why}`,
  soundText: "Hier sind die Lieder zu hören. Über Home Assistant können sie auch anderswo klingen.",
  soundFine: "Das passt",
  night: "Der erste Abend im Kalender",
  nightHave: "Im Kalender stehen Shows.",
  nightText: "Lass die Lichter jeden Abend der Saison von selbst angehen.",
  listName: "Weihnachtslieder",
  makeList: "Eine Playlist aus allen Liedern machen",
  play: "Die Lichter einem Lied folgen lassen",
  ready: "Alles ist bereit",
  readyText: "Spiel etwas, und öffne diese Seite auf anderen Telefonen mit dem Code an ihrem Ende.",
  again: "Zeigen",
  failed: "Das hat nicht geklappt. Ist das Haus erreichbar?",
  looks: {
    intro: "Ein Look ist, wie die Lichter der Musik folgen. Ein Tipp zeigt ihn sofort, ohne Sprung im Lied.",
    now: "in Gebrauch",
    tried: (name) => `Die Lichter sind jetzt ${name}.`,
    undo: "Rückgängig",
    about: ofLooks("de", "about"),
    own: "Ein eigener Look, aus den Einstellungen.",
  },
};

/** Like `wordsFor`. */
export function guideWordsFor(language: string): GuideWords {
  return language.split("-")[0]!.toLowerCase() === "de" ? de : en;
}
