// One drawing of everything from the state, and what people do to change it: pointer, keyboard, touch, address.
let waiting = 0;
function draw() {
  n_drawn += 1;
  measure();
  drawOverview();
  drawAxis();
  for (const track of tracks) {
    drawTrack(track);
    say(find(`finding-${track.key}`), finding(track.key).text);
    say(find(`n-${track.key}`), show(upTo(track.key).length));
    find(`track-${track.key}`).classList.toggle("shown", state.track === track.key && state.tab === "path" && state.step !== null);
    if (find(`details-${track.key}`).open) drawTable(track.key);
  }
  if (ground) drawMap();
  find("day").value = iso(state.day);
  find("slide").value = state.day;
  set(find("slide"), "aria-valuetext", longDay(state.day));
  for (const one of document.querySelectorAll("[data-known]")) set(one, "aria-pressed", String(one.dataset.known === state.known));
  for (const one of document.querySelectorAll("[data-group]")) set(one, "aria-pressed", String(!state.off.has(one.dataset.group)));
  const total = [state.off.size ? `${filterSaid()}: ${t("{n} known reports are hidden.", { n: show(nHidden()) })}` : "", t("Reports known: {known}; of these, on days up to {day}: {past}.", { past: show(nPast()), known: show(nShown()), day: shortDay(state.day) })];
  if (state.known === "then" && data.bands.length && (data.foot.fitted ?? -Infinity) > state.day) total.push(t("The bands know more than was known then: their parameters were fitted on reports up to {day}.", { day: shortDay(data.foot.fitted) }));
  say(find("total"), total.filter(Boolean).join(" "));
  drawPanels();
  drawFoot();
  history.replaceState(null, "", address());
  say(find("printed"), `${longDay(state.day)}, ${state.known === "then" ? t("as known then") : t("as known now")}; ${shortDay(state.start)} – ${shortDay(Math.ceil(state.end) - 1)}${state.off.size ? `; ${filterSaid()}` : ""}${switchedOn() ? `; ${t("And if?")} ${switchedOn().title}` : ""}`);
}
function drawPanels() {
  const under = isSmall() && state.tab === "source" ? before : ""; // on a phone a source lies over the panel that was open
  for (const name of ["path", "day", "source", "whatif"]) {
    set(find(`tab-${name}`), "aria-selected", String(state.tab === name));
    set(find(`tab-${name}`), "tabindex", state.tab === name ? "0" : "-1");
    find(`panel-${name}`).hidden = state.tab !== name && under !== name;
  }
  const drawPanel = { path: drawPath, day: drawDay, source: drawSource, whatif: drawWhatif };
  drawPanel[state.tab]();
  if (under) drawPanel[under]();
}
const later = () => { if (!waiting) waiting = requestAnimationFrame(() => { waiting = 0; draw(); }); };
// How wide the window is decides the layout; on paper it is that of a wide one, whatever the window.
const root = document.documentElement, isSmall = () => root.classList.contains("small");
function measure() {
  const onPaper = root.classList.contains("sheet");
  root.classList.toggle("narrow", !onPaper && innerWidth <= 1100);
  root.classList.toggle("small", !onPaper && innerWidth <= 600);
  const wide = Math.floor(find("tracks").clientWidth);
  frame.width = Math.max(320, wide);
  frame.gutter = wide < 640 ? 114 : 124;
  if (ground) {
    const tall = find("map").clientWidth, ratio = isSmall() ? 0.7 : root.classList.contains("narrow") ? 0.9 : 0.62;
    if (tall && tall !== canvas.width) { canvas.width = tall; canvas.height = Math.round(tall * ratio); box = null; }
    if (!box) showMap(state.map);
  }
}
function translate() {
  document.documentElement.lang = state.lang;
  for (const one of document.querySelectorAll("[data-t]")) one.textContent = t(one.dataset.t);
  for (const one of document.querySelectorAll("[data-t-label]")) one.setAttribute("aria-label", t(one.dataset.tLabel));
  for (const one of document.querySelectorAll("[data-language]")) one.setAttribute("aria-pressed", String(one.dataset.language === state.lang));
}
const drawFoot = () => keep("foot", `${state.lang} ${state.whatif}`, drawFootOf);
function drawFootOf() {
  const { n, as_of, undated, runs, run, fitted } = data.foot, bands = run === undefined ? t("No runs were given to this page: every mark and number on it is a report.")
    : `${t("Bands: 80-percent range of {n} runs of “{name}”, given the model's assumptions.", { n: runs ?? "?", name: run })}${fitted ? ` ${t("Their parameters were fitted on reports up to {day}.", { day: longDay(fitted) })}` : ""}`;
  say(find("foot-left-out"), t("{n} reports published by {day}. Left out: {undated} reports whose publication has no date; they stand in the ledger.", { n: show(n), day: longDay(as_of), undated: show(undated) }));
  const on = switchedOn();
  say(find("foot-bands"), on ? t("Drawn while the switch is on: grey as it was, orange with the change, both of these {n} pairs.", { n: on.pairs ?? "?" }) : bands);
  say(find("foot-said"), state.lang === "en" ? "" : t("Titles, the path, names, figures and days of reports stay in English, as the record has them."));
}
function tell(words) { find("told").textContent = words; }
function setDay(day) {
  state.day = clamp(Math.floor(day), data.start, data.end);
  if (state.day < state.start || state.day + 1 > state.end) setSpan(state.day - (state.end - state.start) / 2, state.day + (state.end - state.start) / 2);
  later();
}
function zoom(factor, at = state.day + 0.5) {
  const middle = clamp(at, state.start, state.end);
  setSpan(middle - (middle - state.start) * factor, middle + (state.end - middle) * factor);
  later();
}
let before = state.tab; // the tab to which closing a source returns
function open(n, focus, stack = []) {
  if (state.tab !== "source") before = state.tab;
  Object.assign(state, { claim: n, tab: "source", stack });
  draw();
  tell(`${claims[n].who}: ${claims[n].say}`);
  if (focus || isSmall()) {
    if (!isSmall()) find("panels").scrollIntoView({ block: "nearest" });
    const title = find("source-title");
    if (title) title.focus({ preventScroll: !isSmall() });
  }
}

