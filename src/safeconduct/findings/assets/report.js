// The map: one drawing of places, roads, queues and names over a ground that MapLibre draws, or plain SVG where
// WebGL is off. Figures were counted beforehand; this script only shows those of the chosen hour.
(() => {
"use strict";
const data = JSON.parse(document.getElementById("map-data").textContent);
const find = id => document.getElementById(id);
const app = find("map-app"), canvas = find("canvas"), slider = find("hour"), play = find("play");
const LARGEST = 30, WIDEST = 10; // px: radius of the fullest place, width of the busiest road
const STEP_MILLISECONDS = 110, NEAR = 26, THREADED = 6;

// ---- figures: steps from hour to hour become values; [low, middle, high]
const values = steps => { let sum = 0; return steps.map(step => (sum += step)); };
for (const item of [...data.places, ...data.routes])
  for (const name of ["there", "waiting", "moving", "queueKm"])
    if (item[name]) item[name] = item[name].map(values);
const middle = (bands, hour) => (bands ? bands[1][hour] : 0);
const most = (items, name) => Math.max(1, ...items.map(item => (item[name] ? Math.max(...item[name][1]) : 0)));
const fullest = Math.max(most(data.places, "there"), most(data.places, "waiting")), busiest = most(data.routes, "moving");
const count = number => number.toLocaleString("en-US");
const range = (bands, hour, scale = 1) => `${count(bands[0][hour] / scale)}–${count(bands[2][hour] / scale)}`;

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = number => String(number).padStart(2, "0");
function clock(hour) {
  const time = new Date((data.start + data.hours[hour] * 3600 + data.offsetMinutes * 60) * 1000);
  return `${DAYS[time.getUTCDay()]} ${time.getUTCDate()} ${MONTHS[time.getUTCMonth()]} ${time.getUTCFullYear()}, ` +
    `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`;
}

// ---- drawing
const NS = "http://www.w3.org/2000/svg";
function draw(parent, name, attributes) {
  const node = document.createElementNS(NS, name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  return parent.appendChild(node);
}
const over = draw(document.createDocumentFragment(), "svg", { class: "over", "aria-hidden": "true" });
const path = xy => `M${xy.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
const layer = () => draw(over, "g", {});
const [roads, circles, dots, names] = [layer(), layer(), layer(), layer()];
for (const route of data.routes) {
  route.line = draw(roads, "path", { class: "road" });
  route.flow = draw(roads, "path", { class: "moving" });
  route.tail = draw(roads, "path", { class: "queue" });
}
for (const place of data.places) {
  place.circle = draw(circles, "circle", { class: `there ${place.role}` });
  place.stuck = draw(circles, "circle", { class: "stuck" });
  place.rank = data.places.indexOf(place);
  place.thread = draw(roads, "path", { class: "thread" });
  place.dot = draw(dots, "circle", { class: "dot", r: 2.5 });
  place.label = draw(names, "text", { class: "label" });
  for (const [text, kind] of [[place.name, ""], [place.other, "other"]])
    if (text) draw(place.label, "tspan", { class: kind }).textContent = text;
}

let project = null; // [lon, lat] -> [x, y] px on the canvas
let hour = Number(slider.value);

function placeAll() {
  for (const place of data.places) {
    place.xy = project(place.at);
    for (const circle of [place.circle, place.stuck, place.dot]) {
      circle.setAttribute("cx", place.xy[0].toFixed(1));
      circle.setAttribute("cy", place.xy[1].toFixed(1));
    }
  }
  for (const route of data.routes) route.xy = route.ends.map(project);
  placeNames();
  showFigures();
}

// Names in order of importance; each takes the first free side of its dot, or is left out until there is room. The
// first few may stand further off, on a thread.
function placeNames() {
  const width = canvas.clientWidth, height = canvas.clientHeight;
  const taken = data.places.map(({ xy: [x, y] }) => [x - 4, y - 4, x + 4, y + 4]);
  const meets = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
  for (const place of data.places) {
    const [x, y] = place.xy, spans = [...place.label.children];
    place.label.style.display = "";
    place.wide ??= Math.max(...spans.map(span => span.getComputedTextLength())) + 4;
    const wide = place.wide, tall = 14 * spans.length + 2;
    const gaps = place.rank < THREADED ? [8, 24, 44, 66] : [8];
    const box = gaps.flatMap(gap => {
      const [right, left, above, below] = [gap, -gap - wide, -gap - tall, gap];
      return [[right, -tall / 2], [left, -tall / 2], [-wide / 2, below], [-wide / 2, above],
        [right - 2, gap / 2], [right - 2, above + gap / 2], [left + 2, gap / 2], [left + 2, above + gap / 2]];
    }).map(([dx, dy]) => [x + dx, y + dy, x + dx + wide, y + dy + tall])
      .find(b => b[0] > 0 && b[1] > 0 && b[2] < width && b[3] < height && !taken.some(other => meets(b, other)));
    place.label.style.display = box ? "" : "none";
    const near = box && [Math.min(Math.max(x, box[0]), box[2]), Math.min(Math.max(y, box[1]), box[3])];
    const far = near && Math.hypot(near[0] - x, near[1] - y) > 12;
    place.thread.setAttribute("d", far ? path([[x, y], near]) : "");
    if (!box) continue;
    taken.push(box);
    spans.forEach((span, line) => {
      span.setAttribute("x", (box[0] + 2).toFixed(1));
      span.setAttribute("y", (box[1] + 12 + 14 * line).toFixed(1));
    });
  }
}

const radius = persons => (LARGEST * Math.sqrt(persons / fullest)).toFixed(1);

/** The last share (0..1) of a line of points. */
function lastPart(xy, share) {
  const pieces = xy.slice(1).map(([x, y], n) => Math.hypot(x - xy[n][0], y - xy[n][1]));
  let left = share * pieces.reduce((sum, piece) => sum + piece, 0);
  const found = [xy[xy.length - 1]];
  for (let n = pieces.length - 1; n >= 0 && left > 0; n--) {
    const part = pieces[n] ? Math.min(1, left / pieces[n]) : 1, [a, b] = [xy[n], xy[n + 1]];
    found.unshift([b[0] + part * (a[0] - b[0]), b[1] + part * (a[1] - b[1])]);
    left -= pieces[n];
  }
  return found;
}

function showFigures() {
  for (const place of data.places) {
    place.circle.setAttribute("r", radius(middle(place.there, hour)));
    place.stuck.setAttribute("r", radius(middle(place.waiting, hour)));
  }
  for (const route of data.routes) {
    const moving = middle(route.moving, hour);
    const tail = route.km ? Math.min(1, middle(route.queueKm, hour) / 10 / route.km) : 0;
    route.line.setAttribute("d", path(route.xy));
    route.flow.setAttribute("d", moving ? path(route.xy) : "");
    route.flow.setAttribute("stroke-width", (1 + WIDEST * moving / busiest).toFixed(1));
    route.tail.setAttribute("d", tail ? path(lastPart(route.xy, tail)) : "");
  }
}

function showTable() {
  const write = (cell, bands, scale, empty) => {
    cell.children[0].textContent = bands ? count(middle(bands, hour) / scale) : empty;
    cell.children[1].textContent = bands ? range(bands, hour, scale) : empty && "0–0";
  };
  const fill = (key, bands, last, scale = 1) => {
    const row = app.querySelector(`[data-row="${CSS.escape(key)}"]`);
    if (!row) return;
    write(row.cells[1], bands, 1, "0");
    write(row.cells[2], last, scale, "");
  };
  for (const place of data.places)
    fill(`place-${place.key}`, place.there, place.waiting);
  for (const route of data.routes)
    fill(`route-${route.id}`, route.moving, route.queueKm, 10);
}

function show(at) {
  hour = Math.min(Math.max(0, at), data.hours.length - 1);
  slider.value = hour;
  find("clock").textContent = clock(hour);
  slider.setAttribute("aria-valuetext", clock(hour));
  showFigures();
  showTable();
  tell();
}

// ---- the place under the pointer, in words
let pointed = null;
function tell() {
  if (!pointed) { find("readout").textContent = "Point at a place to read its figures."; return; }
  const { name, other, there, waiting } = pointed, parts = [];
  parts.push(there ? `${count(middle(there, hour))} persons (90 % of runs: ${range(there, hour)})` : "no one recorded here");
  if (waiting && middle(waiting, hour)) parts.push(`${count(middle(waiting, hour))} of them waiting to leave (${range(waiting, hour)})`);
  find("readout").textContent = `${other ? `${name} / ${other}` : name}: ${parts.join(", ")}.`;
}
canvas.addEventListener("pointermove", event => {
  const frame = canvas.getBoundingClientRect();
  const far = ({ xy: [x, y] }) => Math.hypot(x - event.clientX + frame.left, y - event.clientY + frame.top);
  const nearest = data.places.reduce((best, place) => (far(place) < far(best) ? place : best));
  pointed = far(nearest) < NEAR ? nearest : null;
  for (const row of app.querySelectorAll("tr.lit")) row.classList.remove("lit");
  if (pointed) app.querySelector(`[data-row="place-${CSS.escape(pointed.key)}"]`)?.classList.add("lit");
  tell();
});

// ---- ground: MapLibre where WebGL works
function hasWebGL() {
  try { return Boolean(document.createElement("canvas").getContext("webgl2")); } catch { return false; }
}
const feature = (type, coordinates) => ({ type: "geojson", data: { type: "Feature", properties: {}, geometry: { type, coordinates } } });
const paint = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
function groundOfMapLibre() {
  const holder = canvas.appendChild(document.createElement("div"));
  holder.style.cssText = "position:absolute;inset:0";
  const map = new maplibregl.Map({
    container: holder, attributionControl: false, cooperativeGestures: true, dragRotate: false,
    pitchWithRotate: false, renderWorldCopies: false, maxZoom: 12, fadeDuration: 0,
    bounds: data.boxes.all, fitBoundsOptions: { padding: 24 },
    style: {
      version: 8,
      sources: { land: feature("MultiPolygon", data.land), borders: feature("MultiLineString", data.borders), coasts: feature("MultiLineString", data.coasts) },
      layers: [
        { id: "sea", type: "background", paint: { "background-color": paint("sea") } },
        { id: "land", type: "fill", source: "land", paint: { "fill-color": paint("land") } },
        { id: "coasts", type: "line", source: "coasts", paint: { "line-color": paint("coasts"), "line-width": 0.8 } },
        { id: "borders", type: "line", source: "borders", paint: { "line-color": paint("borders"), "line-width": 1, "line-dasharray": [5, 3] } },
      ],
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.getCanvas().setAttribute("aria-label", "Map; arrow keys move it, plus and minus zoom");
  project = at => { const { x, y } = map.project(at); return [x, y]; };
  map.on("move", placeAll);
  map.on("resize", placeAll);
  return {
    fit: box => map.fitBounds(box, { padding: 24, duration: 0 }),
    borders: on => map.setLayoutProperty("borders", "visibility", on ? "visible" : "none"),
  };
}
function groundOfSvg() {
  const ground = draw(canvas, "svg", { "aria-hidden": "true" });
  const inner = ground.appendChild(document.querySelector("#still .ground").cloneNode(true));
  const mercator = lat => -Math.log(Math.tan(Math.PI / 4 + lat * Math.PI / 360)) * 180 / Math.PI;
  let box = data.boxes.all;
  const fit = chosen => {
    box = chosen;
    const [west, south, east, north] = box, width = canvas.clientWidth, height = canvas.clientHeight;
    const top = mercator(north), bottom = mercator(south);
    const scale = Math.min((width - 48) / (east - west), (height - 48) / (bottom - top));
    const dx = width / 2 - scale * (west + east) / 2, dy = height / 2 - scale * (top + bottom) / 2;
    inner.setAttribute("transform", `matrix(${scale} 0 0 ${scale} ${dx} ${dy})`);
    project = ([lon, lat]) => [scale * lon + dx, scale * mercator(lat) + dy];
    placeAll();
  };
  new ResizeObserver(() => fit(box)).observe(canvas);
  return { fit, borders: () => {} };
}

// ---- start
canvas.hidden = false;
find("still").hidden = true;
app.querySelector(".controls").hidden = false;
canvas.append(over);
let ground = null;
if (hasWebGL()) try { ground = groundOfMapLibre(); } catch (error) { console.warn(String(error)); canvas.replaceChildren(over); }
ground ??= groundOfSvg();
app.dataset.ground = canvas.querySelector("canvas") ? "maplibre" : "svg";
ground.fit(data.boxes.all);
placeAll();
show(Number(app.dataset.hour));

let timer = null;
function stop() {
  clearInterval(timer);
  timer = null;
  play.textContent = "Play";
  play.setAttribute("aria-pressed", "false");
}
play.addEventListener("click", () => {
  if (timer) return stop();
  if (hour >= data.hours.length - 1) show(0);
  play.textContent = "Pause";
  play.setAttribute("aria-pressed", "true");
  timer = setInterval(() => { show(hour + 1); if (hour >= data.hours.length - 1) stop(); }, STEP_MILLISECONDS);
});
slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
find("borders").addEventListener("change", event => {
  app.classList.toggle("no-borders", !event.target.checked);
  ground.borders(event.target.checked);
});
for (const button of app.querySelectorAll("[data-view]"))
  button.addEventListener("click", () => ground.fit(data.boxes[button.dataset.view]));
})();

// ---- links within the page: a row inside closed details is opened before it is shown
(() => {
"use strict";
function reveal() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", reveal);
reveal();
})();
