// What is read beside the drawings: the path, the day, a report's source, and what would have been different.
const sources = ns => [...new Set(ns)].map(n => sourceButton(claims[n]));
function sourceButton(claim) {
  return h("button", { class: "ref", type: "button", "data-open": claim.n, title: `${claim.who}: ${clip(claim.say, 160)}` }, claim.id);
}
function chip(claim) {
  const node = h("span", { class: "chip" });
  node.append(s("svg", { width: 10, height: 10, "aria-hidden": "true" }, s("circle", { cx: 5, cy: 5, r: 4.5, fill: colour(claim) })));
  return node;
}
function line(claim) { // a report in one line: day, what, who, and its source
  return h("li", {}, chip(claim), h("span", { class: "when" }, when(claim)), " ", h("cite", {}, actor(claim), claim.say), " — ", who(claim), " ", sourceButton(claim));
}

// ---- five minutes of reading
const drawPath = () => keep("path", `${state.step} ${state.known} ${state.lang}`, drawPathOf);
function drawPathOf() {
  const panel = find("panel-path");
  if (!data.path.length) { panel.replaceChildren(h("p", {}, t("This case has no guided path."))); return; }
  const n = state.step, step = n === null ? null : data.path[n];
  const moves = h("div", { class: "moves" },
    n !== null && h("button", { type: "button", "data-step": n - 1, disabled: n === 0 }, t("Back")),
    n === null && h("span", { class: "soft" }, t("{n} steps", { n: data.path.length })),
    n !== null && h("ol", { class: "dots", "aria-label": t("Steps") }, data.path.map((one, i) => h("li", {}, h("button", { type: "button", "data-step": i, "aria-current": i === n ? "step" : null, "aria-label": `${i + 1}. ${one.title}` }, String(i + 1))))),
    h("button", { type: "button", class: "next", "data-step": n === null ? 0 : n + 1, disabled: n === data.path.length - 1 }, n === null ? t("Start") : t("Next")));
  if (!step) {
    panel.replaceChildren(h("p", { class: "lead" }, data.about), moves,
      state.known === "then" ? h("p", { class: "soft" }, t("The path was written with every report published by {day}; its titles name later events.", { day: longDay(data.now) })) : "",
      h("ol", { class: "contents" }, data.path.map((one, i) => h("li", {}, h("button", { type: "button", class: "link", "data-step": i }, one.title), " ", h("span", { class: "when" }, shortDay(one.day))))));
    return;
  }
  panel.replaceChildren(moves,
    h("h3", { id: "step-title", tabindex: "-1" }, step.title),
    h("p", { class: "when" }, `${longDay(step.day)}, ${state.known === "then" ? t("as known then") : t("as known now")}`),
    h("div", { class: "reading" }, step.sentences.map(one => h("p", {}, one.text, " ", one.claims.map(c => [sourceButton(claims[c]), isKnown(claims[c]) ? "" : h("span", { class: "soft" }, ` (${t("published later")})`), " "])))));
}
function goStep(n) {
  const step = data.path[n];
  if (!step) return;
  Object.assign(state, { step: n, day: step.day, known: step.known, claim: null, tab: "path", track: step.track, whatif: step.whatif });
  setSpan(step.start, step.end);
  showMap(step.map || "near");
  draw();
}

