/* Vector tiles for maps: a reader of MVT 2.1 and a layer for Leaflet, used by map.js.

   A tile has two layers: "shapes" are drawn on a canvas, "points" become markers; a point with a count stands for
   many. Markers are buttons, so that the keyboard reaches them; areas answer to a click, and the list beside the map
   holds what they are. */
"use strict";
(() => {
  const TILE = 256;
  const NEAR_PX = 6;
  const CLOSER = 3;
  const LISTED = 30;

  /* --- the format: protocol buffers ------------------------------------------------------------------------- */
  class Reader {
    constructor(bytes, at = 0, end = bytes.length) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      this.at = at;
      this.end = end;
    }
    whole() {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = this.bytes[this.at++];
        value += (byte & 127) * factor;
        if (byte < 128 || this.at >= this.end) return value;
      }
    }
    part() {
      const size = this.whole();
      const found = new Reader(this.bytes, this.at, Math.min(this.at + size, this.end));
      this.at = found.end;
      return found;
    }
    text() {
      return new TextDecoder().decode(this.bytes.subarray(this.at, this.end));
    }
    wholes() {
      const found = [];
      while (this.at < this.end) found.push(this.whole());
      return found;
    }
    skip(kind) {
      if (kind === 0) this.whole();
      else if (kind === 2) this.part();
      else this.at += kind === 1 ? 8 : 4;
    }
    fields(read) {
      while (this.at < this.end) {
        const key = this.whole();
        const before = this.at;
        read(key >> 3, this);
        if (this.at === before) this.skip(key & 7);
      }
    }
  }

  const signed = (value) => (value % 2 ? -(value + 1) / 2 : value / 2);

  function valueOf(part) {
    let value = null;
    part.fields((field, at) => {
      if (field === 1) value = at.part().text();
      else if (field === 2) { value = at.view.getFloat32(at.at, true); at.at += 4; }
      else if (field === 3) { value = at.view.getFloat64(at.at, true); at.at += 8; }
      else if (field === 4 || field === 5) value = at.whole();
      else if (field === 6) value = signed(at.whole());
      else if (field === 7) value = Boolean(at.whole());
    });
    return value;
  }

  function featureOf(part, layer) {
    const found = { type: 0, tags: [], commands: [] };
    part.fields((field, at) => {
      if (field === 2) found.tags = at.part().wholes();
      else if (field === 3) found.type = at.whole();
      else if (field === 4) found.commands = at.part().wholes();
    });
    const properties = {};
    for (let i = 0; i + 1 < found.tags.length; i += 2) properties[layer.keys[found.tags[i]]] = layer.values[found.tags[i + 1]];
    return { type: found.type, properties, lines: linesOf(found.commands, TILE / layer.extent) };
  }

  /* Commands of a pen become lists of positions in pixels of the tile. */
  function linesOf(commands, scale) {
    const lines = [];
    let [x, y] = [0, 0];
    for (let i = 0; i < commands.length;) {
      const command = commands[i] & 7;
      const count = commands[i++] >> 3;
      if (command === 7) { if (lines.length) lines.at(-1).push(lines.at(-1)[0]); continue; }
      for (let step = 0; step < count && i + 1 < commands.length; step++) {
        x += signed(commands[i++]);
        y += signed(commands[i++]);
        if (command === 1) lines.push([]);
        if (lines.length) lines.at(-1).push([x * scale, y * scale]);
      }
    }
    return lines;
  }

  function layerOf(part) {
    const layer = { name: "", keys: [], values: [], extent: 4096, parts: [] };
    part.fields((field, at) => {
      if (field === 1) layer.name = at.part().text();
      else if (field === 2) layer.parts.push(at.part());
      else if (field === 3) layer.keys.push(at.part().text());
      else if (field === 4) layer.values.push(valueOf(at.part()));
      else if (field === 5) layer.extent = at.whole();
    });
    return layer;
  }

  function read(buffer) {
    const found = {};
    new Reader(new Uint8Array(buffer)).fields((field, at) => {
      if (field !== 3) return;
      const layer = layerOf(at.part());
      found[layer.name] = layer.parts.map((part) => featureOf(part, layer));
    });
    return found;
  }

  /* --- the layer -------------------------------------------------------------------------------------------- */
  function path(feature) {
    const drawn = new Path2D();
    for (const line of feature.lines) line.forEach(([x, y], index) => (index ? drawn.lineTo(x, y) : drawn.moveTo(x, y)));
    return drawn;
  }

  L.TandemTiles = L.GridLayer.extend({
    /* `settings.make` are map.js's: popup(thing), button(marker, label, act), element(…), fill(…), colour(name). */
    initialize(layer, settings) {
      L.GridLayer.prototype.initialize.call(this, { pane: "overlayPane", maxZoom: 19, minZoom: 2, keepBuffer: 0, updateWhenZooming: false });
      this.layer = layer;
      this.settings = settings;
      this.markers = new Map();
    },
    onAdd(map) {
      map.on("click", this.answer, this);
      map.on("zoomstart", this.clear, this);
      this.on("tileunload", ({ coords }) => this.drop(this._tileCoordsToKey(coords)));
      this.on("loading", () => this.settings.say(this.settings.texts.loading));
      this.on("load", () => this.settings.say(""));
      this.on("tileerror", () => this.settings.say(this.settings.make.fill(this.settings.texts.failed, { title: this.layer.title })));
      L.GridLayer.prototype.onAdd.call(this, map);
    },
    onRemove(map) {
      map.off("click", this.answer, this);
      map.off("zoomstart", this.clear, this);
      this.off("tileunload loading load tileerror");
      this.clear();
      L.GridLayer.prototype.onRemove.call(this, map);
    },
    createTile(coords, done) {
      const sharp = window.devicePixelRatio || 1;
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = TILE * sharp;
      canvas.setAttribute("aria-hidden", "true");
      canvas.shapes = [];
      this.fill(canvas, coords, sharp).then(() => done(null, canvas), (error) => done(error, canvas));
      return canvas;
    },
    async fill(canvas, coords, sharp) {
      const answer = await fetch(L.Util.template(this.layer.tiles, coords), { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      if (answer.status === 204) return;
      const found = read(await answer.arrayBuffer());
      this.draw(canvas, found.shapes || [], sharp);
      if (this._map && coords.z === this._map.getZoom()) this.put(coords, found.points || []);
    },
    draw(canvas, shapes, sharp) {
      const { colour } = this.settings.make;
      const context = canvas.getContext("2d");
      context.scale(sharp, sharp);
      context.strokeStyle = context.fillStyle = colour(this.settings.hue ? `--${this.settings.hue}` : "--accent");
      context.lineWidth = 1.5;
      for (const shape of shapes) {
        const drawn = path(shape);
        if (shape.type === 3) {
          context.globalAlpha = 0.18;
          context.fill(drawn, "evenodd");
          context.globalAlpha = 1;
        }
        context.stroke(drawn);
        canvas.shapes.push({ drawn, ...shape });
      }
    },
    put(coords, points) {
      const key = this._tileCoordsToKey(coords);
      this.drop(key);
      const origin = L.point(coords.x, coords.y).multiplyBy(TILE);
      const made = points.flatMap(({ lines, properties }) => lines.flat().map(([x, y]) => {
        const at = this._map.unproject(origin.add([x, y]), coords.z);
        return properties.count ? this.cluster(at, properties.count) : this.one(at, properties);
      }));
      made.forEach((marker) => this._map.addLayer(marker));
      this.markers.set(key, made);
    },
    one(at, thing) {
      const { make, hue, texts } = this.settings;
      const icon = L.divIcon({ className: `map-marker ${hue}`, iconSize: [24, 24] });
      return make.button(L.marker(at, { icon, title: thing.title }), thing.title || texts.unnamed).bindPopup(() => make.popup(thing, texts));
    },
    cluster(at, count) {
      const { make, hue, texts, number } = this.settings;
      const size = Math.round(34 + Math.min(16, 5 * Math.log10(count))); // neighbours are 49 pixels apart or more
      const label = number.format(count);
      const icon = L.divIcon({ className: `map-cluster ${count < 10000 ? "" : "many "}${hue}`, html: make.element("span", "", label), iconSize: [size, size] });
      const marker = L.marker(at, { icon });
      const closer = () => {
        const zoom = this._map.getZoom();
        if (zoom >= this._map.getMaxZoom()) this.list(marker, at);
        else this._map.setView(at, Math.min(zoom + CLOSER, this._map.getMaxZoom()));
      };
      return make.button(marker, make.fill(texts.many, { count: label }), closer);
    },
    /* At the closest zoom the places of a cluster are asked for by their box. */
    async list(marker, at) {
      const { make, texts } = this.settings;
      const half = 24 * this._map.unproject([1, 0], 19).lng - 24 * this._map.unproject([0, 0], 19).lng;
      const box = [at.lng - half, at.lat - half, at.lng + half, at.lat + half].map((each) => each.toFixed(7));
      try {
        const answer = await fetch(`${this.layer.items}?f=json&limit=${LISTED}&bbox=${box}`, { credentials: "same-origin" });
        const { features } = await answer.json();
        const content = make.element("div");
        for (const { properties } of features) content.append(make.popup({ title: String(properties[this.layer.titleKey] ?? "") }, texts));
        marker.bindPopup(content, { maxHeight: 240 }).openPopup();
      } catch {
        this.settings.say(make.fill(texts.failed, { title: this.layer.title }));
      }
    },
    drop(key) {
      const held = this._map && this._map.getContainer();
      const focused = held && held !== document.activeElement && held.contains(document.activeElement);
      for (const marker of this.markers.get(key) || []) if (this._map) this._map.removeLayer(marker); else marker.remove();
      this.markers.delete(key);
      if (focused && !held.contains(document.activeElement)) held.focus();
    },
    clear() {
      for (const key of [...this.markers.keys()]) this.drop(key);
    },
    answer({ latlng, originalEvent }) {
      if (originalEvent.target.closest(".leaflet-marker-icon, .leaflet-popup")) return;
      const zoom = this._map.getZoom();
      const at = this._map.project(latlng, zoom);
      const coords = at.divideBy(TILE).floor();
      coords.z = zoom;
      const tile = this._tiles[this._tileCoordsToKey(coords)];
      if (!tile || !tile.el.shapes.length) return;
      const context = tile.el.getContext("2d");
      const sharp = tile.el.width / TILE;
      const [x, y] = [(at.x - coords.x * TILE) * sharp, (at.y - coords.y * TILE) * sharp];
      context.lineWidth = NEAR_PX;
      const hit = tile.el.shapes.findLast(({ drawn, type }) => (type === 3 && context.isPointInPath(drawn, x, y, "evenodd")) || context.isPointInStroke(drawn, x, y));
      if (hit) L.popup().setLatLng(latlng).setContent(this.settings.make.popup(hit.properties, this.settings.texts)).openOn(this._map);
    },
  });
})();
