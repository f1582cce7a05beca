// The page's data, its words, its two clocks and what the address holds. Nothing here draws.
const data = JSON.parse(document.getElementById("story-data").textContent);
const find = id => document.getElementById(id);
const claims = data.claims, tracks = data.tracks, groups = data.groups;
claims.forEach((claim, n) => { claim.n = n; });
const groupOf = Object.fromEntries(groups.map(group => [group.key, group]));
const trackOf = Object.fromEntries(tracks.map(track => [track.key, track]));
const byTrack = Object.fromEntries(tracks.map(track => [track.key, claims.filter(claim => claim.tr === track.key)]));

// ---- building elements: a text of the case is always a text node, never markup
function fill(node, children) {
  for (const child of children.flat(Infinity))
    if (child !== null && child !== undefined && child !== false) node.append(child);
  return node;
}
function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  return fill(node, children);
}
const SVG = "http://www.w3.org/2000/svg";
function s(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes || {}))
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  return fill(node, children);
}
const number = value => Math.round(value * 10) / 10;
const paints = {}; // by name in colours.css: a saved track has no style sheet
const paint = name => paints[name] ??= getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim() || undefined;
const FONT = "system-ui, 'DejaVu Sans', sans-serif";
const ruler = document.createElement("canvas").getContext("2d");
const widths = new Map();
function widthOf(said, size = 11, weight = 400) { // px
  const key = `${weight} ${size} ${said}`;
  if (!widths.has(key)) { ruler.font = `${weight} ${size}px ${FONT}`; widths.set(key, ruler.measureText(said).width); }
  return widths.get(key);
}
function wrapped(said, room, size, weight) { // lines that fit
  const lines = [];
  for (const word of said.split(" ")) {
    const last = lines.length - 1, longer = last < 0 ? word : `${lines[last]} ${word}`;
    if (last >= 0 && widthOf(longer, size, weight) <= room) lines[last] = longer; else lines.push(word);
  }
  return lines;
}
// What stays as it is is not touched, so that the browser lays out again only what changed.
function say(node, said) { if (node.textContent !== said) node.textContent = said; }
function set(node, name, value) { if (node.getAttribute(name) !== value) node.setAttribute(name, value); }

// ---- what was made is kept while the key of what it was made from stays; `once` holds for one drawing of the page
const made = new Map();
let n_drawn = 0;
function keep(name, key, make) {
  const was = made.get(name);
  if (was && was.key === key) return was.value;
  const value = make();
  made.set(name, { key, value });
  return value;
}
const once = (name, make) => keep(name, n_drawn, make);

// ---- words: the interface speaks the chosen language, the data stay as said
const languages = Object.keys(data.words);
function t(message, values) {
  const said = (data.words[state.lang] || {})[message] || message;
  return values ? said.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole)) : said;
}
function show(value) {
  const most = value >= 1000 ? 15 : 3;
  return minus(keep(`number ${most}`, state.lang, () => new Intl.NumberFormat(state.lang, { maximumSignificantDigits: most })).format(value));
}
const minus = said => said.replace("-", "\u2212");
function rounded(value, digits = 2) { // two significant figures: a modelled figure is no more precise than that
  if (!value) return show(0);
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(value))) + 1 - digits);
  return show(Math.round(value / unit) * unit + 0); // no minus before a zero
}
// Of figures that stand side by side: two decimals where all are small, such as shares, and below 1; of larger ones as many
// digits as tell the first two apart.
function rounder(values) {
  const isSmall = Math.max(...values.map(Math.abs)) < 10, [was, changed] = values;
  const digits = [2, 3, 4].find(n => rounded(was, n) !== rounded(changed, n)) || 2;
  return value => (isSmall || (Math.abs(value) < 1 && value !== Math.round(value)) ? minus(new Intl.NumberFormat(state.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(Math.round(100 * value) / 100 + 0)) : rounded(value, digits));
}

// ---- days: whole numbers since 1 January 1970, where the case lies
const DAY = 86400000;
const asDate = day => new Date(Math.floor(day) * DAY);
const iso = day => asDate(day).toISOString().slice(0, 10);
const fromIso = text => Math.round(Date.parse(`${text}T00:00:00Z`) / DAY);
const formats = new Map();
function format(day, options) {
  const key = state.lang + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(state.lang === "en" ? "en-GB" : state.lang, { timeZone: "UTC", ...options }));
  return formats.get(key).format(asDate(day));
}
const LONG = { day: "numeric", month: "long", year: "numeric" }, SHORT = { day: "numeric", month: "short", year: "numeric" };
const longDay = day => format(day, LONG);
const shortDay = day => format(day, SHORT);

// ---- what is looked at
const LEAST_SPAN = 1; // days
const state = {
  day: data.opens, known: "now", start: data.start, end: data.end, off: new Set(), claim: null, step: null,
  tab: data.path.length ? "path" : "day", whatif: "", lang: "en", map: "near", track: "", stack: [],
};
const moment = () => (state.known === "now" ? data.now : state.day);
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function readAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  const day = name => { const n = fromIso(said.get(name) || ""); return Number.isFinite(n) ? n : null; };
  state.day = clamp(day("day") ?? state.day, data.start, data.end);
  state.known = said.get("known") === "now" ? "now" : said.get("known") === "then" ? "then" : state.known;
  const start = day("from"), end = day("to");
  if (start !== null && end !== null && end >= start) setSpan(start, end + 1);
  state.off = new Set((said.get("without") || "").split(",").filter(key => key in groupOf));
  const claim = claims.findIndex(one => one.id === said.get("report"));
  state.claim = claim < 0 ? null : claim;
  const step = Number(said.get("step"));
  state.step = step >= 1 && step <= data.path.length ? step - 1 : null;
  state.whatif = data.whatif.some(one => one.key === said.get("whatif")) ? said.get("whatif") : "";
  if (languages.includes(said.get("lang"))) state.lang = said.get("lang");
  if (["path", "day", "source", "whatif"].includes(said.get("show"))) state.tab = said.get("show");
  else if (state.claim !== null) state.tab = "source";
  if (said.get("map") === "whole" || said.get("map") in data.maps) state.map = said.get("map");
}
function address() {
  const said = new URLSearchParams();
  said.set("day", iso(state.day));
  said.set("known", state.known);
  if (state.start !== data.start || state.end !== data.end) {
    said.set("from", iso(state.start));
    said.set("to", iso(Math.max(state.start, Math.ceil(state.end) - 1)));
  }
  if (state.off.size) said.set("without", [...state.off].join(","));
  if (state.claim !== null) said.set("report", claims[state.claim].id);
  if (state.step !== null) said.set("step", state.step + 1);
  if (state.whatif) said.set("whatif", state.whatif);
  if (state.lang !== "en") said.set("lang", state.lang);
  if (state.map !== "near") said.set("map", state.map);
  said.set("show", state.tab);
  return `#${said}`;
}
function setSpan(start, end) {
  const span = clamp(end - start, LEAST_SPAN, data.end - data.start);
  state.start = clamp(start, data.start, data.end - span);
  state.end = state.start + span;
}
