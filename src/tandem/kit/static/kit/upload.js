/* Progress of an upload. Forms with data-upload-progress are sent by XMLHttpRequest, which knows how much
   has left; the answer then takes the page's place. Without this file the form is sent as any other. */
"use strict";
(() => {
  function element(tag, attributes, text) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text) made.textContent = text;
    return made;
  }

  function panel(form) {
    const box = element("div", { class: "progress" });
    const line = element("p", { class: "progress-line" });
    const text = element("span", { role: "status" });
    const share = element("span", { class: "progress-share" });
    const bar = element("progress", { max: "100", value: "0", "aria-label": form.dataset.uploadLabel });
    const stop = element("button", { type: "button", class: "link" }, form.dataset.uploadStop);
    line.append(text, share);
    box.append(line, bar, stop);
    return { box, text, share, bar, stop };
  }

  function send(form, submitter) {
    const shown = panel(form);
    const buttons = [...form.querySelectorAll("button, input[type=submit]")];
    const data = new FormData(form, submitter);
    const request = new XMLHttpRequest();
    const over = (text) => {
      buttons.forEach((button) => { button.disabled = false; });
      shown.bar.remove();
      shown.stop.remove();
      shown.share.textContent = "";
      shown.text.textContent = text;
    };
    form.querySelector(":scope > .progress")?.remove();
    form.append(shown.box);
    buttons.forEach((button) => { button.disabled = true; });
    shown.text.textContent = form.dataset.uploadSending;
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const done = Math.floor((event.loaded / event.total) * 100);
      shown.bar.value = done;
      shown.share.textContent = `${done} %`;
    });
    request.upload.addEventListener("load", () => {
      shown.text.textContent = form.dataset.uploadChecking;
      shown.bar.removeAttribute("value");
      shown.share.textContent = "";
    });
    request.addEventListener("load", () => {
      if (!/^text\/html/.test(request.getResponseHeader("Content-Type") || "")) { over(form.dataset.uploadFailed); return; }
      history.pushState(null, "", request.responseURL);
      document.open();
      document.write(request.responseText);
      document.close();
    });
    request.addEventListener("error", () => over(form.dataset.uploadFailed));
    request.addEventListener("abort", () => over(form.dataset.uploadStopped));
    shown.stop.addEventListener("click", () => request.abort());
    request.open("POST", form.action || location.href);
    request.setRequestHeader("Accept", "text/html");
    request.send(data);
  }

  document.querySelectorAll("form[data-upload-progress]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      const files = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
      if (!files || event.defaultPrevented) return;
      event.preventDefault();
      send(form, event.submitter);
    });
  });
  addEventListener("popstate", () => location.reload());
})();
