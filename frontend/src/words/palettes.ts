// Texts of the choice of colours, and the names of the palettes.

const en = {
  title: "Colours",
  intro: "Pixels and strips take these colours, another way round in each part of a song. Lights of one colour stay as they are.",
  tried: (name: string) => `Colours changed to ${name}.`,
  names: {
    own: "As they are",
    song: "Of the song",
    christmas: "Christmas",
    candles: "Candlelight",
    frost: "Frost",
    forest: "Forest",
    candy: "Candy cane",
    jewels: "Jewels",
  } as Record<string, string>,
  about: { own: "Each light has its own colour.", song: "From the cover of what plays." } as Record<string, string>,
};

export type PaletteWords = typeof en;

const de: PaletteWords = {
  title: "Farben",
  intro: "Pixel und LED-Streifen nehmen diese Farben an, in jedem Teil eines Liedes anders verteilt. Einfarbige Lichter bleiben, wie sie sind.",
  tried: (name) => `Die Farben sind jetzt: ${name}.`,
  names: {
    own: "Wie sie sind",
    song: "Vom Lied",
    christmas: "Weihnachten",
    candles: "Kerzenschein",
    frost: "Frost",
    forest: "Wald",
    candy: "Zuckerstange",
    jewels: "Edelsteine",
  },
  about: { own: "Jedes Licht hat seine eigene Farbe.", song: "Vom Cover dessen, was spielt." },
};

/** Like `wordsFor`. */
export function paletteWordsFor(language: string): PaletteWords {
  return language.split("-")[0]!.toLowerCase() === "de" ? de : en;
}
