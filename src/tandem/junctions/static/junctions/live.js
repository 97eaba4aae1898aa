/* The live page: listens to the events of a junction and shows each state as the server wrote it, until somebody pauses.
   An event's data is the view as HTML in JSON. Without this file the page loads itself anew. */
"use strict";
(() => {
  const LOST_MS = 5000;

  function watch(place) {
    const lost = document.querySelector("[data-live-lost]");
    const control = document.querySelector("[data-live-control]");
    let source = null;
    let paused = false;
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
    function resume() { if (!source && !paused && !document.hidden) listen(); }
    function stop() { if (source) source.close(); source = null; }
    function offerPause() {
      const [button, said] = [control.querySelector("button"), control.querySelector("[role=status]")];
      const pause = button.textContent;
      control.hidden = false;
      button.addEventListener("click", () => {
        paused = !paused;
        button.textContent = paused ? button.dataset.goOn : pause;
        said.textContent = paused ? said.dataset.paused : "";
        if (paused) stop(); else resume();
      });
    }

    document.addEventListener("visibilitychange", () => (document.hidden ? stop() : resume()));
    setInterval(() => { if (lost) lost.hidden = paused || document.hidden || Date.now() - heard < LOST_MS; }, 1000);
    if (control) offerPause();
    resume();
  }

  document.querySelectorAll("[data-live]").forEach(watch);
})();
