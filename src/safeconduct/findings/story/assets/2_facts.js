// What can be said of the day looked at, as known at the moment of the second clock. The same counts as the ledger's.
const isKnown = claim => claim.p !== undefined && claim.p <= moment();
const isShown = claim => isKnown(claim) && !state.off.has(claim.g);
const isPast = claim => claim.d !== undefined && claim.d <= state.day;
const upTo = key => once(`up to ${key}`, () => byTrack[key].filter(claim => isShown(claim) && isPast(claim)));
const publications = Object.fromEntries(tracks.map(track => [track.key, byTrack[track.key].map(claim => claim.p).filter(day => day !== undefined).sort((a, b) => a - b)]));
const nKnown = key => countUpTo(publications[key], moment());
const nShown = () => once("shown", () => claims.filter(isShown).length);
const nHidden = () => once("hidden", () => claims.filter(isKnown).length - nShown());
const nPast = () => tracks.reduce((n, track) => n + upTo(track.key).length, 0);
function countUpTo(days, day) { // of days in order
  let low = 0, high = days.length;
  while (low < high) { const middle = (low + high) >> 1; if (days[middle] <= day) low = middle + 1; else high = middle; }
  return low;
}
// Reports of a span that had not ended at the moment are worded otherwise: which those are is part of what a list rests on.
const openSpans = claims.filter(claim => claim.wb);
const nOpenSpans = () => once("open spans", () => openSpans.filter(claim => (claim.e ?? 0) > moment()).length);
const who = claim => claim.who + (claim.via ? t(", via {outlets}", { outlets: claim.via.join(", ") }) : "");
const when = claim => (claim.wb && (claim.e ?? 0) > moment() ? claim.wb : claim.w);

// ---- the agreement
const STANDS = ["reported met", "reported partly met", "reported not met", "disputed"];
const disputes = new Map(); // report -> those that dispute it
for (const claim of claims) for (const n of claim.dis || []) disputes.set(n, [...(disputes.get(n) || []), claim]);
const disputing = n => (disputes.get(n) || []).filter(isShown);
function standing(obligation) {
  const reports = obligation.reports.filter(n => isShown(claims[n]) && isPast(claims[n]));
  const last = reports.length ? claims[reports[reports.length - 1]] : null;
  const moved = obligation.bore.filter(([n, due]) => due !== null && isShown(claims[n]) && isPast(claims[n])).map(([, due]) => due);
  const word = !last ? "no report says how it stands" : STANDS.find(one => (last.st || "").startsWith(one)) || "reported otherwise";
  return { obligation, last, word, due: moved.length ? moved[moved.length - 1] : obligation.due,
    against: last ? disputing(last.n) : [] };
}
const isRead = obligation => obligation.since === null || obligation.since <= moment(); // its reading is published
const standings = () => once("standings", () => (state.day < data.signed ? [] : data.obligations.filter(isRead).map(standing)));

// ---- the road: what a side says holds until it says another, or as long as its row says; a count adds those who passed
const PASSES = Object.keys(data.road.passes);
function holding(side, day, column) {
  const said = side.said.filter(one => one[column] !== null && one[1] <= day && isKnown(claims[one[0]]));
  if (!said.length) return { state: null, claims: [] };
  const newest = found => Math.max(...found.map(one => one[1])), holds = one => one[4] === null || day < one[1] + one[4];
  const spoken = said.filter(one => !one[5]), start = newest(spoken), counts = said.filter(one => one[5] && one[1] >= start);
  const seen = PASSES.map(word => [word, counts.filter(one => one[column].includes(word))])
    .map(([word, found]) => [word, found.filter(one => one[1] === newest(found) && holds(one))]).filter(([, found]) => found.length);
  const rank = one => Math.min(...one[column].map(word => PASSES.indexOf(word)));
  const word = spoken.filter(one => one[1] === start && holds(one)), widest = Math.min(...word.map(rank));
  const says = counts.some(one => one[1] > start && rank(one) < widest) ? [] : word;
  const latest = [...new Set([...says, ...seen.flatMap(([, found]) => found)])];
  const words = new Set([...says.flatMap(one => one[column]), ...seen.map(([word]) => word)]);
  const found = PASSES.filter(word => words.has(word) && (word !== "nobody" || words.size === 1));
  return { state: found.length ? found : null, claims: latest.map(one => one[0]) };
}
const stretches = (side, column, last) => keep(`stretches ${side.side} ${column}`, `${side.known()} ${last}`, () => stretchesOf(side, column, last));
for (const side of data.road.sides) {
  const days = side.said.map(one => claims[one[0]].p ?? Infinity).sort((a, b) => a - b);
  side.known = () => countUpTo(days, moment());
}
function stretchesOf(side, column, last) {
  const turns = new Set();
  for (const one of side.said) {
    if (one[column] === null || !isKnown(claims[one[0]])) continue;
    turns.add(one[1]);
    if (one[4] !== null) turns.add(one[1] + one[4]);
  }
  const days = [...turns].filter(day => day <= last).sort((a, b) => a - b);
  const found = [];
  days.forEach((day, n) => {
    const now = holding(side, day, column), end = n + 1 < days.length ? days[n + 1] : last + 1;
    const before = found[found.length - 1];
    if (before && before.end === day && String(before.state) === String(now.state)) before.end = end;
    else if (now.state) found.push({ start: day, end, state: now.state, claims: now.claims });
  });
  return found;
}
const passWords = found => (found ? found.map(word => t(data.road.passes[word])).join(", ") : t("not said"));
const roadLast = () => Math.min(data.covered, state.known === "now" ? data.covered : state.day);
const roadToday = () => once("road today", roadOfDay);
function roadOfDay() {
  if (state.day > data.covered || state.day < data.covers) return [];
  return data.road.sides.filter(side => !state.off.has(side.g)).map(side => {
    const out = holding(side, state.day, 2), into = holding(side, state.day, 3);
    return { side, out, into };
  }).filter(one => one.out.state || one.into.state);
}

