/* Maps: Leaflet on the settings in a JSON island. The list beside the map works without this file.

   A layer's features come from its GeoJSON address, or in tiles (tiles.js) where there are very many. Points are put together into clusters with counts
   by a grid of screen cells; areas and lines are drawn as they are. Without a base map a graticule and a
   scale show where one is. Colours come from the style sheet, so they follow light and dark; the first
   layer has the city's, further ones a hue of their own. */
"use strict";
(() => {
  const CELL_PX = 72;
  const CLUSTER_FROM = 200;
  const FOCUSABLE_SHAPES = 200;
  const MANY_SHAPES = 3000;
  const HUES = 4;
  const STEPS = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function safeUrl(url) {
    try {
      const found = new URL(url, location.href);
      return /^https?:$/.test(found.protocol) ? found.href : "";
    } catch {
      return "";
    }
  }

  function popup(thing, texts) {
    const box = element("div");
    const title = thing.title || texts.unnamed;
    const url = thing.url && safeUrl(thing.url);
    const head = element(url ? "a" : "strong", "", title);
    if (url) head.href = url;
    box.append(head);
    const note = element("p", "", thing.note);
    if (thing.note) box.append(note);
    if (thing.card) tell(thing, head, note, box);
    return box;
  }

  /* What a thing is called is asked for when somebody wants to know. */
  async function tell(thing, head, note, box) {
    try {
      const answer = await fetch(thing.card, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const known = await answer.json();
      thing.card = "";
      thing.title = head.textContent = known.title;
      thing.note = note.textContent = known.note;
      if (known.note) box.append(note);
    } catch { /* its number and its address are there */ }
  }

  function many(things, texts) {
    const box = element("div");
    for (const thing of things.slice(0, 30)) box.append(popup(thing, texts));
    if (things.length > 30) box.append(element("p", "", `+ ${things.length - 30}`));
    return box;
  }

  function button(marker, label, act) {
    marker.on("add", () => {
      const drawn = marker.getElement();
      drawn.setAttribute("aria-label", label);
      drawn.setAttribute("role", "button");
      if (act) drawn.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        act();
      });
    });
    if (act) marker.on("click", act);
    return marker;
  }

  /* Points of one layer; draws those in sight, anew after every move. */
  const Points = L.LayerGroup.extend({
    initialize(points, settings) {
      L.LayerGroup.prototype.initialize.call(this);
      this.points = points;
      this.settings = settings;
    },
    onAdd(map) {
      this.map = map;
      map.on("moveend", this.draw, this);
      this.draw();
    },
    onRemove(map) {
      map.off("moveend", this.draw, this);
      L.LayerGroup.prototype.onRemove.call(this, map);
    },
    draw() {
      const zoom = this.map.getZoom();
      const sight = this.map.getBounds().pad(0.25);
      const near = this.points.filter((point) => sight.contains(point.at));
      const focused = this.map.getContainer().contains(document.activeElement) && document.activeElement.dataset.cell;
      const drawn = near.length > CLUSTER_FROM ? this.cells(near, zoom) : near.map((point) => [point]);
      const keep = new Map(drawn.map((things) => [`${zoom}/${this.key(things)}`, things]));
      for (const layer of this.getLayers()) {
        if (layer.cell && keep.has(layer.cell)) keep.delete(layer.cell);
        else if (!layer.isPopupOpen || !layer.isPopupOpen()) this.drop(layer);
      }
      for (const [cell, things] of keep) this.put(cell, things, zoom);
      if (focused && !this.map.getContainer().contains(document.activeElement)) this.map.getContainer().focus();
    },
    key(things) {
      return `${things[0].number}+${things.length}`;
    },
    cells(points, zoom) {
      const found = new Map();
      for (const point of points) {
        const at = this.map.project(point.at, zoom).divideBy(CELL_PX).floor();
        const name = `${at.x}/${at.y}`;
        const cell = found.get(name);
        if (cell) cell.push(point);
        else found.set(name, [point]);
      }
      return [...found.values()];
    },
    drop(layer) {
      this.removeLayer(layer);
      this.map.removeLayer(layer);
    },
    put(cell, things, zoom) {
      const marker = things.length === 1 ? this.one(things[0]) : this.cluster(things, zoom);
      marker.cell = cell;
      this.addLayer(marker);
      this.map.addLayer(marker);
      const drawn = marker.getElement();
      if (drawn) drawn.dataset.cell = cell;
    },
    one(point) {
      const icon = L.divIcon({ className: `map-marker ${this.settings.hue}`, iconSize: [24, 24] });
      const marker = L.marker(point.at, { icon, title: point.title });
      return button(marker, point.title || this.settings.texts.unnamed).bindPopup(() => popup(point, this.settings.texts));
    },
    cluster(things, zoom) {
      const size = Math.round(34 + Math.min(30, 8 * Math.log10(things.length)));
      const label = this.settings.number.format(things.length);
      const icon = L.divIcon({ className: `map-cluster ${this.settings.hue}`, html: element("span", "", label), iconSize: [size, size] });
      const sum = things.reduce(([y, x], { at }) => [y + at[0], x + at[1]], [0, 0]);
      const marker = L.marker([sum[0] / things.length, sum[1] / things.length], { icon });
      const bounds = L.latLngBounds(things.map((point) => point.at));
      const closer = () => {
        const together = bounds.getNorthEast().equals(bounds.getSouthWest()) || zoom >= this.map.getMaxZoom();
        if (together) marker.bindPopup(() => many(things, this.settings.texts), { maxHeight: 240 }).openPopup();
        else this.map.setView(bounds.getCenter(), Math.max(zoom + 1, Math.min(this.map.getBoundsZoom(bounds), zoom + 4)));
      };
      return button(marker, fill(this.settings.texts.many, { count: label }), closer);
    },
  });

  /* Lines of latitude and longitude, so that a map without a base map still says where it is. */
  const Graticule = L.LayerGroup.extend({
    onAdd(map) {
      this.map = map;
      map.on("moveend", this.draw, this);
      this.draw();
    },
    onRemove(map) {
      map.off("moveend", this.draw, this);
      L.LayerGroup.prototype.onRemove.call(this, map);
    },
    draw() {
      this.eachLayer((layer) => this.map.removeLayer(layer));
      this.clearLayers();
      const sight = this.map.getBounds();
      const width = Math.max(1, this.map.getSize().x / 130);
      const span = sight.getEast() - sight.getWest();
      const step = STEPS.findLast((each) => span / each <= width) ?? STEPS[0];
      const degrees = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 3 });
      const [top, left] = [sight.getNorth(), sight.getWest()];
      const corner = this.map.containerPointToLatLng([6, this.map.getSize().y - 52]);
      for (let x = Math.ceil(left / step) * step; x <= sight.getEast(); x += step) {
        this.line([[sight.getSouth() - span, x], [top + span, x]]);
        const room = this.map.getSize().x - this.map.latLngToContainerPoint([top, x]).x;
        if (room > 68) this.label([top, x], `${degrees.format(Math.abs(x))}° ${x < 0 ? "W" : "E"}`, [0, -4]);
      }
      for (let y = Math.ceil(sight.getSouth() / step) * step; y <= top; y += step) {
        this.line([[y, left - span], [y, sight.getEast() + span]]);
        if (y > corner.lat) this.label([y, sight.getEast()], `${degrees.format(Math.abs(y))}° ${y < 0 ? "S" : "N"}`, [68, 18]);
      }
    },
    line(points) {
      this.add(L.polyline(points, { className: "map-graticule", interactive: false, noClip: false, pane: "graticule" }));
    },
    label(at, text, anchor) {
      const icon = L.divIcon({ className: "map-degree", html: element("span", "", text), iconSize: [64, 16], iconAnchor: anchor });
      this.add(L.marker(at, { icon, interactive: false, keyboard: false, pane: "graticule" }));
    },
    add(layer) {
      this.addLayer(layer);
      this.map.addLayer(layer);
    },
  });

  const flat = (collection) =>
    (collection.features || []).flatMap((feature) =>
      feature.geometry && feature.geometry.type === "GeometryCollection"
        ? feature.geometry.geometries.map((geometry) => ({ ...feature, geometry }))
        : feature.geometry ? [feature] : []);

  function points(features) {
    return features.flatMap(({ geometry, properties }) => {
      const places = geometry.type === "Point" ? [geometry.coordinates]
        : geometry.type === "MultiPoint" ? geometry.coordinates : [];
      return places.map(([x, y], index) => ({ ...named(properties || {}, index), at: [y, x] }));
    });
  }

  /* Many points in one feature: "{}" in its texts stands for the key of each. */
  function named({ title, note, url, card, keys }, index) {
    const each = (text) => (keys && text ? text.replace("{}", keys[index]) : text);
    return { title: each(title), note: each(note), url: each(url), card: each(card) };
  }

  function shapes(features, settings) {
    const few = features.length <= FOCUSABLE_SHAPES;
    const drawn = features.length > MANY_SHAPES;
    const style = drawn
      ? { renderer: L.canvas(), color: colour(settings.hue ? `--${settings.hue}` : "--accent"), weight: 1.5, fillOpacity: 0.18 }
      : ({ geometry }) => ({ className: `${/Polygon/.test(geometry.type) ? "map-area" : "map-line"} ${settings.hue}` });
    return L.geoJSON({ type: "FeatureCollection", features }, {
      style,
      onEachFeature(feature, layer) {
        const thing = feature.properties || {};
        layer.bindPopup(() => popup(thing, settings.texts));
        if (few && !drawn) layer.on("add", () => {
          const path = layer.getElement && layer.getElement();
          if (!path) return;
          path.setAttribute("tabindex", "0");
          path.setAttribute("role", "button");
          path.setAttribute("aria-label", thing.title || settings.texts.unnamed);
          path.addEventListener("keydown", (event) => event.key === "Enter" && layer.openPopup());
        });
      },
    });
  }

  function number(list, start = 0) {
    list.forEach((point, index) => { point.number = start + index; });
    return list;
  }

  function layerOf(collection, settings, title, say) {
    let features = flat(collection);
    if (features.length > settings.maxFeatures) {
      features = features.slice(0, settings.maxFeatures);
      say(fill(settings.texts.cut, { count: settings.number.format(settings.maxFeatures), title }));
    }
    const group = L.featureGroup();
    const bounds = L.latLngBounds([]);
    const dots = number(points(features));
    const others = features.filter(({ geometry }) => !/Point$/.test(geometry.type));
    if (others.length) {
      const drawn = shapes(others, settings);
      group.addLayer(drawn);
      bounds.extend(drawn.getBounds());
    }
    if (dots.length) {
      group.addLayer(new Points(dots, settings));
      dots.forEach(({ at }) => bounds.extend(at));
    }
    return { group, bounds };
  }

  /* A layer of very many things comes in tiles, as far as they are in sight. */
  function tiled(layer, settings, say) {
    const make = { popup, button, element, fill, colour };
    return { group: new L.TandemTiles(layer, { ...settings, say, make }), bounds: L.latLngBounds(layer.bounds || []) };
  }

  function start(canvas) {
    const settings = JSON.parse(document.getElementById(canvas.dataset.map).textContent);
    const message = canvas.parentElement.querySelector("[data-map-message]");
    const say = (text) => { message.textContent = text; };
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    settings.hue = "";
    settings.number = new Intl.NumberFormat(settings.language);
    const map = L.map(canvas, {
      center: settings.centre, zoom: settings.zoom, maxZoom: 19, minZoom: 2, zoomControl: false,
      zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still, scrollWheelZoom: false,
    });
    canvas.leaflet = map; // for scripts that draw on it
    map.attributionControl.setPrefix(false);
    canvas.addEventListener("focusin", () => map.scrollWheelZoom.enable());
    canvas.addEventListener("focusout", () => map.scrollWheelZoom.disable());
    L.control.zoom({ zoomInTitle: settings.texts.zoomIn, zoomOutTitle: settings.texts.zoomOut }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    map.createPane("graticule").classList.add("map-ground");
    if (settings.tiles) L.tileLayer(settings.tiles.url, { attribution: settings.tiles.attribution, maxZoom: 19 }).addTo(map);
    else new Graticule().addTo(map);
    canvas.addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup());

    const everything = L.latLngBounds([]);
    const fit = (bounds) => {
      everything.extend(bounds);
      if (settings.fit && everything.isValid()) map.fitBounds(everything, { padding: [24, 24], maxZoom: 16, animate: false });
    };
    if (settings.points.length) {
      new Points(number(settings.points), settings).addTo(map);
      fit(L.latLngBounds(settings.points.map(({ at }) => at)));
    }
    layers(canvas, settings, map, say, fit);
  }

  function layers(canvas, settings, map, say, fit) {
    const load = async (layer) => {
      if (layer.tiles) return tiled(layer, { ...settings, hue: layer.hue }, say);
      say(settings.texts.loading);
      try {
        const answer = await fetch(layer.url, { credentials: "same-origin", headers: { Accept: "application/geo+json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        say("");
        return layerOf(await answer.json(), { ...settings, hue: layer.hue }, layer.title, say);
      } catch {
        say(fill(settings.texts.failed, { title: layer.title }));
        return null;
      }
    };
    const show = async (layer, box) => {
      layer.loaded ??= await load(layer);
      if (!layer.loaded) { if (box) box.checked = false; return; }
      if (box && !box.checked) return;
      layer.loaded.group.addTo(map);
      if (layer.loaded.bounds.isValid()) fit(layer.loaded.bounds);
    };
    const choices = settings.layers.length > 1 ? element("fieldset", "map-layers") : null;
    if (choices) {
      choices.append(element("legend", "", settings.texts.layers));
      canvas.before(choices);
    }
    for (const [index, layer] of settings.layers.entries()) {
      layer.hue = index ? `hue-${1 + ((index - 1) % HUES)}` : "";
      if (!choices) { show(layer, null); continue; }
      const label = element("label");
      const box = element("input");
      box.type = "checkbox";
      box.checked = layer.shown;
      label.append(box, element("span", `map-swatch ${layer.hue}`), document.createTextNode(layer.title));
      choices.append(label);
      box.addEventListener("change", () => {
        if (box.checked) show(layer, box);
        else if (layer.loaded) layer.loaded.group.remove();
      });
      if (layer.shown) show(layer, box);
    }
  }

  document.querySelectorAll("[data-map]").forEach(start);
})();