function shut() { // the source that is open
  const n = state.claim;
  Object.assign(state, { claim: null, stack: [], tab: state.tab === "source" ? before : state.tab });
  draw();
  return n;
}
const openTable = () => document.querySelector("#tracks details.more[open]");
document.addEventListener("click", event => { // a click elsewhere closes a table, and on a phone the sheet of a source
  const table = openTable();
  if (table && !table.contains(event.target) && !event.target.closest("[download]") && document.contains(event.target)) table.open = false;
});

// ---- clicks: one listener, by what the clicked thing says of itself
document.addEventListener("click", event => {
  const at = event.target.closest("[data-open],[data-step],[data-known],[data-group],[data-tab],[data-whatif],[data-save],[data-zoom],[data-move],[data-language],[data-map],[data-shut]");
  if (!at && isSmall() && state.tab === "source" && document.contains(event.target) && !event.target.closest("#panel-source, svg.track, #map")) { shut(); return; }
  if (!at) return;
  const said = at.dataset;
  if (said.open !== undefined) open(Number(said.open), true);
  else if (said.step !== undefined) { goStep(Number(said.step)); find("step-title")?.focus({ preventScroll: true }); if (isSmall()) find("panel-path").scrollIntoView({ block: "start" }); }
  else if (said.shut) { shut(); find(`tab-${state.tab}`).focus(); }
  else if (said.known) { state.known = said.known; draw(); }
  else if (said.group) { if (!state.off.delete(said.group)) state.off.add(said.group); draw(); }
  else if (said.tab) { state.tab = said.tab; draw(); }
  else if (said.whatif) { state.whatif = state.whatif === said.whatif ? "" : said.whatif; draw(); find("panel-whatif").querySelector(`[data-whatif="${CSS.escape(said.whatif)}"]`)?.focus(); }
  else if (said.save) exportTrack(said.track, said.save);
  else if (said.zoom) { if (said.zoom === "all") setSpan(data.start, data.end); else zoom(Number(said.zoom)); later(); }
  else if (said.move) setDay(state.day + Number(said.move));
  else if (said.language) { state.lang = said.language; formats.clear(); translate(); draw(); }
  else if (said.map) { if (said.map === "in") zoomMap(0.6); else if (said.map === "out") zoomMap(1 / 0.6); else showMap(said.map); draw(); }
});
find("day").addEventListener("change", event => { const day = fromIso(event.target.value); if (Number.isFinite(day)) setDay(day); });
find("slide").addEventListener("input", event => setDay(Number(event.target.value)));
find("print").addEventListener("click", () => print());
// Day after day, so that the map can be seen to move; it stops at the end of the axis, or when anything else is done.
const PACE = 160; // ms a day
let playing = 0;
function play(isOn) {
  clearInterval(playing);
  playing = isOn ? setInterval(() => { if (state.day + 2 > state.end) play(false); else setDay(state.day + 1); }, PACE) : 0;
  set(find("play"), "aria-pressed", String(isOn));
  if (isOn && state.day + 2 > state.end) setDay(state.start);
}
find("play").addEventListener("click", () => play(!playing));
const isOwn = event => event.target === find("play") && ["Enter", " ", undefined].includes(event.key);
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, event => { if (playing && !isOwn(event)) play(false); }, true);
if (ground) find("borders").addEventListener("change", draw);
if (ground) find("map-rows").closest("details").addEventListener("toggle", () => drawMap());
for (const track of tracks) find(`details-${track.key}`).addEventListener("toggle", () => drawTable(track.key));
addEventListener("resize", later);
new ResizeObserver(() => root.style.setProperty("--bar", `${find("controls").offsetHeight}px`)).observe(find("controls"));
addEventListener("hashchange", () => { if (location.hash !== address()) { readAddress(); box = null; translate(); draw(); } });
const tabs = ["path", "day", "source", "whatif"];
find("tabs").addEventListener("keydown", event => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.stopPropagation();
  event.preventDefault();
  state.tab = tabs[(tabs.indexOf(state.tab) + step + tabs.length) % tabs.length];
  draw();
  find(`tab-${state.tab}`).focus();
});

