// Each track as a drawing, a picture or a table of its own; the table is also what a screen reader is given.
const COLUMNS = ["id", "kind", "day", "last_day", "day_precision", "known_since", "publication_rule", "says", "low", "best", "high", "bound", "unit", "scope", "quantity", "hedge",
  "reporter", "on_behalf_of", "side", "via", "place", "due", "disputed_by", "same_report_as", "source", "address", "left_out_of_this_file"];
const inTable = key => byTrack[key].filter(claim => isShown(claim) && claim.x !== undefined && inView(claim.x, claim.x));
function csv(key) { // with a mark of its encoding, so that a spreadsheet reads every letter
  const cell = value => { const said = String(value ?? ""); return /[",\n]/.test(said) ? `"${said.replace(/"/g, '""')}"` : said; };
  const safe = value => (typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value);
  const ids = ns => (ns || []).filter(n => isKnown(claims[n])).map(n => claims[n].id).join("; "), day = value => (value === undefined ? "" : iso(value));
  const rows = inTable(key).map(claim => [claim.id, claim.k, day(claim.d), day(claim.e), claim.d === undefined ? "" : claim.pc || "day", day(claim.p), claim.pr || "recorded", actor(claim) + claim.say, ...(claim.k === "figure" ? [claim.lo, claim.be, claim.hi, claim.bo, claim.un] : ["", "", "", "", ""]), claim.scope, claim.q, claim.hedge,
    claim.who, claim.on || claim.who, claim.side, (claim.via || []).join("; "), claim.plw, claim.due, ids(disputing(claim.n).map(one => one.n)), ids(claim.ret), claim.ti, claim.ad, state.off.size ? [...state.off].join("; ") : ""]);
  return `\ufeff${[COLUMNS, ...rows].map(row => row.map(safe).map(cell).join(",")).join("\n")}\n`;
}
function save(name, kind, content) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: kind }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 4000);
}
function drawing(key) { // the track with its finding above and its axis, source and legends below
  const track = trackOf[key], own = find(`svg-${key}`), tall = drawn[key].height, room = frame.width - 16;
  const lines = wrapped(`${t(track.title)}: ${finding(key).text}`, room, 13, 600);
  const when = `${data.title}. ${longDay(state.day)}, ${state.known === "then" ? t("as known then") : t("as known now")}.`;
  const feet = [...wrapped(when, room, 10), ...wrapped(`${document.querySelector("#foot-made").textContent} ${location.protocol.startsWith("http") ? location.href : address()}`, room, 10)];
  const head = 14 + 17 * lines.length, legend = s("g", {});
  let x = 8, y = 0;
  const sign = (shape, said) => {
    const wide = 20 + widthOf(said, 10);
    if (x > 8 && x + wide > room) { x = 8; y += 15; }
    legend.append(s("g", { transform: `translate(${number(x)} ${y})` }, shape, text(13, 0, said, { "font-size": 10 })));
    x += wide + 8;
  };
  for (const group of groups.filter(one => !state.off.has(one.key))) sign(s("circle", { cx: 4, cy: -4, r: 4, fill: group.colour }), t(group.label));
  if (key === "road") {
    x = 8; y += 15;
    for (const word of PASSES) sign(s("rect", { y: -8, width: 9, height: 9, fill: paint(`pass-${word}`), stroke: paint("pass-edge") }), t(data.road.passes[word]));
  }
  const foot = head + tall + AXIS + 18, height = foot + 14 * feet.length + y + 14;
  const svg = s("svg", { xmlns: SVG, width: frame.width, height, viewBox: `0 0 ${frame.width} ${height}` }, s("rect", { width: frame.width, height, fill: PAPER }));
  lines.forEach((one, n) => svg.append(text(8, 18 + 17 * n, one, { "font-size": 13, fill: INK, "font-weight": 600 })));
  svg.append(s("g", { transform: `translate(0 ${head})` }, [...own.childNodes].map(node => node.cloneNode(true))));
  svg.append(s("g", { transform: `translate(0 ${head + tall})` }, [...find("axis").childNodes].map(node => node.cloneNode(true))));
  feet.forEach((one, n) => svg.append(text(8, foot + 14 * n, one, { "font-size": 10 })));
  legend.setAttribute("transform", `translate(0 ${foot + 14 * feet.length + 4})`);
  svg.append(legend);
  return { svg: new XMLSerializer().serializeToString(svg), width: frame.width, height };
}
function exportTrack(key, kind) {
  const name = `${data.key}-${key}-${iso(state.day)}-${state.known}${state.off.size ? "-filtered" : ""}`;
  if (kind === "csv") return save(`${name}.csv`, "text/csv", csv(key));
  const made = drawing(key);
  if (kind === "svg") return save(`${name}.svg`, "image/svg+xml", made.svg);
  const image = new Image(), url = URL.createObjectURL(new Blob([made.svg], { type: "image/svg+xml" }));
  image.onload = () => {
    const sheet = h("canvas", { width: made.width * 2, height: made.height * 2 });
    sheet.getContext("2d").drawImage(image, 0, 0, sheet.width, sheet.height);
    URL.revokeObjectURL(url);
    sheet.toBlob(blob => save(`${name}.png`, "image/png", blob));
  };
  image.src = url;
  return null;
}
const MOST_ROWS = 300;
function drawTable(key) {
  const found = inTable(key), rows = found.slice(0, MOST_ROWS);
  const head = [t("day"), t("what is said"), t("by"), t("published"), t("source")];
  find(`table-${key}`).replaceChildren(
    h("table", {}, h("caption", {}, (state.off.size ? `${filterSaid()}. ` : "") + t("{track}: {n} of {all} known reports lie in this window", { track: t(trackOf[key].title), n: found.length, all: byTrack[key].filter(isShown).length }), rows.length < found.length ? `; ${t("the first {n} are listed", { n: MOST_ROWS })}` : ""),
      h("thead", {}, h("tr", {}, head.map(word => h("th", { scope: "col" }, word)))),
      h("tbody", {}, rows.map(claim => h("tr", {}, h("td", {}, when(claim)), h("td", {}, h("cite", {}, actor(claim), claim.say)), h("td", {}, chip(claim), who(claim)), h("td", {}, claim.pw || ""), h("td", {}, sourceButton(claim)))))));
}
