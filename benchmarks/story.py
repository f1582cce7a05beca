"""How fast the story page answers: a click and a step of the slider, in headless Chromium, on the large case.

Usage: python benchmarks/story.py STORY.html. Prints milliseconds from the event to the drawn page, median and
95 % of 40 steps each; the aim is under 100 ms. Wall time, so read it on an idle machine.
"""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
STEPS = {  # what a reader does, as script; each is followed by two frames
    "a day on": "document.querySelector('[data-move=\"1\"]').click()",
    "slider": "(() => { const s = document.getElementById('slide'); s.value = Number(s.value) - 9;"
    " s.dispatchEvent(new Event('input')); })()",
    "then or now": "document.querySelector('[data-known][aria-pressed=false]').click()",
    "zoom": "document.querySelector('[data-zoom=\"0.5\"]').click()",
    "filter": "document.querySelector('[data-group]').click()",
    "step": "document.querySelector('#panel-path .dots button').click()",
}
TIMED = """async () => {
  const begin = performance.now();
  %s;
  document.body.getBoundingClientRect();
  await new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));
  return performance.now() - begin;
}"""


def main(file: Path) -> None:
    """Time every kind of step and print a line for each."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=which("chromium"), args=QUIET)
        for name, script in STEPS.items():
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.goto(f"{file.resolve().as_uri()}#known=now&day=2023-09-30")
            times = [page.evaluate(TIMED % script) for _ in range(40)]
            page.close()
            print(f"{name:12s} median {median(times):5.0f} ms   95 % {quantiles(times, n=20)[-1]:5.0f} ms")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
