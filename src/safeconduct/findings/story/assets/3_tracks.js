// The shared axis and the eight tracks under it. All drawing uses attributes of the drawing itself, so that a track can
// be saved as a file that stands alone.
const [INK, SOFT, LINE, MODEL, OTHER, PAPER] = ["ink", "soft", "line", "model", "other", "paper"].map(paint);
const PALE = new Set(["everyone", "checked", "passport", "escorted"]);
const R = 4; // px: radius of a mark
const frame = { width: 800, gutter: 124, right: 14 };
const px = value => frame.gutter + (value - state.start) / (state.end - state.start) * (frame.width - frame.gutter - frame.right);
const fromPx = x => state.start + (x - frame.gutter) / (frame.width - frame.gutter - frame.right) * (state.end - state.start);
const place = claim => claim.x;
const colour = claim => groupOf[claim.g].colour;
const inView = (low, high) => high >= state.start && low <= state.end;
function text(x, y, said, more) {
  return s("text", { x: number(x), y: number(y), "font-family": FONT, "font-size": 11, fill: SOFT, ...more }, said);
}
const halo = { "paint-order": "stroke", stroke: PAPER, "stroke-width": 3, "stroke-linejoin": "round" };

// ---- ticks: years, months, days or hours, whichever leave room for their words
const ticks = () => keep("ticks", axisKey(), ticksOf);
const axisKey = () => `${state.start} ${state.end} ${frame.width} ${frame.gutter} ${state.lang}`;
function ticksOf() {
  const perDay = (frame.width - frame.gutter - frame.right) / (state.end - state.start), found = [];
  const first = Math.floor(state.start), last = Math.ceil(state.end);
  if (perDay > 300) {
    const step = [1, 2, 3, 6, 12].find(hours => perDay * hours / 24 > 46) || 12;
    for (let day = first; day <= last; day++)
      for (let hour = 0; hour < 24; hour += step)
        found.push({ at: day + hour / 24, said: hour ? `${String(hour).padStart(2, "0")}:00` : format(day, { day: "numeric", month: "short" }), strong: !hour });
  } else if (perDay > 3.2) {
    const step = [1, 2, 7, 14].find(days => perDay * days > 46) || 14;
    for (let day = first; day <= last; day++) {
      const date = asDate(day).getUTCDate();
      if (date === 1 || (step === 1 || (date - 1) % step === 0 && date < 31 - step / 2))
        found.push({ at: day, said: format(day, date === 1 ? { day: "numeric", month: "short", year: perDay * 30 > 200 ? "numeric" : undefined } : { day: "numeric", month: step > 2 ? "short" : undefined }), strong: date === 1 });
    }
  } else {
    const step = [1, 2, 3, 6, 12].find(months => perDay * 30.4 * months > 44) || 12;
    const start = asDate(first);
    for (let month = 0; month < 12 * 30; month++) {
      const at = Date.UTC(start.getUTCFullYear(), month, 1) / DAY;
      if (at > last) break;
      const n = asDate(at).getUTCMonth();
      if (n % step === 0) found.push({ at, said: n ? format(at, { month: "short" }) : format(at, { year: "numeric" }), strong: !n });
    }
  }
  const shown = found.filter(one => one.at >= state.start && one.at <= state.end), kept = [];
  const room = one => 12 + one.said.length * 6.4;
  for (const one of [...shown.filter(one => one.strong), ...shown.filter(one => !one.strong)])
    if (kept.every(other => (other.at < one.at ? px(one.at) - px(other.at) > room(other) : px(other.at) - px(one.at) > room(one)))) kept.push(one);
  return kept.sort((a, b) => a.at - b.at);
}
function grid(height) {
  const lines = strong => ticks().filter(one => one.strong === strong).map(one => `M${number(px(one.at))} 0v${height}`).join("");
  return s("g", { "aria-hidden": "true" }, s("path", { d: lines(false), stroke: paint("wash-dark") }), s("path", { d: lines(true), stroke: paint("edge-pale") }));
}
// The day looked at: a line, and a stripe where the axis leaves a day that much room.
function cursor() {
  const node = s("g", { class: "cursor", "aria-hidden": "true" }, s("rect", { y: 0, fill: paint("shown"), opacity: 0.18 }), s("path", { stroke: paint("gold"), "stroke-width": 1.4 }));
  return node;
}
function moveCursor(node, height) {
  const [stripe, line] = node.children, isSeen = state.day + 1 >= state.start && state.day <= state.end;
  const left = Math.max(frame.gutter, px(state.day)), right = Math.min(frame.width - frame.right, px(state.day + 1));
  set(line, "d", isSeen ? `M${number(px(state.day + 0.5))} 0v${number(height)}` : "");
  for (const [name, value] of Object.entries({ x: left, width: isSeen && right - left > 3 ? right - left : 0, height })) set(stripe, name, String(number(value)));
}