// ---- the day looked at
function roadTable() {
  const rows = roadToday();
  if (!rows.length) return h("p", {}, finding("road").text);
  const cell = found => h("td", {}, found.state ? [swatch(found.state[0]), passWords(found.state)] : h("span", { class: "soft" }, t("not said")));
  return h("table", {}, h("thead", {}, h("tr", {}, [t("says"), `${t("out")}, ${data.road.out}`, `${t("in")}, ${data.road.into}`, t("source")].map(word => h("th", { scope: "col" }, word)))),
    h("tbody", {}, rows.map(one => h("tr", {}, h("th", { scope: "row" }, one.side.side), cell(one.out), cell(one.into), h("td", {}, sources([...one.out.claims, ...one.into.claims].slice(0, 3)))))));
}
const swatch = word => s("svg", { width: 12, height: 12, class: "swatch", "aria-hidden": "true" }, s("rect", { width: 12, height: 12, fill: paint(`pass-${word}`), stroke: paint("pass-edge") }));
function agreementList() {
  const found = standings();
  if (!found.length) return h("p", {}, finding("agreement").text);
  return h("ul", { class: "plain" }, found.map(one => h("li", {}, h("b", {}, one.last ? one.last.st : t("no report")), ": ", one.obligation.what, h("span", { class: "soft" },
    ` (${one.obligation.binds.join(", ")}${one.due !== null ? `; ${t("due")} ${shortDay(one.due)}` : ""})`),
    one.last ? [" — ", who(one.last), " ", sourceButton(one.last)] : "", one.against.length ? [h("span", {}, ` ${t("disputed by")} `), one.against.map(claim => [claim.who, " ", sourceButton(claim)])] : "")));
}
function countTable(track) {
  const found = counts(track);
  if (!found.length) return "";
  return found.map(({ lane, latest: all }) => [h("p", { class: "label" }, `${t(lane.label)}, ${lane.placeName}`),
    h("ul", { class: "plain" }, all.slice(-5).reverse().map(claim => h("li", {}, chip(claim), h("b", {}, claim.fig), claim.scope ? ` (${claim.scope})` : "", " — ", who(claim), ", ", when(claim), " ", sourceButton(claim))))]);
}
function modelled(track) {
  const said = [], chance = track.key === "force" && chanceToday(), ways = track.key === "road" ? ["out", "in"].filter(way => passAt(way)) : [];
  for (const way of ways) said.push(h("li", { class: "model" }, `${t(way)}, ${t("in the runs")}: `, h("b", {}, admitted(passAt(way)[2])), ` (${passAt(way)[4]})`));
  if (chance) {
    const act = claims[chance.n];
    said.push(h("li", { class: "model" }, t("After the act of {day}, chance that the force moves posts or enforces, from {n} other ceasefires: ", { day: shortDay(chance.day), n: data.answers.n }),
      h("b", {}, percent(chance.mid)), ` (${percent(chance.lo)}–${percent(chance.hi)}); ${t("their plain rate")}: ${percent(data.answers.rate)}; ${t("by this force's earlier answers")}: ${percent(chance.running)} `, sourceButton(act),
      h("span", { class: "soft" }, ` ${t("The codes of mandate and strength were given by one reader who knew the answers.")}`)));
  }
  for (const lane of track.lanes)
    for (const [bands, words] of [[bandsOf(track.key, lane.key), state.whatif ? t("in the runs, as it was") : t("in the runs")], [whatifBands(track.key, lane.key), t("in the changed runs")]])
      for (const one of bands) {
        const now = runAt(one);
        if (now) said.push(h("li", { class: "model" }, `${t(lane.label)}, ${words}: `, h("b", {}, rounded(now.mid)), ` (${rounded(now.lo)}–${rounded(now.hi)}) ${t(track.unit)}`));
      }
  return said.length ? h("ul", { class: "plain" }, said) : "";
}
// Predictions by what the record holds of them: day and words of what was predicted beside those of the later report.
function predictionList() {
  const made = data.predictions.filter(one => isShown(claims[one.c]) && claims[one.c].d <= state.day), isDue = one => one.due !== null && one.due <= state.day;
  const kinds = [
    [t("Due by this day, with a later report"), one => isDue(one) && outcomes(one).length > 0], [t("Due by this day, no later report in the record"), one => isDue(one) && !outcomes(one).length],
    [t("No due day given, with a later report"), one => one.due === null && outcomes(one).length > 0], [t("No due day given, no later report in the record"), one => one.due === null && !outcomes(one).length],
    [t("Due after this day"), one => one.due !== null && one.due > state.day]];
  return kinds.map(([words, fits]) => [words, made.filter(fits)]).filter(([, found]) => found.length).map(([words, found]) => [h("p", { class: "label" }, `${words}: ${found.length}`), h("ul", { class: "plain" }, found.map(predictionLine))]);
}
function predictionLine(one) {
  const claim = claims[one.c], said = [one.due !== null ? `${t("due")} ${shortDay(one.due)}` : one.said && one.said !== "not said" ? `${t("due")} ${one.said}` : ""].filter(Boolean);
  return h("li", {}, chip(claim), h("b", {}, t("Predicted")), `, ${claim.pw}: `, h("cite", {}, claim.say), ` — ${[who(claim), ...said].join(", ")} `, sourceButton(claim),
    outcomes(one).map(([n, words]) => [h("br"), claims[n].d > claim.d ? [h("b", {}, t("Reported later")), ", "] : "", `${when(claims[n])}: `, h("cite", {}, words), ` — ${who(claims[n])} `, sourceButton(claims[n])]));
}
const partsOn = { // what a part of the day rests on besides the reports of its track
  agreement: () => standings().map(one => [one.word, one.due, one.last && one.last.n, one.against.map(claim => claim.n)].join("/")).join(" "),
  road: () => roadToday().map(one => [...one.out.claims, "/", ...one.into.claims].join(".")).join(" "),
  voices: () => data.predictions.map(one => `${outcomes(one).length}${one.due !== null && one.due <= state.day}`).join(" "),
  force: () => (chanceToday() || { n: "" }).n,
};
function part(track) {
  const own = { road: roadTable, agreement: agreementList, voices: predictionList }, found = upTo(track.key), last = found.filter(claim => !claim.ret).slice(-4).reverse();
  const latest = h("details", { ontoggle: () => { if (!latest.querySelector("ul")) latest.append(h("ul", { class: "plain" }, last.map(line))); } }, h("summary", {}, t("Latest reports")));
  return h("section", { class: "part", id: `day-${track.key}` }, h("h3", {}, t(track.title), h("span", { class: "n" }, found.length === 1 ? t("1 report") : t("{n} reports", { n: show(found.length) }))),
    own[track.key] ? own[track.key]() : "", track.lanes.length ? countTable(track) : "", modelled(track), last.length ? latest : "");
}
function drawDay() {
  const parts = tracks.map(track => {
    const hasRuns = hasBands(track.key);
    const key = [state.lang, [...state.off], state.known, upTo(track.key).length, nOpenSpans(), state.whatif, hasRuns ? state.day : "", (partsOn[track.key] || String)()].join("|");
    return keep(`day ${track.key}`, key, () => part(track));
  });
  const panel = find("panel-day"), lead = h("p", { class: "lead" }, t("{day}, {how}. Reports known: {known}; on days up to this one: {past}.",
    { day: longDay(state.day), how: state.known === "then" ? t("as known then") : t("as known now"), known: show(nShown()), past: show(nPast()) }));
  if (panel.firstChild) panel.firstChild.replaceWith(lead); else panel.append(lead);
  parts.forEach((one, n) => { const is = panel.children[n + 1]; if (!is) panel.append(one); else if (is !== one) is.replaceWith(one); });
}

