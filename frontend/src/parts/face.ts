// The display face, made known to the document: a face named in a shadow root's style sheet would not be seen there.

import data from "virtual:face";

export const FACE = "Yulelight Display";

if ("fonts" in document) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  // It comes with this file and asks nobody: neither a network nor a page's policy can keep it away.
  document.fonts.add(new FontFace(FACE, bytes.buffer, { weight: "600" }));
}
