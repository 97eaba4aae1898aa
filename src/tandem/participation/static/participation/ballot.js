/* Says while somebody chooses how much is chosen and what it costs. Without this file the next page says so, and the
   server checks everything in any case. */
"use strict";
(() => {
  const form = document.querySelector("form[data-ballot]");
  const place = form && form.querySelector("[data-sum]");
  if (!place) return;
  const most = Number(form.dataset.most);
  const figure = new Intl.NumberFormat(document.documentElement.lang);
  const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR", trailingZeroDisplay: "stripIfInteger" });
  const numbers = () => [...form.querySelectorAll("input[name^=points-]")].map((each) => Math.max(0, parseInt(each.value, 10) || 0));
  const ticked = () => [...form.querySelectorAll("input[name=choice]:checked")];
  function show() {
    const chosen = ticked();
    const given = chosen.length || numbers().reduce((sum, each) => sum + each, 0);
    const cents = chosen.reduce((sum, each) => sum + Number(each.dataset.cost), 0);
    const tooMany = given > most;
    place.classList.toggle("too-many", tooMany);
    place.textContent = given ? (tooMany ? form.dataset.tooMany : form.dataset.said)
      .replace("{given}", figure.format(given)).replace("{most}", figure.format(most)).replace("{cost}", money.format(cents / 100)) : "";
  }
  form.addEventListener("input", show);
  window.addEventListener("pageshow", show);
  show();
})();
