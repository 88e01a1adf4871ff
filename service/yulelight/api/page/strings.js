// Every word the page says, in one place, so that it can be translated.

export const t = {
  stage: "The house tonight",
  strings: "The eight strings of lights",
  player: "Player",
  songs: "Songs",
  find: "Find a song",
  noSongs: "No songs yet. Name a folder of music in the service's settings.",
  seek: "Position in the song",
  stop: "Stop the show",
  next: "Next song",
  play: "Play",
  pause: "Pause",
  resume: "Go on",
  lightsOut: "Lights out",
  lightsOn: "Lights back on",
  brightness: "Brightness",
  release: "Give back",
  close: "Close",
  signInTitle: "Welcome to the house",
  signInText: "These lights answer only to friends. Paste the token that this command prints where Yulelight runs:",
  signIn: "Come in",
  token: "Token",
  wrongToken: "That token does not fit. Check that it is complete.",
  chips: {
    idle: "Silent night", loading: "Listening …", playing: "Playing", paused: "Paused", live: "Live",
    blackout: "Lights out",
  },
  connecting: "Connecting …",
  offline: "Connection lost",
  offlineTitle: "Out of reach",
  retrying: (seconds) => `The house does not answer. ${seconds > 0 ? `Trying again in ${seconds} s.` : "Trying again …"}`,
  idleTitle: "All is calm",
  idleText: "Pick a song, and the lights will dance.",
  liveTitle: "Live music",
  loadingText: "Learning the song …",
  timeOf: (now, all) => `${now} of ${all}`,
  colours: ["red", "orange", "gold", "green", "ice blue", "royal blue", "pink", "warm white"],
  string: (channel, colour) => `String ${channel}, ${colour}`,
  stringShow: (name) => `${name}: follows the show. Tap to take it over.`,
  stringYours: (name, on) => `${name}: yours, ${on ? "on" : "off"}. Tap to turn it ${on ? "off" : "on"}.`,
  stringIdle: (name) => `${name}: off. Tap to turn it on.`,
  yours: (channel) => `String ${channel}`,
};

/** Fill in the texts the document asks for with data-t, data-t-label and data-t-placeholder. */
export function translate(root = document) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t[node.dataset.t];
  for (const node of root.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t[node.dataset.tLabel]);
  for (const node of root.querySelectorAll("[data-t-placeholder]")) node.placeholder = t[node.dataset.tPlaceholder];
}