// ---- marks: a shape for each kind of report, a colour for each side
function mark(claim) {
  const about = { fill: claim.ret ? PAPER : colour(claim), stroke: claim.ret ? colour(claim) : PAPER, "stroke-width": claim.ret ? 1.4 : 0.8,
    "data-n": claim.n, class: "mark" };
  if (claim.k === "figure") return s("circle", { r: R, ...about });
  if (claim.k === "act") return s("path", { d: "M-3.7 -3.7h7.4v7.4h-7.4z", ...about });
  if (claim.k === "prediction") return s("path", { d: "M0 -5l5 9h-10z", ...about });
  if (claim.k === "status") return s("rect", { x: -2.4, y: -5.5, width: 4.8, height: 11, rx: 2, ...about });
  return s("path", { d: "M0 -5l5 5l-5 5l-5 -5z", ...about });
}
// The marks of a track: each element is made once, and moved, paled, put in or taken out when that changes.
const markNodes = Object.fromEntries(tracks.map(track => [track.key, new Map()]));
function placeMarks(group, key, marks) {
  const nodes = markNodes[key], stays = new Set(marks.map(one => one.n));
  for (const [n, one] of nodes)
    if (!stays.has(n) && one.isIn) { one.node.remove(); one.isIn = false; }
  let next = group.firstChild;
  for (const { n, x, y } of marks) {
    const claim = claims[n], one = nodes.get(n) || { node: mark(claim) };
    nodes.set(n, one);
    const at = `translate(${number(x)} ${number(y)})`, isLater = claim.d > state.day;
    if (one.at !== at) one.node.setAttribute("transform", one.at = at);
    if (one.isLater !== isLater) { one.isLater = isLater; one.node.setAttribute("opacity", isLater ? 0.3 : 1); }
    if (one.node === next) next = next.nextSibling;
    else group.insertBefore(one.node, next);
    one.isIn = true;
  }
}
// The ring around the report that is open.
function moveRing(node, marks) {
  const found = state.claim === null ? null : marks.find(one => one.n === state.claim);
  set(node, "visibility", found ? "visible" : "hidden");
  if (found) set(node, "transform", `translate(${number(found.x)} ${number(found.y)})`);
}
// Marks that would overlap stand on top of each other, from the foot of the strip upward, in order of time.
function strip(found, top, height) {
  const columns = new Map(), marks = [], node = s("g", {});
  for (const claim of found) {
    const at = place(claim);
    if (!inView(at, at)) continue;
    const column = Math.round(px(at) / 9);
    columns.set(column, [...(columns.get(column) || []), claim]);
  }
  for (const column of columns.values()) {
    const step = Math.min(9, (height - 10) / Math.max(1, column.length - 1));
    column.forEach((claim, n) => marks.push({ n: claim.n, x: px(place(claim)), y: top + height - 5 - n * step }));
  }
  marks.sort((a, b) => claims[a.n].n - claims[b.n].n);
  for (const one of marks) {
    const claim = claims[one.n];
    if (claim.e && claim.tr !== "voices" && claim.e - claim.d > 1)
      node.append(s("line", { x1: number(one.x), x2: number(Math.min(px(claim.e), frame.width - frame.right)), y1: number(one.y), y2: number(one.y), stroke: colour(claim), opacity: 0.25, "stroke-width": 2 }));
  }
  return { node, marks };
}