// ---- a report and its source
const PUBLISHED = { "hour plus one": t0("an hour after the time it speaks of (estimated)"), "date in the title": t0("by the date in its title (estimated)"),
  "date plus a day": t0("by the end of the day it speaks of (estimated)"), "outcome date": t0("by the date of the outcome (estimated)") };
function t0(message) { return message; } // marks a message for the catalogue; said in the chosen language later
function hostOf(address) { try { return new URL(address).hostname.replace(/^www\./, ""); } catch { return t("address"); } }
function drawSource() {
  const panel = find("panel-source");
  const shut = h("button", { type: "button", class: "shut", "data-shut": "source", "aria-label": t("Close the source") }, "\u00d7");
  if (state.claim === null) { panel.replaceChildren(h("p", { class: "lead" }, t("Choose a mark to see who says it, on whose behalf, and what else is said."))); return; }
  const claim = claims[state.claim];
  const row = (word, ...what) => (what.flat().some(one => one !== "" && one !== undefined && one !== null && one !== false) ? [h("dt", {}, word), h("dd", {}, what)] : []);
  const others = (ns, words) => { const seen = ns.filter(n => isKnown(claims[n])); return seen.length ? h("ul", { class: "plain" }, seen.map((n, i) => h("li", {}, line(claims[n]).childNodes.length ? [...line(claims[n]).childNodes] : "", words ? h("span", { class: "soft" }, ` (${words[i]})`) : ""))) : ""; };
  const bears = data.obligations.filter(one => (claim.ob || []).includes(one.id) || one.bore.some(([n]) => n === claim.n));
  const retold = claims.filter(one => one.ret && one.ret.includes(claim.n)).map(one => one.n);
  const answers = claims.filter(one => one.ans && one.ans.includes(claim.n)).map(one => one.n);
  const rivals = (claim.riv || []).filter(([n]) => isKnown(claims[n]));
  const marked = claim.quo ? h("blockquote", {}, h("cite", {}, claim.quo), claim.span ? h("span", { class: "soft" }, ` (${t("characters")} ${claim.span})`) : "") : "";
  const heap = state.stack.filter(n => n !== claim.n && isShown(claims[n]));
  const stack = heap.length ? h("div", { class: "heap" }, h("p", { class: "label" }, t("Other marks at this spot: {n}", { n: heap.length })), h("ul", { class: "plain" }, heap.slice(0, 12).map(n => line(claims[n])))) : "";
  if (!isKnown(claim)) {
    panel.replaceChildren(shut, h("p", { class: "kind" }, chip(claim), `${t(claim.k)} · `, h("code", {}, claim.id)), h("h3", { id: "source-title", tabindex: "-1" }, claim.who),
      h("p", { class: "warn" }, t("Not yet published at the moment looked at.")), h("dl", {}, row(t("Published"), claim.pw)), h("p", {}, h("button", { type: "button", "data-known": "now" }, t("As known now"))));
    return;
  }
  panel.replaceChildren(shut, // accounts and a compiler's note were written later, so they are no part of what was known then
    h("p", { class: "kind" }, chip(claim), `${t(claim.k)} · ${t(trackOf[claim.tr].title)} · `, h("code", {}, claim.id)),
    h("h3", { id: "source-title", tabindex: "-1" }, h("cite", {}, actor(claim), claim.say)), marked,
    h("dl", {},
      row(t("Says"), claim.who), row(t("On behalf of"), claim.on || ""), row(t("Side"), claim.side && claim.side !== claim.who ? claim.side : ""), row(t("Through"), (claim.via || []).join(" → ")),
      row(t("Speaks of"), when(claim), claim.plw ? `, ${claim.plw}` : ""), row(t("As said"), claim.fig || "", claim.hedge && !(claim.fig || "").includes(claim.hedge) ? ` (${claim.hedge})` : "", claim.scope ? `; ${claim.scope}` : ""), row(t("Basis"), claim.basis || ""),
      row(t("As a result"), (claim.out || []).map(([word, value]) => `${t(word)}: ${show(value)}`).join("; ")), row(t("Context"), claim.ctx ? h("cite", {}, claim.ctx) : ""),
      row(t("Published"), claim.pw, claim.pr ? `, ${t(PUBLISHED[claim.pr] || claim.pr)}` : ""),
      row(t("Source"), h("cite", {}, claim.ti || ""), claim.ad ? [" ", h("a", { href: claim.ad, rel: "noreferrer noopener", target: "_blank" }, hostOf(claim.ad))] : ""),
      row(t("Disputed by"), others(disputing(claim.n).map(one => one.n))), row(t("Disputes"), others(claim.dis || [])),
      row(t("Cannot both be right with"), others(rivals.map(([n]) => n), rivals.map(([, why]) => why))),
      row(t("Answers"), others(claim.ans || [])), row(t("Answered by"), others(answers)), row(t("Replaces"), others(claim.sup || [])),
      row(t("Same report as"), others([...new Set([...(claim.ret || []), ...retold])])),
      row(t("Bears on"), bears.length ? h("ul", { class: "plain" }, bears.map(one => h("li", {}, `${one.what} (${one.id}, ${t("clause")} ${one.clause})`))) : ""),
      row(t("Accounts"), state.known === "now" && (claim.acc || []).length ? h("ul", { class: "plain" }, claim.acc.map(one => h("li", {}, one.asks, h("br"), one.likely.length ? h("span", {}, `${t("expected by")}: ${one.likely.join(", ")}. `) : "", one.unlikely.length ? h("span", {}, `${t("not expected by")}: ${one.unlikely.join(", ")}.`) : ""))) : ""),
      row(t("Compiler's note"), state.known === "now" && claim.note ? h("span", { class: "soft" }, claim.note) : "")), stack);
}

