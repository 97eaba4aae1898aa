/* Draws a point, a line or an area on a map, by mouse, by touch and by keyboard; what is drawn goes into the form as
   GeoJSON. Without this file a place is named in words or by its coordinates. */
"use strict";
(() => {
  const LEAST = { point: 1, line: 2, area: 3 };
  const TYPES = { point: "Point", line: "LineString", area: "Polygon" };
  const rounded = ({ lat, lng }) => [Number(lng.toFixed(5)), Number(lat.toFixed(5))];

  function start(box) {
    const canvas = box.querySelector("[data-map]");
    const kept = box.querySelector("input[type=hidden]");
    const map = canvas && canvas.leaflet;
    if (!map || !kept) return;
    const { shapes, texts } = JSON.parse(document.getElementById(box.dataset.draw).textContent);
    const drawn = L.featureGroup().addTo(map);
    let shape = shapes[0], corners = [];

    const bar = document.createElement("div");
    bar.className = "draw-bar";
    const said = document.createElement("p");
    said.className = "note";
    said.setAttribute("role", "status");
    said.textContent = texts.how;
    const button = (text, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button secondary";
      made.textContent = text;
      made.addEventListener("click", act);
      bar.append(made);
      return made;
    };
    const choices = shapes.length > 1 ? shapes.map((each) => [each, button(texts[each], () => choose(each))]) : [];
    button(texts.here, () => add(map.getCenter()));
    button(texts.undo, () => { corners.pop(); show(); });
    button(texts.clear, () => { corners = []; show(); });
    box.prepend(bar, said);

    function choose(wanted) {
      shape = wanted;
      corners = [];
      show();
    }
    function add(at) {
      corners = shape === "point" ? [rounded(at)] : [...corners, rounded(at)];
      show();
    }
    function geometry() {
      if (corners.length < LEAST[shape]) return null;
      const coordinates = shape === "point" ? corners[0] : shape === "line" ? corners : [[...corners, corners[0]]];
      return { type: TYPES[shape], coordinates };
    }
    function show() {
      for (const [each, made] of choices) made.setAttribute("aria-pressed", String(each === shape));
      drawn.clearLayers();
      const places = corners.map(([x, y]) => [y, x]);
      const found = geometry();
      if (shape === "line" && places.length > 1) drawn.addLayer(L.polyline(places, { className: "map-line draw-shape" }));
      if (shape === "area" && places.length > 2) drawn.addLayer(L.polygon(places, { className: "map-area draw-shape" }));
      for (const at of places) drawn.addLayer(L.circleMarker(at, { radius: 7, className: "draw-corner", interactive: false }));
      kept.value = found ? JSON.stringify(found) : "";
      if (!corners.length) said.textContent = texts.how;
      else if (!found) said.textContent = texts.more.replace("{least}", LEAST[shape]);
      else said.textContent = shape === "point" ? texts.done : `${texts.done} ${texts.corners.replace("{count}", corners.length)}`;
    }
    function restore() {
      if (!kept.value) return;
      try {
        const { type, coordinates } = JSON.parse(kept.value);
        shape = Object.keys(TYPES).find((each) => TYPES[each] === type) || shape;
        corners = shape === "point" ? [coordinates] : shape === "line" ? coordinates : coordinates[0].slice(0, -1);
        if (corners.length) map.setView([corners[0][1], corners[0][0]], Math.max(map.getZoom(), 15));
      } catch { kept.value = ""; }
    }
    map.on("click", ({ latlng }) => add(latlng));
    canvas.classList.add("draw-canvas");
    restore();
    show();
  }

  document.querySelectorAll("[data-draw]").forEach(start);
})();