// ---- one sentence a track: a finding, with the reports that it rests on. Of a filtered record it says so.
function finding(key) {
  if (!state.off.size) return findings[key]();
  if (state.off.size === groups.length) return { text: t("Every voice is switched off."), on: [] };
  const found = findings[key]();
  return { ...found, text: `${filterSaid()}: ${found.text}` };
}
function filterSaid() { // whichever list is shorter: those switched off, or those left
  const off = groups.filter(group => state.off.has(group.key)), on = groups.filter(group => !state.off.has(group.key));
  const names = of => of.map(group => t(group.label.split(" (")[0])).join(", ");
  return off.length <= on.length ? t("Without {voices}", { voices: names(off) }) : t("Of {voices} alone", { voices: names(on) });
}
const latest = (found, fits) => {
  for (let n = found.length - 1; n >= 0; n--) if (!fits || fits(found[n])) return found[n];
  return null;
};
const clip = (text, most = 110) => (text.length > most ? `${text.slice(0, most - 1).replace(/\s+\S*$/, "")}…` : text);

const findings = {
  agreement() {
    const found = standings();
    if (!found.length) return { text: t("The agreement is not signed yet on this day."), on: [] };
    const counts = [...STANDS, "reported otherwise", "no report says how it stands"].map(word => [word, found.filter(one => one.word === word).length]);
    const said = counts.filter(([, n]) => n).map(([word, n]) => `${word === "no report says how it stands" && state.off.size ? t("no report shown") : t(word)} ${n}`).join(", ");
    const disputed = found.filter(one => one.against.length).length;
    const text = t("{n} obligations, by the latest report: {said}; disputed reports: {disputed}", { n: found.length, said, disputed });
    return { text, on: found.flatMap(one => (one.last ? [one.last.n] : [])) };
  },
  road() {
    const found = roadToday();
    if (!found.length) return { text: state.off.size ? t("no report on who could pass on this day") : t("No source speaks of who could pass on this day."), on: [] };
    const say = column => {
      const by = new Map();
      for (const one of found)
        if (one[column].state) {
          const key = passWords(one[column].state);
          by.set(key, [...(by.get(key) || []), one.side.side]);
        }
      return [...by].map(([words, sides]) => `${words} (${sides.join(", ")})`).join(" · ");
    };
    const out = say("out"), into = say("into"), said = [];
    if (out) said.push(t("Out: {who}", { who: out }));
    if (into) said.push(t("In: {who}", { who: into }));
    return { text: said.join(" — "), on: found.flatMap(one => [...one.out.claims, ...one.into.claims]) };
  },
  supplies: () => lately("supplies"),
  people: () => counted("people"),
  hosts: () => counted("hosts"),
  force: () => acted("force"),
  powers: () => lately("powers"),
  voices() {
    const made = data.predictions.filter(one => isShown(claims[one.c]) && claims[one.c].d <= state.day);
    const due = made.filter(one => one.due !== null && one.due <= state.day), open = due.filter(one => !outcomes(one).length);
    const text = t("Predictions made by this day: {n}; due by it: {due}, of these without a later report: {open}; without a due day: {rest}",
      { n: made.length, due: due.length, open: open.length, rest: made.filter(one => one.due === null).length });
    return { text, on: made.map(one => one.c) };
  },
};
// What other ceasefires give for the last act up to the day: the chance that the force moves its posts or enforces.
const CHANCES = data.answers ? data.answers.rows.map(([n, day, mid, lo, hi, running]) => ({ n, day, mid, lo, hi, running })) : [];
const chances = () => CHANCES.filter(one => isShown(claims[one.n]));
const chanceToday = () => once("chance", () => latest(chances(), one => one.day <= state.day));
const percent = share => `${Math.round(100 * share)} %`;
// Who may pass the crossing at noon of a day, as the runs take it.
const passAt = (way, day = state.day + 0.5) => (data.mayPass.find(one => one.way === way) || { said: [] }).said.find(one => one[0] <= day && day < one[1]);
const ADMITTED = { student: t0("students"), resident: t0("residents") };
const admitted = words => words.map(word => t(data.road.passes[word] || ADMITTED[word] || word)).join(", ");
const outcomes = one => one.shows.filter(([n]) => isShown(claims[n]) && (state.known === "now" || isPast(claims[n])));
function lately(key) {
  const last = latest(upTo(key), claim => !claim.ret);
  if (!last) return { text: t("No report up to this day."), on: [] };
  return { text: t("Latest, {when}: {what} ({who})", { when: when(last), what: clip(actor(last) + last.say), who: last.who }), on: [last.n] };
}
const actor = claim => (claim.k === "act" && claim.act ? `${claim.act.join(", ")}: ` : "");
function acted(key) {
  const acts = upTo(key).filter(claim => claim.k === "act" && !claim.ret);
  const recent = acts.filter(claim => claim.d > state.day - data.recent);
  const last = latest(acts);
  if (!last) return lately(key);
  const text = t("Acts reported in the last {days} days: {n}. Latest, {when}: {what} ({who})",
    { days: data.recent, n: recent.length, when: when(last), what: clip(actor(last) + last.say, 80), who: last.who });
  return { text, on: [last.n] };
}
// The latest figure of each voice for what a track counts; those given on the last day of any stand side by side.
const counts = track => once(`counts ${track.key}`, () => countsOf(track));
function countsOf(track) {
  return track.lanes.filter(lane => lane.place).map(lane => {
    const found = upTo(track.key).filter(claim => inLane(claim, lane) && !claim.ret);
    const voices = new Map();
    for (const claim of found) voices.set(claim.on || claim.who, claim);
    return { lane, found, latest: [...voices.values()].sort((a, b) => a.x - b.x) };
  }).filter(one => one.latest.length);
}
const inLane = (claim, lane) => claim.k === "figure" && lane.quantities.includes(claim.q) && (claim.pl || []).join("+") === lane.place && claim.v !== undefined;
// A headline gives the lowest and the highest of what voices last counted, each with who and when. A party's figure stays in it
// for two years, another voice's while no party gave a later one. A count of people present is out of date once the count of
// those who left has grown by more than a tenth since; a running total once the same kind of total is higher.
const HOLDS = 730, GROWN = 0.1; // days and share: assumed
const PARTIES = new Set(groups.map(group => group.key).filter(key => !["organisations", "press", "several"].includes(key)));
const isRunning = lane => lane.quantities.every(quantity => quantity.startsWith("cum_"));
const grownSince = (left, day) => {
  const now = Math.max(0, ...left.map(claim => claim.v)), then = Math.max(0, ...left.filter(claim => claim.d <= day).map(claim => claim.v));
  return now ? (now - then) / now : 0;
};
function standingCounts(one, left) {
  const voices = new Map();
  for (const claim of [...one.found].sort((a, b) => a.x - b.x)) {
    const voice = PARTIES.has(claim.g) ? claim.g : claim.on || claim.who, kind = isRunning(one.lane) ? claim.scope || "" : "";
    voices.set(`${voice}|${kind}`, claim);
  }
  let found = [...voices.values()].filter(claim => claim.d > state.day - HOLDS);
  if (isRunning(one.lane)) found = found.filter(claim => !found.some(other => other.d > claim.d && other.v >= claim.v && (other.scope || "") === (claim.scope || "")));
  else found = found.filter(claim => grownSince(left, claim.d) <= GROWN);
  const last = Math.max(...found.filter(claim => PARTIES.has(claim.g)).map(claim => claim.d));
  return found.filter(claim => PARTIES.has(claim.g) || !(claim.d < last - data.recent)).sort((a, b) => a.v - b.v);
}
function counted(key) {
  const found = counts(trackOf[key]), left = (found.find(one => one.lane.key === "left") || { found: [] }).found, on = [];
  const said = found.map(one => {
    const all = standingCounts(one, left), name = t(one.lane.label);
    if (!all.length) return one.lane.key === "present" && left.length && grownSince(left, one.latest[one.latest.length - 1].d) > GROWN ? t("{what}: not counted since people left", { what: name }) : "";
    const ends = all[0].fig === all[all.length - 1].fig ? [all[all.length - 1]] : [all[0], all[all.length - 1]];
    on.push(...ends.map(claim => claim.n));
    const [low, high] = ends.map(claim => `${claim.fig}${claim.scope ? `, ${claim.scope}` : ""} (${claim.who}, ${when(claim)})`);
    return high ? t("{what}: between {low} and {high}", { what: name, low, high }) : `${name}: ${low}`;
  }).filter(Boolean);
  return said.length ? { text: said.join("; "), on } : lately(key);
}
