/* Shows similar contributions while one is being written. Without this file they are shown once, before it is sent. */
"use strict";
(() => {
  const form = document.querySelector("form[data-similar]");
  const place = document.getElementById("similar-ideas");
  if (!form || !place) return;
  const PAUSE_MS = 700;
  let timer = 0, asked = "";
  const ask = async () => {
    const query = new URLSearchParams({ title: form.elements.title.value.slice(0, 150), text: form.elements.text.value.slice(0, 1500) }).toString();
    if (query === asked || place.querySelector("button")) return;
    asked = query;
    try {
      const answer = await fetch(`${form.dataset.similar}?${query}`, { credentials: "same-origin", headers: { "HX-Request": "true" } });
      if (answer.ok && query === asked) place.innerHTML = await answer.text();
    } catch { /* the same question is asked when the form is sent */ }
  };
  for (const name of ["title", "text"]) form.elements[name].addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
})();