// ---- figures on a value axis, with what runs give drawn apart
// While a switch is on, both bands are of its own pairs: other runs would differ by their draws too.
const switchedOn = () => data.whatif.find(one => one.key === state.whatif);
const inLaneOf = (bands, track, lane) => bands.filter(one => one.track === track && one.lane === lane);
const bandsOf = (track, lane) => inLaneOf((switchedOn() || { was: data.bands }).was, track, lane);
const whatifBands = (track, lane) => inLaneOf((switchedOn() || { bands: [] }).bands, track, lane);
// As known then, a run says nothing of days after the one looked at: its band ends there.
const bandEnd = () => (state.known === "then" ? state.day + 1 : Infinity);
function band(one, y, stroke, dash) {
  const keep = one.x.map((at, n) => n).filter(n => one.x[n] <= bandEnd() && inView(one.x[Math.max(0, n - 1)], one.x[Math.min(one.x.length - 1, n + 1)]));
  if (keep.length < 2) return "";
  const line = values => keep.map(n => `${number(px(one.x[n]))} ${number(y(values[n]))}`);
  return s("g", { class: "band", "clip-path": `url(#plot-${one.track})` },
    s("path", { d: `M${line(one.hi).join("L")}L${line(one.lo).reverse().join("L")}Z`, fill: stroke, opacity: 0.16 }),
    s("path", { d: `M${line(one.mid).join("L")}`, fill: "none", stroke, "stroke-width": 1.6, "stroke-dasharray": dash }));
}
function nice(top) {
  const unit = 10 ** Math.floor(Math.log10(top / 2)), step = [1, 2, 2.5, 5, 10].find(m => m * unit >= top / 2.4) * unit;
  return [0, step, 2 * step, 3 * step].filter(value => value <= top * 1.02);
}
const NUDGES = Array.from({ length: 31 }, (_, n) => (n % 2 ? 1 : -1) * Math.ceil(n / 2) * 4); // px: 0, 4, -4, 8 ...
function chart(track, top, height) {
  const node = s("g", {}), front = s("g", {}), marks = [];
  const lanes = track.lanes.map(lane => ({ lane, bands: bandsOf(track.key, lane.key), other: whatifBands(track.key, lane.key),
    said: byTrack[track.key].filter(claim => isShown(claim) && lane.place && inLane(claim, lane)) }));
  const seen = lanes.flatMap(one => [
    ...one.said.filter(claim => inView(claim.x, claim.x)).map(claim => claim.hi ?? claim.v),
    ...[...one.bands, ...one.other].flatMap(all => { // a long upper tail does not flatten the rest: it is cut at three times the middle of nine tenths of the days
      const seen = all.x.map((at, n) => n).filter(n => all.x[n] <= bandEnd() && inView(all.x[n], all.x[n])), middles = seen.map(n => all.mid[n]).sort((a, b) => a - b);
      const usual = 3 * (middles[Math.floor(0.9 * middles.length)] || 0);
      return seen.map(n => Math.min(all.hi[n], usual || all.hi[n]));
    }),
  ]);
  const highest = Math.max(...seen, 0);
  if (!(highest > 0)) return { node, front, marks, height: 0, used: new Set() };
  const cut = s("clipPath", { id: `plot-${track.key}` }, s("rect", { x: frame.gutter, y: top, width: frame.width - frame.gutter - frame.right, height }));
  node.append(s("defs", {}, cut));
  const y = value => top + height - 4 - value / (highest * 1.06) * (height - 12);
  let most = 0;
  for (const { bands, other } of lanes)
    for (const one of [...bands, ...other])
      one.hi.forEach((high, n) => { if (high > most && one.x[n] <= bandEnd() && inView(one.x[n], one.x[n])) most = high; });
  const isCut = most > highest * 1.07;
  for (const value of nice(highest)) {
    node.append(s("line", { x1: frame.gutter, x2: frame.width - frame.right, y1: number(y(value)), y2: number(y(value)), stroke: value ? LINE : paint("edge-pale"), "stroke-dasharray": value ? "2 3" : null }));
    node.append(text(frame.gutter - 6, y(value) + 3.5, show(value), { "text-anchor": "end", "font-size": 10.5 }));
  }
  const labels = [];
  for (const { lane, bands, other, said } of lanes) {
    for (const one of bands) {
      node.append(keep(`band ${track.key} ${lane.key}`, `${axisKey()} ${bandEnd()} ${highest} ${state.whatif}`, () => band(one, y, MODEL, "5 3")));
      const n = one.x.reduce((best, at, i) => (at <= Math.min(state.end, bandEnd()) ? i : best), 0);
      if (one.x[n] >= state.start) labels.push({ x: px(one.x[n]), y: clamp(y(one.mid[n]), top, top + height), said: state.whatif ? t("{what}, as it was", { what: t(lane.label) }) : t("{what}, modelled", { what: t(lane.label) }), fill: MODEL });
    }
    for (const one of other) {
      const n = one.x.reduce((best, at, i) => (at <= Math.min(state.end, bandEnd()) ? i : best), 0), was = labels[labels.length - 1];
      if (one.x[n] >= state.start && bands.length && Math.abs(y(one.mid[n]) - was.y) < 10) was.said = t("{what}, as it was and changed", { what: t(lane.label) });
      else if (one.x[n] >= state.start) labels.push({ x: px(one.x[n]), y: clamp(y(one.mid[n]), top, top + height), said: t("{what}, changed", { what: t(lane.label) }), fill: OTHER });
      node.append(keep(`changed ${track.key} ${lane.key}`, `${axisKey()} ${bandEnd()} ${highest} ${state.whatif}`, () => band(one, y, OTHER, "2 3")));
    }
    const visible = said.filter(claim => inView(claim.x, claim.x));
    for (const claim of visible) {
      const at = { n: claim.n, x: px(claim.x), y: y(claim.v) };
      marks.push(at);
      if (claim.lo !== undefined && claim.hi !== undefined && claim.hi > claim.lo)
        node.append(s("line", { x1: number(at.x), x2: number(at.x), y1: number(y(claim.lo)), y2: number(y(claim.hi)), stroke: colour(claim), "stroke-width": 3, opacity: 0.4 }));
    }
    const last = visible[visible.length - 1];
    if (last) labels.push({ x: px(last.x), y: y(last.v), said: t(lane.label), fill: INK });
  }
  const taken = [], right = frame.width - frame.right;
  if (isCut) front.append(text(frame.gutter + 4, top + 9, t("upper ends cut; highest {n}", { n: rounded(most) }), { "font-size": 10, ...halo }));
  if (isCut) taken.push([frame.gutter, top - 1, frame.gutter + 190, top + 12]);
  for (const one of labels.sort((a, b) => a.y - b.y)) { // beside the end of its own line, where no other label stands; else at the other side of it
    const wide = widthOf(one.said, 11, 600), isEnd = one.x + wide + 12 > right, from = isEnd ? Math.min(one.x, right) - 8 - wide : one.x + 8;
    const boxAt = at => [from - 2, at - 10, from + wide + 2, at + 2], isFree = at => at > top + 8 && at < top + height + 7 && !taken.some(b => boxAt(at)[0] < b[2] && boxAt(at)[2] > b[0] && boxAt(at)[1] < b[3] && boxAt(at)[3] > b[1]);
    const want = clamp(one.y - 3, top + 9, top + height), at = NUDGES.map(step => want + step).find(isFree);
    if (at === undefined) continue; // no room: the table and the legend still name it
    taken.push(boxAt(at));
    front.append(text(from, at, one.said, { fill: one.fill, "font-weight": 600, ...halo }));
  }
  return { node, front, marks, height, used: new Set(lanes.flatMap(one => one.said.map(claim => claim.n))) };
}

