// Each track as a drawing, a picture or a table of its own; the table is also what a screen reader is given.
const COLUMNS = ["id", "kind", "day", "known_since", "says", "figure", "unit_and_scope", "reporter", "on_behalf_of", "side", "via", "place", "source", "address"];
const inTable = key => byTrack[key].filter(claim => isShown(claim) && claim.x !== undefined && inView(claim.x, claim.x));
function csv(key) {
  const cell = value => { const said = String(value ?? ""); return /[",\n]/.test(said) ? `"${said.replace(/"/g, '""')}"` : /^[=+\-@]/.test(said) ? `'${said}` : said; };
  const rows = inTable(key).map(claim => [claim.id, claim.k, claim.d === undefined ? "" : iso(claim.d), claim.p === undefined ? "" : iso(claim.p), actor(claim) + claim.say, claim.v, claim.fig ? `${claim.fig} ${claim.scope || ""}`.trim() : "", claim.who, claim.on || claim.who, claim.side, (claim.via || []).join("; "), claim.plw, claim.ti, claim.ad]);
  return [COLUMNS, ...rows].map(row => row.map(cell).join(",")).join("\n") + "\n";
}
function save(name, kind, content) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: kind }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 4000);
}
function drawing(key) { // the track with its finding above and its axis and source below
  const track = trackOf[key], own = find(`svg-${key}`), tall = drawn[key].height;
  const said = `${t(track.title)}: ${findings[key]().text}`, words = said.split(" "), lines = [""];
  for (const word of words)
    if ((lines[lines.length - 1] + word).length * 6.6 > frame.width - 20) lines.push(word); else lines[lines.length - 1] += `${lines[lines.length - 1] ? " " : ""}${word}`;
  const head = 14 + 16 * lines.length, height = head + tall + 58;
  const svg = s("svg", { xmlns: SVG, width: frame.width, height, viewBox: `0 0 ${frame.width} ${height}` }, s("rect", { width: frame.width, height, fill: PAPER }));
  lines.forEach((one, n) => svg.append(text(8, 18 + 16 * n, one, { "font-size": 13, fill: INK, "font-weight": 600 })));
  svg.append(s("g", { transform: `translate(0 ${head})` }, [...own.childNodes].map(node => node.cloneNode(true))));
  svg.append(s("g", { transform: `translate(0 ${head + tall})` }, [...find("axis").childNodes].map(node => node.cloneNode(true))));
  const legend = s("g", { transform: `translate(8 ${height - 8})` });
  let x = 0;
  for (const group of groups.filter(one => !state.off.has(one.key))) {
    legend.append(s("circle", { cx: x + 4, cy: -4, r: 4, fill: group.colour }), text(x + 11, 0, group.label, { "font-size": 10 }));
    x += 22 + group.label.length * 5.4;
  }
  svg.append(legend, text(8, height - 22, `${data.title}. ${longDay(state.day)}, ${state.known === "then" ? t("as known then") : t("as known now")}.`, { "font-size": 10 }));
  return { svg: new XMLSerializer().serializeToString(svg), width: frame.width, height };
}
function exportTrack(key, kind) {
  const name = `${data.key}-${key}-${iso(state.day)}-${state.known}`;
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
    h("table", {}, h("caption", {}, t("{track}: {n} of {all} known reports lie in this window", { track: t(trackOf[key].title), n: found.length, all: byTrack[key].filter(isShown).length }), rows.length < found.length ? `; ${t("the first {n} are listed", { n: MOST_ROWS })}` : ""),
      h("thead", {}, h("tr", {}, head.map(word => h("th", { scope: "col" }, word)))),
      h("tbody", {}, rows.map(claim => h("tr", {}, h("td", {}, when(claim)), h("td", {}, h("cite", {}, actor(claim), claim.say)), h("td", {}, chip(claim), who(claim)), h("td", {}, claim.pw || ""), h("td", {}, sourceButton(claim)))))));
}
