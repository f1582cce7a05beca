// Slider, filters and the window that opens a claim. Without this script the page is whole: all rows, all links.
(() => {
"use strict";
const find = id => document.getElementById(id);
const day = find("day"), shown = find("shown"), dialog = find("claim"), unfold = find("unfold");
const rows = [...document.querySelectorAll("#all tbody tr")];
const picks = ["party", "side", "kind"].map(find);
const first = Date.parse(`${day.min}T00:00Z`), DAY = 86400000;

// ---- filters of the list of claims: what they hide is hidden there alone, and the count beside them says how many are left
function filter() {
  const [party, side, kind] = picks.map(pick => pick.value);
  const last = day.value ? (Date.parse(`${day.value}T00:00Z`) - first) / DAY : Infinity;
  let n = 0;
  for (const row of rows) {
    const { k, p, s, g } = row.dataset;
    const isShown = Number(k) <= last && (!party || p.split("|").includes(party)) && (!side || s === side) && (!kind || g === kind);
    row.classList.toggle("off", !isShown);
    n += isShown;
  }
  shown.textContent = `${n} of ${rows.length} claims`;
}
for (const pick of [day, ...picks]) pick.addEventListener("change", filter);
find("reset").addEventListener("click", () => {
  day.value = day.max;
  for (const pick of picks) pick.value = "";
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
// ---- a drawing wider than the screen opens at its newest end; the names of its lanes stay in sight
for (const drawn of document.querySelectorAll(".scroll:has(> svg)")) {
  const svg = drawn.querySelector("svg"), names = [...svg.querySelectorAll(".name")];
  const grounds = names.map(() => document.createElementNS(svg.namespaceURI, "rect"));
  names.forEach((name, n) => { grounds[n].classList.add("ground"); svg.append(grounds[n], name); });
  const keep = () => {
    const left = drawn.scrollLeft * svg.viewBox.baseVal.width / svg.clientWidth;
    for (const name of names) name.setAttribute("x", left);
    svg.classList.toggle("moved", left > 0);
    names.forEach((name, n) => {
      const box = name.getBBox(), at = { x: box.x, y: box.y, width: left > 0 ? box.width + 6 : 0, height: box.height };
      for (const [key, value] of Object.entries(at)) grounds[n].setAttribute(key, value);
    });
  };
  drawn.addEventListener("scroll", keep);
  drawn.scrollLeft = drawn.scrollWidth;
  keep();
}
// ---- what is folded: an address opens what it stands in, a button everything
const folds = [...document.querySelectorAll("main details")];
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

find("controls").hidden = unfold.hidden = false;
find("controls").addEventListener("submit", event => event.preventDefault());
filter();
})();
