// The key to the house: taken from the link's #token=… once, kept in this browser, never left in the address bar.

const KEY = "yulelight-token";

/** The stored token, or the one in the address, which is removed from it; "" when there is none. */
export function loadToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    history.replaceState(null, "", location.pathname + location.search);
    saveToken(given.trim());
    return given.trim();
  }
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** Keep the token; a browser that forbids it asks again next time. */
export function saveToken(token: string): void {
  try {
    if (token) localStorage.setItem(KEY, token);
    else localStorage.removeItem(KEY);
  } catch {
    // Private browsing: the token lives as long as this page.
  }
}
