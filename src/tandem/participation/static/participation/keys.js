/* Keys for moderation: the letter on a button presses it, unless somebody is writing. */
"use strict";
(() => {
  if (!document.querySelector("[data-keys]")) return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    const found = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!found) return;
    event.preventDefault();
    found.click();
  });
})();