// ---- the tracks under the pointer: a click on a mark opens it, elsewhere it sets the day; dragging moves the axis
let drag = null;
const point = (event, svg) => { const area = svg.getBoundingClientRect(); return [(event.clientX - area.left) * frame.width / area.width, (event.clientY - area.top) * frame.width / area.width]; };
function nearest(key, x, y) {
  let best = null, least = 9;
  for (const one of drawn[key].marks) {
    const far = Math.hypot(one.x - x, one.y - y);
    if (far <= least) { best = one; least = far; }
  }
  return best;
}
find("tracks").addEventListener("pointerdown", event => {
  const svg = event.target.closest("svg.track, #axis");
  if (!svg || event.button) return;
  drag = { svg, x: event.clientX, start: state.start, end: state.end, moved: false, onAxis: svg.id === "axis" };
});
addEventListener("pointermove", event => {
  if (!drag) { hover(event); return; }
  const dx = event.clientX - drag.x;
  if (Math.abs(dx) > 4) drag.moved = true;
  if (!drag.moved) return;
  if (drag.brush !== undefined) { brush(event); return; }
  if (drag.onAxis) { setDay(fromPx(point(event, drag.svg)[0])); return; }
  const days = dx * (drag.end - drag.start) / (frame.width - frame.gutter - frame.right);
  setSpan(drag.start - days, drag.end - days);
  later();
});
addEventListener("pointerup", event => {
  const was = drag;
  drag = null;
  if (!was || was.moved || was.brush !== undefined) return;
  const [x, y] = point(event, was.svg), key = was.svg.id.replace("svg-", "");
  const hit = was.onAxis ? null : nearest(key, x, y);
  const bar = event.target.closest ? event.target.closest(".stretch") : null;
  if (hit) open(hit.n, false, drawn[key].marks.filter(one => Math.hypot(one.x - hit.x, one.y - hit.y) <= 6).map(one => one.n));
  else if (bar) open(Number(bar.dataset.n), false);
  else if (x >= frame.gutter) setDay(fromPx(x));
});
addEventListener("pointercancel", () => { drag = null; });
find("tracks").addEventListener("wheel", event => {
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
  const svg = event.target.closest("svg.track, #axis");
  if (!svg) return;
  event.preventDefault();
  const turn = event.deltaY || event.deltaX;
  zoom(turn > 0 ? 1.25 : 0.8, fromPx(point(event, svg)[0]));
}, { passive: false });
find("tracks").addEventListener("dblclick", event => {
  const svg = event.target.closest("svg.track, #axis");
  if (svg) zoom(0.4, fromPx(point(event, svg)[0]));
});
find("overview").addEventListener("pointerdown", event => {
  const at = fromOver(point(event, find("overview"))[0]);
  const near = (state.end - state.start) * 0.06 + (data.end - data.start) * 0.008;
  const grip = Math.abs(at - state.start) < near ? "start" : Math.abs(at - state.end) < near ? "end" : at > state.start && at < state.end && state.end - state.start < 0.98 * (data.end - data.start) ? "whole" : "new";
  drag = { svg: find("overview"), x: event.clientX, brush: grip, from: at, start: state.start, end: state.end, moved: false };
});
function brush(event) {
  const at = fromOver(point(event, drag.svg)[0]);
  if (drag.brush === "start") setSpan(Math.min(at, drag.end - LEAST_SPAN), drag.end);
  else if (drag.brush === "end") setSpan(drag.start, Math.max(at, drag.start + LEAST_SPAN));
  else if (drag.brush === "whole") setSpan(drag.start + at - drag.from, drag.end + at - drag.from);
  else setSpan(Math.min(at, drag.from), Math.max(at, drag.from));
  later();
}
function hover(event) {
  const svg = event.target.closest ? event.target.closest("svg.track") : null, tip = find("tip");
  const hit = svg && drawn[svg.id.replace("svg-", "")] ? nearest(svg.id.replace("svg-", ""), ...point(event, svg)) : null;
  tip.hidden = !hit;
  if (!hit) return;
  const claim = claims[hit.n];
  tip.replaceChildren(h("b", {}, claim.who), h("span", {}, when(claim)), h("cite", {}, clip(actor(claim) + claim.say, 150)));
  tip.style.left = `${clamp(event.clientX + 14, 4, innerWidth - 300)}px`;
  tip.style.top = `${clamp(event.clientY + 16, 4, innerHeight - 110)}px`;
}

