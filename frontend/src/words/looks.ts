// Names and descriptions of the bundled looks. A look of the user's own is shown by its key.

interface LookWords {
  name: string;
  about: string;
}

const LOOKS: Record<"en" | "de", Record<string, LookWords>> = {
  en: {
    lively: { name: "Lively", about: "Lights come and go with every note." },
    classic: { name: "Classic", about: "Relays click as in the shows of old: on or off, with the beat." },
    calm: { name: "Calm", about: "Slow and soft, for evenings by the fire." },
    elegant: { name: "Elegant", about: "Changes with the bars, gently." },
  },
  de: {
    lively: { name: "Lebhaft", about: "Lichter kommen und gehen mit jeder Note." },
    classic: { name: "Klassisch", about: "Relais schalten wie in alten Shows: an oder aus, im Takt." },
    calm: { name: "Ruhig", about: "Langsam und weich, für Abende am Kamin." },
    elegant: { name: "Elegant", about: "Wechselt mit den Takten, sanft." },
  },
};

/** One of the texts of all bundled looks, by the look's key. */
export function ofLooks(language: "en" | "de", text: keyof LookWords): Record<string, string> {
  return Object.fromEntries(Object.entries(LOOKS[language]).map(([look, words]) => [look, words[text]]));
}
