// What plain forms cannot do: keys for lists of proposals, and progress of work. Every page works without it.
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

// Proposals by keyboard: j, k, a, r, u, e, s. Letters that are typed into a field stay letters.
const proposals = [...document.querySelectorAll(".proposal")];
if (proposals.length) {
  let at = -1;
  const go = n => {
    at = Math.max(0, Math.min(proposals.length - 1, n));
    proposals[at].focus();
    proposals[at].scrollIntoView({block: "nearest"});
  };
  const choose = word => {
    if (at < 0) go(0);
    const button = [...proposals[at].querySelectorAll("input[type=radio]")].find(one => one.value === word);
    button.checked = true;
    if (word) go(at + 1);
  };
  const keys = {
    j: () => go(at + 1), k: () => go(at - 1), a: () => choose("accept"), r: () => choose("reject"), u: () => choose(""),
    e: () => { if (at < 0) go(0); const more = proposals[at].querySelector("details"); more.open = true; more.querySelector("input").focus(); },
    s: () => document.getElementById("save").click(),
  };
  document.addEventListener("keydown", event => {
    const typing = event.target.closest("input:not([type=radio]), textarea, select");
    if (typing && event.key === "Escape") { at = proposals.indexOf(event.target.closest(".proposal")); go(at); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
}
