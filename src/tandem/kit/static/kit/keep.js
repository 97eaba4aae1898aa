/* Nothing typed is lost. What is typed into a form with data-keep stays in this tab's session storage until the
   form was taken: an expired session, a refused form or a closed page give it back. Never passwords or files. */
"use strict";
(() => {
  const PREFIX = "typed:";
  const LONGEST_MS = 24 * 3600 * 1000;
  const LEFT_OUT = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);
  const store = (() => { try { return window.sessionStorage; } catch { return null; } })();
  if (!store) return;

  const fields = (form) => [...form.elements].filter((field) => field.name && !LEFT_OUT.has(field.type) && !field.readOnly);
  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
  // several fields may have one name: each is told by its place among them
  const named = (form, name) => fields(form).filter((field) => field.name === name);
  const forms = [...document.querySelectorAll("form[data-keep]")];

  function read(key) {
    try {
      const kept = JSON.parse(store.getItem(PREFIX + key));
      return kept && Date.now() - kept.at < LONGEST_MS ? kept : null;
    } catch {
      return null;
    }
  }

  function save(form, sent = false) {
    const values = fields(form).filter((field) => !isChoice(field) && field.value !== field.defaultValue)
      .filter((field) => field.tagName !== "SELECT").map((field) => [field.name, field.value, named(form, field.name).indexOf(field)]);
    const key = PREFIX + form.dataset.keep;
    try {
      if (values.length) store.setItem(key, JSON.stringify({ at: Date.now(), values, sent }));
      else if (!sent) store.removeItem(key);
    } catch { /* storage is full: the form itself still holds the text */ }
  }

  function restore(form) {
    const kept = read(form.dataset.keep);
    if (!kept) return;
    const filled = kept.values.filter(([name, value, place]) => {
      const field = named(form, name)[place ?? 0];
      if (!field || !("value" in field) || field.value || !value) return false;
      field.value = value;
      return true;
    });
    if (filled.length) tell(form, filled);
  }

  function tell(form, filled) {
    const notice = document.createElement("div");
    notice.className = "notice info";
    notice.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = form.dataset.keepText;
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "link";
    discard.textContent = form.dataset.keepDiscard;
    discard.addEventListener("click", () => {
      filled.forEach(([name, , place]) => { named(form, name)[place ?? 0].value = ""; });
      store.removeItem(PREFIX + form.dataset.keep);
      notice.remove();
      fields(form)[0]?.focus();
    });
    notice.append(text, discard);
    form.prepend(notice);
  }

  if (document.querySelector(".messages .notice.success"))
    Object.keys(store).filter((key) => key.startsWith(PREFIX) && read(key.slice(PREFIX.length))?.sent)
      .forEach((key) => store.removeItem(key));
  for (const form of forms) {
    restore(form);
    form.addEventListener("input", () => save(form));
    form.addEventListener("submit", () => save(form, true));
  }
})();
