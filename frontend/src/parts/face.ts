// Adds the display font to the document: an @font-face rule in a shadow root has no effect.

import data from "virtual:face";

export const FACE = "Yulelight Display";

if ("fonts" in document) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  // The font is part of this file: neither the network nor a content security policy can block it.
  document.fonts.add(new FontFace(FACE, bytes.buffer, { weight: "600" }));
}
