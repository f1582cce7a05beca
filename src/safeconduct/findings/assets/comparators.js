// Filters of the acts. Without this script the page is whole.
(() => {
"use strict";
const find = id => document.getElementById(id);
const picks = ["pick-case", "pick-kind", "pick-severity", "pick-answer"].map(find);
const rows = [...document.querySelectorAll("tr[data-kind]")];
const cases = [...document.querySelectorAll(".case")];
function filter() {
  const [of, kind, severity, answer] = picks.map(pick => pick.value);
  let n = 0;
  for (const row of rows) {
    const d = row.dataset;
    const off = Boolean((of && d.case !== of) || (kind && d.kind !== kind) || (severity && Number(d.severity) < Number(severity)) || (answer && d.answer !== answer));
    row.classList.toggle("off", off);
    n += !off;
  }
  for (const one of cases) one.classList.toggle("off", !one.querySelector("tr[data-kind]:not(.off)"));
  if (of || kind || severity || answer) for (const one of cases) one.querySelector("details").open = true;
  find("shown").textContent = `${n} of ${rows.length} acts`;
}
for (const pick of picks) pick.addEventListener("change", filter);
find("reset").addEventListener("click", () => { for (const pick of picks) pick.value = ""; filter(); });
function reveal() {
  const fold = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.querySelector("details");
  if (fold) fold.open = true;
}
addEventListener("hashchange", reveal);
reveal();
find("controls").hidden = false;
filter();
})();
