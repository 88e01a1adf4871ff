// Texts of the upload.

const en = {
  send: "Send songs from here",
  sending: (name: string) => `Sending ${name}`,
  sent: (name: string) => `${name} is uploaded`,
  waits: (name: string) => `${name} is waiting for the house`,
  failed: (name: string, why: string) => `${name}: ${why}`,
  stop: (name: string) => `Stop sending ${name}`,
  away: (name: string) => `Remove ${name} from this list`,
  large: "A song has at most 500 MB.",
  lost: "That did not work. Is the house reachable?",
};

export type UploadWords = typeof en;

const de: UploadWords = {
  send: "Lieder von hier senden",
  sending: (name) => `${name} wird gesendet`,
  sent: (name) => `${name} ist da`,
  waits: (name) => `${name} wartet auf das Haus`,
  failed: (name, why) => `${name}: ${why}`,
  stop: (name) => `${name} nicht mehr senden`,
  away: (name) => `${name} aus dieser Liste nehmen`,
  large: "Ein Lied hat höchstens 500 MB.",
  lost: "Das hat nicht geklappt. Ist das Haus erreichbar?",
};

/** Like `wordsFor`. */
export function uploadWordsFor(language: string): UploadWords {
  return language.split("-")[0]!.toLowerCase() === "de" ? de : en;
}
