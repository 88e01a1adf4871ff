// The sign-in dialog: asks for the token until it is accepted.

import { html, render } from "lit";

import type { Words } from "../words";

export interface SignIn {
  /** Show the dialog, with the error of the last attempt. */
  ask(error: string): void;
  close(): void;
}

export function signIn(words: Words, submitToken: (token: string) => void): SignIn {
  const dialog = document.createElement("dialog");
  dialog.id = "sign-in";
  dialog.setAttribute("aria-labelledby", "sign-in-title");
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(dialog);

  const submit = (event: Event): void => {
    event.preventDefault();
    submitToken(dialog.querySelector<HTMLInputElement>("#token")!.value.trim());
  };

  return {
    ask(error) {
      render(
        html`<form id="sign-in-form" @submit=${submit}>
          <img src="page/icon.svg" alt="" width="72" height="72" />
          <h2 id="sign-in-title">${words.signInTitle}</h2>
          <p>${words.signInText}</p>
          <p><code>yulelight token</code></p>
          <label><span>${words.token}</span><input id="token" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" required /></label>
          <p class="wrong" id="sign-in-error" role="alert">${error}</p>
          <button type="submit">${words.signIn}</button>
        </form>`,
        dialog,
      );
      if (!dialog.open) dialog.showModal();
    },
    close() {
      if (dialog.open) dialog.close();
    },
  };
}
