// The access token: taken once from the URL's #token=…, stored in this browser, never left in the address bar.

const KEY = "yulelight-token";

/** The token in the URL, which is removed from it, or the stored one; "" if there is none. */
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

/** Store the token. A browser that forbids storage asks again next time. */
export function saveToken(token: string): void {
  try {
    if (token) localStorage.setItem(KEY, token);
    else localStorage.removeItem(KEY);
  } catch {
    // In private browsing the token is kept only as long as this page is open.
  }
}