// ---- the map under the pointer
let held = null;
if (ground) {
  find("map").addEventListener("pointerdown", event => { held = { x: event.clientX, y: event.clientY, moved: false }; });
  addEventListener("pointermove", event => {
    if (!held) return;
    const dx = event.clientX - held.x, dy = event.clientY - held.y;
    if (Math.hypot(dx, dy) < 3) return;
    panMap(dx, dy);
    Object.assign(held, { x: event.clientX, y: event.clientY, moved: true });
    drawMap();
  });
  addEventListener("pointerup", event => {
    const was = held;
    held = null;
    const spot = was && !was.moved && event.target.closest ? event.target.closest("[data-place]") : null;
    if (spot) openPlace(spot.dataset.place);
  });
  find("map").addEventListener("wheel", event => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
    event.preventDefault();
    const area = find("map").getBoundingClientRect();
    zoomMap((event.deltaY || event.deltaX) > 0 ? 1.25 : 0.8, [event.clientX - area.left, event.clientY - area.top]);
    drawMap();
  }, { passive: false });
}
function openPlace(key) {
  selectedPlace = key;
  const found = recentAt.get(key) || [];
  drawMap();
  if (found.length) open(found[found.length - 1].n, false);
}

// ---- keyboard alone
const isTyping = target => target.closest("input[type=date], select, textarea");
const LETTERS = { KeyT: "t", KeyN: "n", KeyP: "p" }; // where the keyboard writes other letters, by the place of the key
const letterOf = event => (/^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : LETTERS[event.code] || event.key);
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const on = event.target.closest ? event.target.closest("section.track") : null;
  const table = openTable(), far = event.shiftKey ? 30 : 1, key = letterOf(event);
  if (key === "Escape" && table) { table.open = false; table.querySelector("summary").focus(); return; }
  if (event.target.closest && isTyping(event.target)) return;
  if (event.target === on && (key === "ArrowUp" || key === "ArrowDown" || key === "Enter")) { walk(on.dataset.track, key); event.preventDefault(); return; }
  if (event.target.closest && event.target.closest("input, summary, .scroll, [role=tab]") && !/^[a-z]$|^Escape$/.test(key)) return;
  if (event.target.closest && event.target.closest("button, a") && (key === "Enter" || key === " ")) return;
  const does = {
    ArrowLeft: () => setDay(state.day - far), ArrowRight: () => setDay(state.day + far), PageUp: () => setDay(state.day - 30), PageDown: () => setDay(state.day + 30),
    "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), 0: () => { setSpan(data.start, data.end); later(); },
    t: () => { state.known = state.known === "then" ? "now" : "then"; draw(); },
    n: () => goStep(state.step === null ? 0 : Math.min(state.step + 1, data.path.length - 1)), p: () => goStep(Math.max((state.step ?? 0) - 1, 0)),
    Home: () => setDay(state.start), End: () => setDay(Math.ceil(state.end) - 1), Escape: () => { const had = shut(); if (had !== null) find(`tab-${state.tab}`).focus({ preventScroll: true }); },
  }[key];
  if (!does || (["PageUp", "PageDown", "Home", "End"].includes(key) && !on)) return;
  event.preventDefault();
  does();
});
// Up and down go from mark to mark of the track in focus; Enter goes to its source.
function walk(key, pressed) {
  const marks = drawn[key].marks;
  if (!marks.length) return;
  if (pressed === "Enter") { if (state.claim !== null) open(state.claim, true); return; }
  const at = marks.findIndex(one => one.n === state.claim), n = at < 0 ? marks.findIndex(one => one.x >= px(state.day)) : at + (pressed === "ArrowDown" ? 1 : -1);
  open(marks[clamp(n < 0 ? marks.length - 1 : n, 0, marks.length - 1)].n, false);
}

