/* Progress of a job: asks for its state, and loads the page anew when the job is over.
   The address answers with JSON: state, share (0 to 1), message. Without this file the page has a link. */
"use strict";
(() => {
  const RUNNING = new Set(["waiting", "running"]);

  function follow(box) {
    const bar = box.querySelector("progress");
    const text = box.querySelector("[data-progress-text]");
    const share = box.querySelector("[data-progress-share]");
    const again = box.querySelector("[data-progress-again]");
    let wait = 1000;
    if (again) again.hidden = true;

    async function ask() {
      try {
        const answer = await fetch(box.dataset.progressUrl, { credentials: "same-origin", headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const job = await answer.json();
        const done = Math.round(Math.max(0, Math.min(1, Number(job.share) || 0)) * 100);
        bar.value = done;
        share.textContent = `${done} %`;
        if (job.message && text.textContent !== job.message) text.textContent = job.message;
        if (!RUNNING.has(job.state)) { location.reload(); return; }
        wait = Math.min(5000, wait * 1.2);
      } catch {
        wait = Math.min(30000, wait * 2);
        if (again && wait > 8000) again.hidden = false;
      }
      setTimeout(ask, wait);
    }
    setTimeout(ask, wait);
  }

  document.querySelectorAll("[data-progress-url]").forEach(follow);
})();