// ---- the eight drawings, and what each rests on besides the axis, the known reports and the sides that are shown
const restsOn = {
  force: () => chances().length,
  agreement: () => standings().map(one => (one.due === null ? "" : `${one.due}${one.due < state.day}`)).join(" "),
  road: () => `${roadLast()} ${data.road.sides.map(side => side.known()).join(" ")}`,
  voices: () => data.predictions.map(one => outcomes(one).length).join(" "),
};
const drawings = {
  agreement(track) {
    const found = strip(byTrack.agreement.filter(isShown), 0, 36), node = s("g", {}, found.node);
    const dues = standings().filter(one => one.due !== null);
    for (const { obligation, due } of dues) {
      if (!inView(due, due)) continue;
      const x = number(px(due + 0.5));
      node.append(s("path", { d: `M${x} 52v-12l8 3.5l-8 3.5`, fill: due < state.day ? SOFT : PAPER, stroke: INK, "stroke-width": 1 }, s("title", {}, `${obligation.what} — ${longDay(due)}`)));
    }
    const label = [text(frame.gutter - 6, 24, t("reports"), { "text-anchor": "end" }), text(frame.gutter - 6, 50, t("due dates"), { "text-anchor": "end" })];
    return { node: s("g", {}, ...label, node), marks: found.marks, height: 54 };
  },
  road(track) {
    const node = s("g", {}), last = roadLast(), tall = 8.5, rows = data.road.sides.filter(side => !state.off.has(side.g) && side.shown);
    let top = 2;
    const edge = frame.gutter - 12 - 5 * Math.max(t("out").length, t("in").length); // names end where the words for the ways begin
    const name = (said, fill) => text(edge, top + 13, said, { "text-anchor": "end", fill, "font-weight": 600, "font-size": number(Math.min(10.5, 10.5 * (edge - 2) / widthOf(said, 10.5, 600))) });
    for (const side of rows) {
      node.append(name(side.short, groupOf[side.g].colour));
      for (const [column, word] of [[2, "out"], [3, "in"]]) {
        node.append(text(frame.gutter - 6, top + 7.5, t(word), { "text-anchor": "end", "font-size": 8.5 }));
        for (const one of stretches(side, column, last)) {
          if (!inView(one.start, one.end)) continue;
          const x = Math.max(frame.gutter, px(one.start)), end = Math.min(frame.width - frame.right, px(one.end));
          const widest = one.state[0], words = passWords(one.state);
          node.append(s("rect", { x: number(x), y: top, width: number(Math.max(1, end - x)), height: tall, fill: paint(`pass-${widest}`), stroke: PALE.has(widest) ? paint("pass-edge") : "none", "stroke-width": 0.6, "data-n": one.claims[0], class: "stretch" },
            s("title", {}, `${side.side}: ${t(word)} – ${words} (${shortDay(one.start)}–${shortDay(one.end - 1)})`)));
          if (end - x > words.length * 4.7 + 6)
            node.append(text(x + 4, top + 7.2, words, { "font-size": 8, fill: PALE.has(widest) ? INK : PAPER, "pointer-events": "none" }));
        }
        top += tall + 0.8;
      }
      top += 3;
    }
    if (data.mayPass.length) {
      node.append(name(state.whatif ? t("as it was") : t("in the runs"), MODEL));
      for (const { way, said } of data.mayPass) {
        node.append(text(frame.gutter - 6, top + 7.5, t(way), { "text-anchor": "end", "font-size": 8.5 }));
        for (const [start, stop, words, shade, source] of said) {
          if (!inView(start, stop) || start >= bandEnd()) continue;
          const x = Math.max(frame.gutter, px(start)), end = Math.min(frame.width - frame.right, px(Math.min(stop, bandEnd())));
          node.append(s("rect", { x: number(x), y: top + 0.5, width: number(Math.max(0.5, end - x)), height: tall - 1, fill: paint(`pass-${shade}`), opacity: 0.8, stroke: MODEL, "stroke-width": 1, "stroke-dasharray": "3 2" },
            s("title", {}, `${t("in the runs")}, ${t(way)}: ${admitted(words)} (${source})`)));
        }
        top += tall + 0.8;
      }
      top += 3;
    }
    const found = strip(byTrack.road.filter(isShown), top, 34);
    node.append(text(frame.gutter - 6, top + 22, t("reports"), { "text-anchor": "end" }), found.node);
    return { node, marks: found.marks, height: top + 36 };
  },
  voices(track) {
    const node = s("g", {}), found = strip(byTrack.voices.filter(isShown), 0, 32);
    for (const one of data.predictions) {
      const claim = claims[one.c], made = found.marks.find(at => at.n === one.c);
      if (!made) continue;
      for (const [n] of outcomes(one).slice(0, 1)) {
        const x = clamp(px(claims[n].x), frame.gutter, frame.width - frame.right), y = 42;
        node.append(s("path", { d: `M${number(made.x)} ${number(made.y + 5)}Q${number(made.x)} ${y} ${number(x)} ${y}`, fill: "none", stroke: SOFT, "stroke-dasharray": "2 2" }));
        node.append(s("circle", { cx: number(x), cy: y, r: 3, fill: PAPER, stroke: INK }));
      }
    }
    node.append(text(frame.gutter - 6, 20, t("published"), { "text-anchor": "end" }), text(frame.gutter - 6, 46, t("what came"), { "text-anchor": "end" }));
    return { node: s("g", {}, node, found.node), marks: found.marks, height: 50 };
  },
};
function figures(track, height, foot) {
  const drawn = track.lanes.length ? chart(track, 0, height) : { node: "", front: "", marks: [], height: 0, used: new Set() };
  const found = strip(byTrack[track.key].filter(claim => isShown(claim) && !drawn.used.has(claim.n)), drawn.height, foot);
  const label = text(frame.gutter - 6, drawn.height + foot / 2 + 4, drawn.height ? t("other reports") : t("reports"), { "text-anchor": "end" });
  const unit = drawn.height ? text(4, 12, t(track.unit), { "font-size": 10.5 }) : "";
  return { node: s("g", {}, drawn.node, label, unit, found.node), front: drawn.front, marks: [...drawn.marks, ...found.marks], height: drawn.height + foot };
}
drawings.supplies = track => figures(track, 56, 36);
drawings.people = track => figures(track, 92, 30);
drawings.hosts = track => figures(track, 60, 26);
// The force: above its reports, for each act, the chance that it moves posts or enforces, from other ceasefires.
drawings.force = track => {
  const seen = chances().filter(one => inView(one.day, one.day + 1));
  const said = seen.length ? wrapped(t("Chance after each act that the force moves posts or enforces, from {n} other ceasefires; dashed: their plain rate", { n: data.answers.n }), frame.width - frame.gutter - frame.right - 8, 10.5, 600) : [];
  const foot = 44 + 12 * said.length, tall = seen.length ? foot + 4 : 0;
  const found = strip(byTrack.force.filter(isShown), tall, 42), node = s("g", {}), front = s("g", {});
  node.append(text(frame.gutter - 6, tall + 25, t("reports"), { "text-anchor": "end" }), found.node);
  if (!tall) return { node, marks: found.marks, height: 42 };
  const y = share => foot - share * 42, wide = frame.width - frame.right;
  for (const share of [0, 0.5, 1]) {
    node.append(s("path", { d: `M${frame.gutter} ${y(share)}H${wide}`, stroke: share ? LINE : paint("edge-pale"), "stroke-dasharray": share ? "2 3" : null }));
    node.append(text(frame.gutter - 6, y(share) + 3.5, percent(share), { "text-anchor": "end", "font-size": 10 }));
  }
  node.append(s("path", { d: `M${frame.gutter} ${number(y(data.answers.rate))}H${wide}`, stroke: MODEL, "stroke-dasharray": "5 3", opacity: 0.6 }));
  for (const one of seen) {
    const x = number(px(one.day + 0.5));
    node.append(s("g", { class: "band" }, s("title", {}, `${claims[one.n].say}: ${percent(one.mid)} (${percent(one.lo)}–${percent(one.hi)})`),
      s("path", { d: `M${x} ${number(y(one.lo))}V${number(y(one.hi))}`, stroke: MODEL, "stroke-width": 5, opacity: 0.3 }), s("circle", { cx: x, cy: number(y(one.mid)), r: 2.6, fill: MODEL })));
  }
  said.forEach((one, n) => front.append(text(frame.gutter + 4, 10 + 12 * n, one, { "font-size": 10.5, fill: MODEL, "font-weight": 600, ...halo })));
  return { node, front, marks: found.marks, height: tall + 42 };
};
drawings.powers = track => figures(track, 0, 36);