// ---- paper: the wide layout, as wide as it must be for its height to fit one sheet, then shrunk to that sheet. A column of
// reading that is still too long is cut there, and says so.
const SHEET = { width: 1046, height: 716 }; // px of A4 landscape within its margins
const WIDEST = 1900; // px: wider, its letters are too small on paper
addEventListener("beforeprint", () => {
  root.classList.add("sheet");
  root.style.setProperty("--fit", "1");
  for (let wide = 1150, isOver = true; isOver; wide += 50) {
    root.style.setProperty("--sheet", `${wide}px`);
    box = null;
    draw();
    const tall = SHEET.height * wide / SHEET.width, rest = document.body.offsetHeight - document.querySelector("main").offsetHeight;
    const reading = find("panels").offsetHeight + (ground ? find("place").offsetHeight : 0) + 24;
    isOver = Math.max(find("time").offsetHeight, wide < WIDEST ? reading : 0) > tall - rest;
    if (!isOver && reading > tall - rest) {
      let room = Math.floor(tall - rest - reading + find("panels").offsetHeight);
      root.classList.add("cut");
      do root.style.setProperty("--room", `${room -= 20}px`); while (room > 0 && document.querySelector("aside").offsetHeight > tall - rest);
    }
    if (!isOver) root.style.setProperty("--fit", String(SHEET.width / wide));
  }
  document.querySelectorAll(".panel").forEach(one => { one.scrollTop = 0; });
});
addEventListener("afterprint", () => { root.classList.remove("sheet", "cut"); box = null; draw(); });

state.lang = languages.includes((navigator.language || "en").slice(0, 2)) ? navigator.language.slice(0, 2) : "en";
readAddress();
if (state.step !== null && !location.hash.includes("day=")) goStep(state.step);
translate();
draw();
document.documentElement.classList.add("ready");
