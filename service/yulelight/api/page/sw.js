// Keeps the page's own files, and nothing else, so that it opens without the house. What comes from the house is newer and wins.

const KEPT = "yulelight-page-1";
const FILES = ["./", "page/app.js", "page/style.css", "page/icon.svg", "page/icon-192.png", "page/app.webmanifest"];
const OURS = new Set(FILES.map((file) => new URL(file, registration.scope).href));
/** A house that is not there often does not answer at all (ms). */
const PATIENCE = 4000;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const address = origin + pathname;
  if (request.method === "GET" && OURS.has(address)) event.respondWith(fresh(request, address));
});

async function fresh(request, address) {
  const kept = await caches.open(KEPT);
  const coming = fetch(request).then((answer) => {
    if (answer.ok) return kept.put(address, answer.clone()).then(() => answer);
    return answer;
  });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  try {
    const answer = await Promise.race([coming, late]);
    return answer ?? (await kept.match(address)) ?? (await coming);
  } catch (error) {
    const known = await kept.match(address);
    if (known) return known;
    throw error;
  }
}