const hasBands = key => [...data.bands, ...data.whatif.flatMap(one => [...one.was, ...one.bands])].some(one => one.track === key) || (key === "road" && data.mayPass.length > 0);
const drawn = {}; // track -> { marks, height }
function drawTrack(track) {
  const key = `${axisKey()} ${[...state.off]} ${state.whatif} ${nKnown(track.key)} ${hasBands(track.key) ? bandEnd() : ""} ${(restsOn[track.key] || String)()}`;
  const one = keep(`track ${track.key}`, key, () => {
    const svg = find(`svg-${track.key}`), one = drawings[track.key](track), layer = keep(`layers ${track.key}`, "", () => ({ marks: s("g", {}), ring: s("circle", { r: 8, fill: "none", stroke: INK, "stroke-width": 2 }), cursor: cursor() }));
    one.marks.sort((a, b) => a.x - b.x || a.n - b.n);
    one.inOrder = [...one.marks].sort((a, b) => a.n - b.n);
    svg.replaceChildren(
      s("rect", { x: 0, y: 0, width: frame.width, height: one.height, fill: PAPER }),
      grid(one.height), one.node, layer.marks, one.front || "", layer.ring, layer.cursor);
    set(svg, "viewBox", `0 0 ${frame.width} ${number(one.height)}`);
    set(svg, "width", String(frame.width));
    set(svg, "height", String(number(one.height)));
    return { ...one, layer };
  });
  drawn[track.key] = one;
  placeMarks(one.layer.marks, track.key, one.inOrder);
  moveRing(one.layer.ring, one.marks);
  moveCursor(one.layer.cursor, one.height);
}
// Events that the case names on the axis, each with the report that it rests on.
const moments = () => data.moments.filter(one => isShown(claims[one.c]) && inView(one.day, one.day + 1));
const drawAxis = () => keep("axis", `${axisKey()} ${state.day} ${moments().map(one => one.c)}`, drawAxisOf);
const AXIS = 50; // px: names of events, their arrows, the ticks
function drawAxisOf() {
  const svg = find("axis"), node = s("g", {}), right = frame.width - frame.right;
  const x = px(state.day + 0.5), isSeen = state.day + 1 >= state.start && state.day <= state.end;
  const pillSaid = shortDay(state.day), wide = widthOf(pillSaid, 11, 600) + 16, left = clamp(x - wide / 2, frame.gutter, frame.width - wide);
  for (const one of ticks()) {
    const at = number(px(one.at)), end = at + 3 + widthOf(one.said, 11, one.strong ? 600 : 400);
    node.append(s("line", { x1: at, x2: at, y1: AXIS - 8, y2: AXIS, stroke: one.strong ? INK : SOFT }));
    if (end < frame.width && !(isSeen && end + 2 > left && at < left + wide)) node.append(text(at + 3, AXIS - 10, one.said, { fill: one.strong ? INK : SOFT, "font-weight": one.strong ? 600 : 400 }));
  }
  let free = frame.gutter;
  for (const one of moments()) {
    const at = px(one.day + 0.5), room = widthOf(one.title, 10.5), isEnd = at + room + 6 > right, from = isEnd ? at - room - 5 : at + 5;
    const isNamed = from >= free && from + room <= right;
    node.append(s("g", { class: "moment" }, s("title", {}, `${longDay(one.day)}: ${one.title} (${claims[one.c].who})`),
      s("path", { d: `M${number(at)} ${isNamed ? 3 : 14}V21l-3 -5h6l-3 5`, stroke: INK, fill: INK }), isNamed ? text(from, 11, one.title, { "font-size": 10.5, fill: INK }) : ""));
    if (isNamed) free = Math.max(from + room, at) + 8;
  }
  if (isSeen)
    node.append(s("rect", { x: number(left), y: AXIS - 25, width: number(wide), height: 18, rx: 9, fill: paint("gold") }),
      text(left + wide / 2, AXIS - 12, pillSaid, { fill: PAPER, "text-anchor": "middle", "font-weight": 600 }),
      s("path", { d: `M${number(x - 5)} ${AXIS - 7}h10l-5 6z`, fill: paint("gold") }));
  svg.replaceChildren(node);
  svg.setAttribute("viewBox", `0 0 ${frame.width} ${AXIS}`);
  svg.setAttribute("width", frame.width);
  svg.setAttribute("height", AXIS);
}

