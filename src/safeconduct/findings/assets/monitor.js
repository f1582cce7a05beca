// Slider, filters and the window that opens a claim. Without this script the page is whole: all rows, all links.
(() => {
"use strict";
const find = id => document.getElementById(id);
const slider = find("day"), clock = find("clock"), passing = find("passing"), shown = find("shown"), dialog = find("claim");
const calendar = JSON.parse(find("calendar-data").textContent);
const marked = [...document.querySelectorAll("[data-k]")];
const rows = [...document.querySelectorAll("#all tbody tr")];
const charts = [...document.querySelectorAll("svg.lanes")];
const first = Date.parse(`${charts[0].dataset.first}T00:00Z`), DAY = 86400000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const picks = ["party", "side", "kind"].map(find);

const dayOf = n => new Date(first + n * DAY);
const words = time => `${time.getUTCDate()} ${MONTHS[time.getUTCMonth()]} ${time.getUTCFullYear()}`;
const iso = time => time.toISOString().slice(0, 10);

function showDay() {
  const n = Number(slider.value), time = dayOf(n);
  clock.textContent = words(time);
  slider.setAttribute("aria-valuetext", words(time));
  for (const one of marked) one.classList.toggle("later", Number(one.dataset.k) > n);
  for (const chart of charts) {
    const { left, right, last } = chart.dataset, wide = chart.viewBox.baseVal.width;
    const span = (Date.parse(`${last}T00:00Z`) - first) / DAY + 1, cursor = chart.querySelector(".cursor");
    const x = Number(left) + Math.min(n + 0.5, span) / span * (wide - Number(left) - Number(right));
    cursor.setAttribute("transform", `translate(${x.toFixed(1)} 0)`);
    cursor.setAttribute("visibility", n < Number(slider.max) ? "visible" : "hidden");
  }
  const stretch = calendar.find(one => one.to >= iso(time)) ?? calendar.at(-1);
  const said = stretch ? Object.entries(stretch.sides) : [];
  passing.textContent = n >= Number(slider.max) ? "" : "Road that day, as now known: " + (said.length
    ? said.map(([side, [out, into]]) => `${side}: ${out === into ? out : `out ${out}, in ${into}`}`).join(" | ") : "not known");
  count();
}
function filter() {
  const [party, side, kind] = picks.map(pick => pick.value);
  for (const one of marked) {
    const { p, s, g } = one.dataset;
    if (g) one.classList.toggle("off", Boolean((party && !p.split("|").includes(party)) || (side && s !== side) || (kind && g !== kind)));
  }
  count();
}
function count() {
  const n = rows.filter(row => !row.classList.contains("later") && !row.classList.contains("off")).length;
  shown.textContent = `${n} of ${rows.length} claims`;
}
let waiting = 0;
slider.addEventListener("input", () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(showDay); });
for (const pick of picks) pick.addEventListener("change", () => { find("every-claim").open = true; filter(); });
find("reset").addEventListener("click", () => {
  slider.value = slider.max;
  for (const pick of picks) pick.value = "";
  showDay();
  filter();
});

// ---- a claim opens in a window; its address stays in the bar, so that it can be sent on
const heads = [...document.querySelectorAll("#all thead th")].map(head => head.textContent);
function open(row) {
  const list = document.createElement("dl");
  [...row.cells].forEach((cell, n) => {
    const [term, told] = ["dt", "dd"].map(name => list.appendChild(document.createElement(name)));
    term.textContent = heads[n];
    told.append(...cell.cloneNode(true).childNodes);
  });
  dialog.firstElementChild.replaceChildren(list);
  if (!dialog.open) dialog.showModal();
  history.replaceState(null, "", `#${row.id}`);
}
document.addEventListener("click", event => {
  const link = event.target.closest('a[href^="#c-"]'), row = link && document.getElementById(link.hash.slice(1));
  if (!row || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  open(row);
});
dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
const asked = location.hash.startsWith("#c-") && document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (asked) open(asked);
// ---- what is folded: an address opens what it stands in, a button everything
const folds = [...document.querySelectorAll("main details")];
const unfold = find("unfold");
function reveal() {
  let fold = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("details");
  for (; fold; fold = fold.parentElement.closest("details")) fold.open = true;
}
unfold.addEventListener("click", () => {
  const isShut = folds.some(fold => !fold.open);
  for (const fold of folds) fold.open = isShut;
  unfold.textContent = isShut ? "Fold everything" : "Unfold everything";
});
addEventListener("hashchange", reveal);
reveal();

find("controls").hidden = false;
find("controls").addEventListener("submit", event => event.preventDefault());
showDay();
filter();
})();
