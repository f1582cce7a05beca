// The map beside the axis: land, roads and places; reports of the last days by side, and people at places in the runs.
const ground = data.ground, canvas = { width: 460, height: 300 };
let box = null; // west, south, east, north shown
let selectedPlace = "";
const merc = lat => Math.log(Math.tan(Math.PI / 4 + lat * Math.PI / 360)) * 180 / Math.PI;
const unmerc = y => (Math.atan(Math.exp(y * Math.PI / 180)) - Math.PI / 4) * 360 / Math.PI;
function fitBox([west, south, east, north]) { // widened to the shape of the canvas
  const low = merc(south), high = merc(north), scale = Math.max((east - west) / canvas.width, (high - low) / canvas.height);
  const x = (west + east) / 2, y = (low + high) / 2, dx = scale * canvas.width / 2, dy = scale * canvas.height / 2;
  return [x - dx, unmerc(y - dy), x + dx, unmerc(y + dy)];
}
function showMap(name) {
  if (!ground) return;
  state.map = name;
  box = fitBox(data.maps[name] || (name === "whole" ? ground.whole : ground.near));
}
function zoomMap(factor, at = [canvas.width / 2, canvas.height / 2]) {
  const [west, south, east, north] = box, low = merc(south), high = merc(north);
  const x = west + (east - west) * at[0] / canvas.width, y = high - (high - low) * at[1] / canvas.height;
  const most = ground.around[2] - ground.around[0], wide = (east - west) * factor;
  if (wide > most || wide < 0.05) return;
  box = [x + (west - x) * factor, unmerc(y + (low - y) * factor), x + (east - x) * factor, unmerc(y + (high - y) * factor)];
}
function panMap(dx, dy) {
  const [west, south, east, north] = box, low = merc(south), high = merc(north);
  const x = dx / canvas.width * (east - west), y = dy / canvas.height * (high - low);
  box = [west - x, unmerc(low + y), east - x, unmerc(high + y)];
}
function project(lon, lat) {
  const [west, south, east, north] = box, low = merc(south), high = merc(north);
  return [(lon - west) / (east - west) * canvas.width, (high - merc(lat)) / (high - low) * canvas.height];
}
function route(flat, close) {
  let d = "";
  for (let n = 0; n < flat.length; n += 2) {
    const [x, y] = project(flat[n], flat[n + 1]);
    d += `${n ? "L" : "M"}${number(x)} ${number(y)}`;
  }
  return d + (close ? "Z" : "");
}
const recentAt = new Map();
function reportsByPlace() {
  recentAt.clear();
  for (const claim of claims) {
    if (!isShown(claim) || !isPast(claim) || claim.d <= state.day - data.recent) continue;
    for (const key of claim.pl || [])
      if (ground.places[key]) recentAt.set(key, [...(recentAt.get(key) || []), claim]);
  }
  return recentAt;
}
// The run's value nearest before the day looked at; null before its first and after its last moment.
function runAt(one, day = state.day + 0.5) {
  if (!one || day < one.x[0] || day > one.x[one.x.length - 1] + 1) return null;
  let n = 0;
  while (n + 1 < one.x.length && one.x[n + 1] <= day) n += 1;
  return { lo: one.lo?.[n], mid: one.mid[n], hi: one.hi?.[n] };
}
function wedge(x, y, radius, from, to) {
  if (to - from > 0.9999) return `M${number(x - radius)} ${number(y)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
  const at = share => [x + radius * Math.sin(share * 2 * Math.PI), y - radius * Math.cos(share * 2 * Math.PI)].map(number).join(" ");
  return `M${number(x)} ${number(y)}L${at(from)}A${number(radius)} ${number(radius)} 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(to)}Z`;
}
// A road in the shape that the case gives; straight from place to place where it gives none.
const lineOf = road => (road.line.length ? road.line : road.ends.flatMap(key => (ground.places[key] || { at: [] }).at));
const roadOf = Object.fromEntries(ground ? ground.roads.map(road => [road.id, road]) : []);
function spotOn(flat, share) { // the point that lies a share of the way along a line
  const points = [];
  for (let n = 0; n < flat.length; n += 2) points.push(project(flat[n], flat[n + 1]));
  const parts = points.slice(1).map((at, n) => Math.hypot(at[0] - points[n][0], at[1] - points[n][1]));
  let left = share * parts.reduce((sum, part) => sum + part, 0);
  for (let n = 0; n < parts.length; n++) {
    if (left <= parts[n]) { const q = parts[n] ? left / parts[n] : 0; return [points[n][0] + q * (points[n + 1][0] - points[n][0]), points[n][1] + q * (points[n + 1][1] - points[n][1])]; }
    left -= parts[n];
  }
  return points[points.length - 1];
}
// People on roads at noon in the runs: the wider the line, the more of them.
function drawOnRoads(node) {
  const found = [];
  for (const one of data.byRoad) {
    const now = runAt(one), road = roadOf[one.road];
    if (!now || !road || now.mid < 1 || lineOf(road).length < 4) continue;
    found.push({ road, n: now.mid });
    node.append(s("path", { d: route(lineOf(road)), fill: "none", stroke: MODEL, opacity: 0.75, "stroke-width": number(2 + 9 * Math.sqrt(now.mid / mostOnRoads)), "stroke-linecap": "round" },
      s("title", {}, `${road.ends.map(key => (ground.places[key] || { name: key }).name).join(" – ")}: ${rounded(now.mid)}`)));
  }
  return found;
}
const mostOnRoads = Math.max(1, ...data.byRoad.map(one => Math.max(...one.mid)));
// Checkpoints, coloured by who may pass there in the runs; and places that changed hands by this day.
function drawPosts(node) {
  for (const post of ground.posts) {
    const road = roadOf[post.road], line = road && lineOf(road);
    if (!line || line.length < 4) continue;
    const isOut = road.ends[1] === post.towards, now = road.counts ? passAt(isOut ? "out" : "in") : null, [x, y] = spotOn(line, isOut ? 0.9 : 0.1);
    node.append(s("path", { d: `M${number(x - 4)} ${number(y - 4)}h8v8h-8z`, fill: now ? paint(`pass-${now[3]}`) : PAPER, stroke: INK, "stroke-width": 1.4, class: "post" },
      s("title", {}, `${t("checkpoint")}${now ? `: ${admitted(now[2])}` : ""} (${post.source})`)));
  }
}
const handedOver = () => new Map(ground.handed.filter(one => one.day <= state.day).map(one => [one.place, one]));
// What lies under the day: land, borders and roads; it is drawn anew only when the map moves.
function drawLand() {
  const node = s("g", {}, s("rect", { width: canvas.width, height: canvas.height, fill: paint("sea") }));
  node.append(s("path", { d: ground.land.map(polygon => polygon.map(ring => route(ring, true)).join("")).join(""), fill: paint("land"), "fill-rule": "evenodd" }));
  node.append(s("path", { d: ground.coasts.map(line => route(line)).join(""), fill: "none", stroke: paint("coasts") }));
  if (find("borders").checked)
    node.append(s("path", { d: ground.borders.map(line => route(line)).join(""), fill: "none", stroke: paint("borders"), "stroke-dasharray": "5 3" }));
  for (const road of ground.roads) {
    const line = lineOf(road);
    if (line.length < 4) continue;
    node.append(s("path", { d: route(line), fill: "none", stroke: PAPER, "stroke-width": 4 }), s("path", { d: route(line), fill: "none", stroke: paint("track"), "stroke-width": 1.8 }));
  }
  return node;
}
function drawMap() {
  const svg = find("map");
  if (!ground) return;
  const land = keep("land", `${box} ${canvas.width} ${canvas.height} ${find("borders").checked}`, drawLand), node = s("g", {});
  const onRoads = drawOnRoads(node), handed = handedOver();
  const most = keep("most people", "", () => Math.max(1, ...data.byPlace.map(one => Math.max(...one.mid))));
  const people = new Map();
  for (const one of data.byPlace) {
    const now = runAt(one), at = ground.places[one.place];
    if (!now || !at || now.mid < 1) continue;
    people.set(one.place, [...(people.get(one.place) || []), { q: one.q, ...now }]);
    const [x, y] = project(...at.at);
    node.append(s("circle", { cx: number(x), cy: number(y), r: number(26 * Math.sqrt(now.mid / most)), fill: MODEL, opacity: 0.22, stroke: MODEL, "stroke-dasharray": "3 2" }));
  }
  drawPosts(node);
  const recent = reportsByPlace(), dots = [];
  for (const [key, spot] of Object.entries(ground.places)) {
    const [x, y] = project(...spot.at);
    if (x < -20 || y < -20 || x > canvas.width + 20 || y > canvas.height + 20) continue;
    const found = recent.get(key) || [];
    if (!found.length && !spot.role) continue;
    if (handed.has(key)) node.append(s("path", { d: `M${number(x - 7)} ${number(y - 7)}h14v14h-14z`, fill: "none", stroke: INK, "stroke-dasharray": "3 2", class: "handed" }, s("title", {}, `${t("changed hands")}, ${shortDay(handed.get(key).day)}: ${handed.get(key).source}`)));
    dots.push({ key, x, y, spot, n: found.length, rank: (key === selectedPlace ? 1e6 : 0) + found.length * 100 + (spot.role === "crossing" ? 90 : people.has(key) ? 40 : 1) });
    if (!found.length) { node.append(s("circle", { cx: number(x), cy: number(y), r: 1.8, fill: SOFT, "data-place": key })); continue; }
    const radius = number(clamp(3 + 2.1 * Math.sqrt(found.length), 4, 17)), spread = groups.map(group => found.filter(claim => claim.g === group.key).length);
    let from = 0;
    const pie = s("g", { "data-place": key, class: "pie" }, s("circle", { cx: number(x), cy: number(y), r: number(radius + 1.2), fill: PAPER }));
    spread.forEach((n, i) => {
      if (!n) return;
      pie.append(s("path", { d: wedge(x, y, radius, from, from + n / found.length), fill: groups[i].colour }));
      from += n / found.length;
    });
    node.append(pie);
    if (key === selectedPlace) node.append(s("circle", { cx: number(x), cy: number(y), r: number(radius + 3), fill: "none", stroke: INK, "stroke-width": 2 }));
  }
  const taken = [[canvas.width - 186, 0, canvas.width, 34]]; // the buttons
  for (const dot of dots.sort((a, b) => b.rank - a.rank).slice(0, 40)) {
    const said = dot.n ? `${dot.spot.name} (${dot.n})` : dot.spot.name, wide = widthOf(said, 10.5, dot.n ? 600 : 400) + 6;
    const spots = [[dot.x + 9, dot.y + 3.5], [dot.x - 9 - wide, dot.y + 3.5], [dot.x - wide / 2, dot.y - 10], [dot.x - wide / 2, dot.y + 19]];
    const spot = spots.map(([x, y]) => [x, y - 10, x + wide, y + 3]).find(b => b[0] > 2 && b[2] < canvas.width - 2 && b[1] > 2 && b[3] < canvas.height - 2 && !taken.some(o => b[0] < o[2] && b[2] > o[0] && b[1] < o[3] && b[3] > o[1]));
    if (!spot) continue;
    taken.push(spot);
    node.append(text(spot[0] + 2, spot[3] - 3, said, { "font-size": 10.5, fill: dot.n ? INK : SOFT, "font-weight": dot.n ? 600 : 400, ...halo, "pointer-events": "none" }));
  }
  const [west, south, east] = box, kmWide = (east - west) * 111.32 * Math.cos((south + box[3]) / 2 * Math.PI / 180);
  const km = [1, 2, 5, 10, 20, 50, 100, 200].find(one => one / kmWide * canvas.width > 46) || 200, bar = km / kmWide * canvas.width;
  node.append(s("path", { d: `M10 ${canvas.height - 10}v-4v4h${number(bar)}v-4`, fill: "none", stroke: INK }), text(14, canvas.height - 15, `${km} km`, { fill: INK, "font-size": 10, ...halo }));
  if (svg.firstChild === land) { while (land.nextSibling) land.nextSibling.remove(); svg.append(node); } else svg.replaceChildren(land, node);
  set(svg, "viewBox", `0 0 ${canvas.width} ${canvas.height}`);
  showMapWords(recent, people, onRoads, handed);
}
function showMapWords(recent, people, onRoads, handed) {
  const n = [...new Set([...recent.values()].flat())].length;
  const said = [t("Reports on places, last {days} days: {n}", { days: data.recent, n })];
  const inside = [...people.values()].flat().filter(one => one.q === "n_persons");
  if (inside.length) said.push(state.whatif ? t("dashed circles: people at places in the runs without the change") : t("dashed circles: people at places in the runs"));
  if (onRoads.length) said.push(t("grey roads: people on them at noon in the runs, {n}", { n: rounded(onRoads.reduce((sum, one) => sum + one.n, 0)) }));
  if (ground.posts.length) said.push(t("small squares: checkpoints"));
  if (handed.size) said.push(t("dashed squares: places that changed hands by this day, as the case has it, {n}", { n: handed.size }));
  say(find("map-words"), `${said.join(" · ")}.`);
  if (find("map-rows").closest("details").open) mapRows(recent, people, onRoads, handed);
}
function mapRows(recent, people, onRoads, handed) {
  const keys = [...new Set([...recent.keys(), ...people.keys(), ...handed.keys()])].filter(key => ground.places[key]), n = key => (recent.get(key) || []).length;
  const row = (name, ...cells) => h("tr", {}, h("th", { scope: "row" }, name), cells.map(cell => h("td", {}, cell)));
  const rows = keys.sort((a, b) => n(b) - n(a)).map(key => row(ground.places[key].name, String(n(key)), people.has(key) ? people.get(key).map(one => rounded(one.mid)).join(", ") : "–", handed.has(key) ? shortDay(handed.get(key).day) : "–"));
  const roads = onRoads.map(({ road, n }) => row(road.ends.map(key => (ground.places[key] || { name: key }).name).join(" – "), "–", rounded(n), "–"));
  find("map-rows").replaceChildren(...rows, ...roads);
}