// ---- the whole case in a strip: how many reports speak of each fortnight, and what part the axis shows
const overX = value => frame.gutter + (value - data.start) / (data.end - data.start) * (frame.width - frame.gutter - frame.right);
const fromOver = x => data.start + (x - frame.gutter) / (frame.width - frame.gutter - frame.right) * (data.end - data.start);
function drawOverview() {
  const of = `${frame.width} ${frame.gutter} ${state.lang}`, nPublished = tracks.reduce((n, track) => n + nKnown(track.key), 0);
  const brush = keep("strip", of, drawStrip);
  keep("bars", `${of} ${[...state.off]} ${nPublished}`, () => set(brush.bars, "d", bars()));
  const left = overX(state.start), right = overX(state.end);
  set(brush.shade, "x", String(number(left)));
  set(brush.shade, "width", String(number(Math.max(3, right - left))));
  set(brush.left, "x", String(number(left) - 2));
  set(brush.right, "x", String(number(right) - 2));
  set(brush.day, "d", `M${number(overX(state.day + 0.5))} 0v38`);
}
function bars() {
  const bins = new Map(), wide = Math.max(2, (data.end - data.start) / 120), foot = 34;
  for (const claim of claims) {
    if (!isShown(claim) || claim.x === undefined || claim.x < data.start || claim.x > data.end) continue;
    const bin = Math.floor((claim.x - data.start) / wide);
    bins.set(bin, (bins.get(bin) || 0) + 1);
  }
  const most = Math.max(1, ...bins.values()), width = number(Math.max(1.5, overX(data.start + wide) - overX(data.start) - 1));
  return [...bins].map(([bin, n]) => {
    const tall = number(3 + 25 * Math.sqrt(n / most));
    return `M${number(overX(data.start + bin * wide))} ${foot}v${-tall}h${width}v${tall}z`;
  }).join("");
}
function drawStrip() {
  const svg = find("overview"), node = s("g", {}), handle = () => s("rect", { y: 2, width: 4, height: 34, rx: 2, fill: paint("accent"), class: "handle" });
  const parts = { bars: s("path", { fill: paint("edge-pale") }), shade: s("rect", { y: 2, height: 34, fill: paint("accent"), opacity: 0.13, class: "brush" }),
    left: handle(), right: handle(), day: s("path", { stroke: paint("gold"), "stroke-width": 2 }) };
  node.append(...Object.values(parts));
  made.delete("bars");
  for (let year = asDate(data.start).getUTCFullYear(); year <= asDate(data.end).getUTCFullYear(); year++) {
    const at = Math.max(data.start, Date.UTC(year, 0, 1) / DAY);
    if (overX(at) < frame.width - 34) node.append(text(overX(at) + 3, 46, String(year), { "font-size": 10 }));
  }
  node.append(text(frame.gutter - 6, 24, t("all reports"), { "text-anchor": "end" }));
  svg.replaceChildren(node);
  svg.setAttribute("viewBox", `0 0 ${frame.width} 48`);
  svg.setAttribute("width", frame.width);
  svg.setAttribute("height", 48);
  return parts;
}