// ---- and if?
function drawWhatif() {
  const panel = find("panel-whatif");
  if (!data.whatif.length) { panel.replaceChildren(h("p", { class: "lead" }, t("No paired runs were made for this case.")), h("p", {}, t("Paired runs are added when the page is made; see the documentation of the command."))); return; }
  panel.replaceChildren(h("p", { class: "lead" }, t("Each switch compares two worlds in pairs of runs that share every draw. What is assumed stands first.")),
    ...data.whatif.map(one => {
      const isOn = state.whatif === one.key;
      return h("section", { class: "part" },
        h("h3", {}, one.refused ? one.title : h("button", { type: "button", role: "switch", class: "switch", "data-whatif": one.key, "aria-checked": String(isOn) }, one.title)),
        h("p", { class: "label" }, t("Assumed")), h("ul", { class: "plain" }, one.assumed.map(words => h("li", {}, words))),
        one.refused ? h("p", { class: "warn" }, t("Not computed: "), one.refused) : h("div", { class: isOn ? "" : "folded" }, changeFound(one), changeTable(one)));
    }));
  showSwitch();
}
const showSwitch = () => keep("shown switch", state.whatif, () => { // of a link: the switch that is on comes into view
  const on = find("panel-whatif").querySelector("[aria-checked=true]");
  if (on && document.activeElement !== on) find("panel-whatif").scrollTop = on.offsetTop - find("panel-whatif").offsetTop - 8;
  return true;
});
function changeFound(one) { // derived from the figures: what changed most against its own range, and what changed little
  const row = one.most === null || one.most === undefined ? null : one.rows[one.most], said = [];
  if (row) {
    const show = rounder([row.was, row.changed]);
    said.push(t("Changed most, measured by the range it had: {what}, middle {was} → {changed}.", { what: row.words, was: show(row.was), changed: show(row.changed) }));
  }
  if ((one.near || []).length) said.push(t("Changed by less than 5 percent: {what}.", { what: one.near.join("; ") }));
  if ((one.same || []).length) said.push(t("Left out, as both worlds are the same in them: {phases}.", { phases: one.same.join("; ") }));
  said.push(one.bands.length ? t("Drawn while the switch is on: grey as it was, orange with the change, both of these {n} pairs.", { n: one.pairs ?? "?" }) : t("No bands are drawn: the folder does not hold those of both worlds."));
  if (state.known === "then" && one.bands.length) said.push(t("Bands end at the day looked at; choose “As known now” to see them whole."));
  return said.map(words => h("p", { class: "found" }, words));
}
function changeTable(one) {
  const cells = row => {
    if (row.refused) return h("td", { colspan: 3, class: "soft" }, row.refused);
    const show = rounder([row.was, row.changed, row.low, row.high]);
    return [h("td", {}, show(row.was)), h("td", {}, show(row.changed)), h("td", {}, `${show(row.low)} … ${show(row.high)}`)];
  };
  return h("table", {}, one.pairs ? h("caption", {}, t("Middle of {n} pairs of runs in each world; the middle difference need not be the difference of the middles", { n: one.pairs })) : "",
    h("thead", {}, h("tr", {}, [t("measure"), t("as it was"), t("changed"), t("difference, {share} of pairs", { share: `${one.share} %` })].map(word => h("th", { scope: "col" }, word)))),
    h("tbody", {}, one.rows.map(row => h("tr", {}, h("th", { scope: "row" }, `${row.words}${row.unit ? `, ${row.unit}` : ""}`), cells(row)))));
}
