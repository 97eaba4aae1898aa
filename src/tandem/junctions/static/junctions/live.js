/* The live page: listens to the events of a junction and shows each state as the server wrote it.
   An event's data is the view as HTML in JSON. Without this file the page loads itself anew. */
"use strict";
(() => {
  const LOST_MS = 5000;

  function watch(place) {
    const lost = document.querySelector("[data-live-lost]");
    let source = null;
    let heard = Date.now();

    function listen() {
      heard = Date.now();
      source = new EventSource(place.dataset.live);
      source.onopen = () => { heard = Date.now(); };
      source.addEventListener("state", (event) => {
        heard = Date.now();
        if (event.lastEventId === place.dataset.stamp) return;
        place.dataset.stamp = event.lastEventId;
        show(JSON.parse(event.data));
      });
      source.onerror = () => {
        if (source.readyState === EventSource.CLOSED) { source.close(); source = null; setTimeout(resume, LOST_MS); }
      };
    }
    function show(html) {
      const next = document.createElement("div");
      next.innerHTML = html;
      const [before, after] = [place.querySelector("[role=status]"), next.querySelector("[role=status]")];
      if (before && after && before.textContent === after.textContent) after.replaceWith(before);
      place.replaceChildren(...next.childNodes);
    }
    function resume() { if (!source && !document.hidden) listen(); }
    function pause() { if (source) source.close(); source = null; }

    document.addEventListener("visibilitychange", () => (document.hidden ? pause() : resume()));
    setInterval(() => { if (lost) lost.hidden = document.hidden || Date.now() - heard < LOST_MS; }, 1000);
    resume();
  }

  document.querySelectorAll("[data-live]").forEach(watch);
})();
