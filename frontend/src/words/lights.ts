// Texts of the page's lights and health.

const en = {
  picture: "Where the lights are. Drag one to its place; with the keyboard, the arrow keys move it",
  at: (name: string, x: number, y: number) => `${name}, ${x} % from the left, ${y} % from the top`,
  moved: (name: string) => `Moved ${name}.`,
  undo: "Undo",
  blink: "Blink",
  blinks: (name: string) => `${name} blinks three times.`,
  blinkAll: "Blink all",
  allBlink: "All lights blink three times.",
  reset: "Back to its default place",
  channel: (n: number) => `Light ${n}`,
  kinds: { dimmer: "dimmed", relay: "switched by a relay", ssr: "switched", pwm: "dimmed", pixels: "pixels", led: "dimmed" } as Record<string, string>,
  unknownKind: "dimmed or switched",
  watts: (load: number) => `${load} W`,
  left: "left",
  right: "right",
  middle: "in the middle",
  nothing: "not connected yet",
  none: "No lights are connected yet; this page shows them all the same. Health says how to connect some.",
  well: "working",
  node: (name: string) => `Light board ${name}`,
  output: (name: string) => `Output ${name}`,
  mirror: (name: string) => `Home Assistant: ${name}`,
  delay: (ms: string) => `answers within ${ms} ms`,
  off: (ms: string) => `off by ${ms} ms`,
  devices: "What drives them",
  more: "WLED devices of this network, and Tasmota, Shelly and Zigbee2MQTT on your MQTT broker, can be added:",
  power: "Power",
  sum: (all: number, budget: number) => `All lights together take ${all} W; the show may use ${budget} W at once. Above that, all of them are dimmed equally.`,
  noBudget: "No limit is set. If all lights together are more than a fuse can carry, set each light's watts and the limit in the settings.",
  flash: "Flashing",
  flashText:
    "No light and no group of lights flashes more than three times in any second, because faster flashing can harm people with epilepsy. " +
    "Where music asks for more, the lights are calmed just enough, whoever or whatever switches them.",
  failed: "That did not work. Is the house reachable?",
  health: {
    well: "All is well",
    wellText: "Nothing keeps the show from running.",
    trouble: (count: number) => (count === 1 ? "1 problem to fix" : `${count} problems to fix`),
    notes: (count: number) => (count === 1 ? "Everything works; 1 note" : `Everything works; ${count} notes`),
    again: "Check again",
    looking: "Checking …",
    log: "Save the log",
    logText: "The last 2,000 lines, for whoever helps you. Passwords and tokens are taken out.",
    verdicts: { good: "OK", note: "note", trouble: "problem" } as Record<string, string>,
  },
};

export type LightsWords = typeof en;

const de: LightsWords = {
  picture: "Wo die Lichter sind. Zieh eines an seinen Platz; mit der Tastatur bewegen es die Pfeiltasten",
  at: (name, x, y) => `${name}, ${x} % von links, ${y} % von oben`,
  moved: (name) => `${name}: verschoben.`,
  undo: "Rückgängig",
  blink: "Blinken",
  blinks: (name) => `${name}: blinkt dreimal.`,
  blinkAll: "Alle blinken",
  allBlink: "Alle Lichter blinken dreimal.",
  reset: "Zurück an den alten Platz",
  channel: (n) => `Licht ${n}`,
  kinds: { dimmer: "gedimmt", relay: "von einem Relais geschaltet", ssr: "geschaltet", pwm: "gedimmt", pixels: "Pixel", led: "gedimmt" },
  unknownKind: "gedimmt oder geschaltet",
  watts: (load) => `${load} W`,
  left: "links",
  right: "rechts",
  middle: "in der Mitte",
  nothing: "noch nichts angeschlossen",
  none: "Es sind noch keine Lichter angeschlossen; diese Seite zeigt sie trotzdem. Wie man welche anschließt, steht unter Zustand.",
  well: "funktioniert",
  node: (name) => `Lichtsteuerung ${name}`,
  output: (name) => `Ausgang ${name}`,
  mirror: (name) => `Home Assistant: ${name}`,
  delay: (ms) => `antwortet in ${ms} ms`,
  off: (ms) => `zeigt ihr Licht ${ms} ms neben dem Takt`,
  devices: "Was sie steuert",
  more: "WLED-Geräte in diesem Netzwerk, und Tasmota, Shelly und Zigbee2MQTT an deinem MQTT-Broker, lassen sich hinzufügen:",
  power: "Leistung",
  sum: (all, budget) => `Alle Lichter zusammen brauchen ${all} W; die Show darf ${budget} W auf einmal nutzen. Darüber werden alle gleich gedimmt.`,
  noBudget:
    "Es ist keine Grenze gesetzt. Wo alle Lichter zusammen mehr sind, als eine Sicherung trägt, nenn in den Einstellungen die Watt jedes Lichts und die Grenze.",
  flash: "Blitzen",
  flashText:
    "Kein Licht und keine Gruppe von Lichtern blitzt in irgendeiner Sekunde öfter als dreimal, denn schnelleres Blitzen kann Menschen mit Epilepsie schaden. " +
    "Wo die Musik mehr verlangt, werden die Lichter gerade so weit beruhigt, wer oder was immer sie schaltet.",
  failed: "Das hat nicht geklappt. Ist das Haus erreichbar?",
  health: {
    well: "Alles in Ordnung",
    wellText: "Nichts hält die Show auf.",
    trouble: (count) => (count === 1 ? "Eines braucht dich" : `${count} Dinge brauchen dich`),
    notes: (count) => (count === 1 ? "Alles läuft; eines zu wissen" : `Alles läuft; ${count} Dinge zu wissen`),
    again: "Noch einmal nachsehen",
    looking: "Sieht nach …",
    log: "Protokoll sichern",
    logText: "Die letzten 2.000 Zeilen, für wen immer, der dir hilft. Passwörter und Schlüssel sind entfernt.",
    verdicts: { good: "gut", note: "zu wissen", trouble: "braucht dich" },
  },
};

/** Like `wordsFor`. */
export function lightsWordsFor(language: string): LightsWords {
  return language.split("-")[0]!.toLowerCase() === "de" ? de : en;
}
