/* Voting without loading the whole page, and with the keys 1, 2, 3 while the card has the focus. Without this file the
   buttons send the form as always. */
"use strict";
(() => {
  const card = () => document.getElementById("vote-card");
  if (!card()) return;
  const hint = () => card().querySelector("[data-keys-hint]")?.removeAttribute("hidden");
  hint();

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-vote]");
    const button = event.submitter;
    if (!form || !button || form.dataset.sending) return;
    event.preventDefault();
    form.dataset.sending = "yes";
    card().setAttribute("aria-busy", "true");
    const values = new URLSearchParams(new FormData(form, button));
    try {
      const answer = await fetch(form.action, { method: "POST", body: values, credentials: "same-origin" });
      const next = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("vote-card");
      if (!next) throw new Error("no card");
      card().replaceWith(document.adoptNode(next));
      hint();
      card().querySelector("[tabindex='-1']")?.focus();
    } catch { /* the page that says what is wrong comes by sending the form as always; a vote sent twice counts once */
      form.removeAttribute("data-vote");
      form.requestSubmit(button);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || !event.target.closest("#vote-card")) return;
    const button = card().querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
})();
