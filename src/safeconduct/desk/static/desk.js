// What plain forms cannot do: keys for proposals, progress of work, a question before typed text is left. Every page
// works without it.
"use strict";

// Progress of a piece of work: server-sent events until it ends, then the page anew.
const bar = document.querySelector("[data-progress]");
if (bar) {
  const told = document.getElementById("told"), progress = bar.querySelector("progress");
  const events = new EventSource(bar.dataset.progress);
  events.onmessage = event => {
    const now = JSON.parse(event.data);
    if (now.state !== "running") { events.close(); location.reload(); return; }
    if (now.total) { progress.max = now.total; progress.value = now.done; }
    const runs = now.total ? `${now.done} of ${now.total} runs` : "running";
    told.textContent = `${runs}, ${now.seconds} so far${now.remaining ? `, about ${now.remaining} to go` : ""}`;
  };
}

// A page that is not ready yet is asked for again.
const again = document.querySelector("[data-again]");
if (again) setTimeout(() => location.reload(), Number(again.dataset.again));

// Names of reports are offered once a field asks for them: there may be thousands.
const names = document.querySelector("[data-names]");
document.addEventListener("focusin", async event => {
  if (!names || names.dataset.asked || event.target.getAttribute("list") !== names.id) return;
  names.dataset.asked = "yes";
  const found = await (await fetch(names.dataset.names)).json();
  names.append(...found.map(([name, what]) => Object.assign(document.createElement("option"), {value: name, textContent: what})));
});

// A form that holds typed text asks before it is left; sending it is no leaving.
let typed = Boolean(document.querySelector("form[data-asks=typed]"));  // it comes with what was typed before
for (const form of document.querySelectorAll("form[data-asks]")) {
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
}
addEventListener("beforeunload", event => { if (typed) event.preventDefault(); });

// Proposals by keyboard: j, k move; a, r, u decide the marked one and stay on it; e, s. Letters that are typed into a
// field stay letters.
const proposals = [...document.querySelectorAll(".proposal")];
if (proposals.length) {
  let at = -1;
  const go = n => {
    at = Math.max(0, Math.min(proposals.length - 1, n));
    proposals[at].focus();
    proposals[at].scrollIntoView({block: "nearest"});
  };
  const choose = word => {
    if (at < 0) { go(0); return; }  // mark one before any is decided
    [...proposals[at].querySelectorAll("input[type=radio]")].find(one => one.value === word).checked = true;
    typed = true;
  };
  const keys = {
    j: () => go(at + 1), k: () => go(at - 1), a: () => choose("accept"), r: () => choose("reject"), u: () => choose(""),
    e: () => { if (at < 0) go(0); const more = proposals[at].querySelector("details"); more.open = true; more.querySelector("input, select").focus(); },
    s: () => document.getElementById("save").click(),
  };
  for (const [n, one] of proposals.entries()) one.addEventListener("focusin", () => { at = n; });
  document.addEventListener("keydown", event => {
    const typing = event.target.closest("input:not([type=radio]), textarea, select");
    if (typing && event.key === "Escape") { at = proposals.indexOf(event.target.closest(".proposal")); go(at); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
}
