"""How fast the story page answers: a click and a step of the slider, in headless Chromium, on the large case.

Usage: python benchmarks/story.py STORY.html. For each kind of step it prints, over 40 repeats, milliseconds from the
event to the drawn page (median, 95 %, longest) and the main thread's own time (mean). The aim is under 100 ms. The
first is wall time and grows with what else the machine does; the second hardly does.
"""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
REPEATS = 40
STEPS = {  # what a reader does, as script; each is followed by two frames
    "a day on": "document.querySelector('[data-move=\"1\"]').click()",
    "slider": "(() => { const s = document.getElementById('slide'); s.value = Number(s.value) - 9;"
    " s.dispatchEvent(new Event('input')); })()",
    "then or now": "document.querySelector('[data-known][aria-pressed=false]').click()",
    "zoom": "document.querySelector(n++ % 8 < 4 ? '[data-zoom=\"0.5\"]' : '[data-zoom=\"2\"]').click()",
    "filter": "document.querySelectorAll('[data-group]')[n++ % 4].click()",
    "step": "document.querySelectorAll('#panel-path .dots button')[n++ % 8].click()",
    "tab": "document.querySelectorAll('[role=tab]')[n++ % 4].click()",
    "map": "document.querySelector(n++ % 4 < 2 ? '[data-map=in]' : '[data-map=out]').click()",
    "a mark's source": "document.querySelectorAll('.ref')[0].click()",
}
TIMED = """async n => {
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
            panel = "path" if name in ("step", "a mark's source") else "day"
            path = "&step=3" if panel == "path" else ""
            page.goto(f"{file.resolve().as_uri()}#known=then&day=2023-08-20&show={panel}{path}")
            page.wait_for_selector(".mark")
            measured = page.context.new_cdp_session(page)
            measured.send("Performance.enable", {"timeDomain": "threadTicks"})
            before = busy(measured)
            times = [page.evaluate(TIMED % script, n) for n in range(REPEATS)]
            spent = 1000 * (busy(measured) - before) / REPEATS
            page.close()
            print(f"{name:16s} median {median(times):4.0f} ms   95 % {quantiles(times, n=20)[-1]:4.0f} ms   "
                  f"longest {max(times):4.0f} ms   main thread {spent:4.0f} ms")  # fmt: skip
        browser.close()


def busy(session: object) -> float:
    """Seconds that the page's main thread has worked."""
    found = session.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in found if one["name"] == "TaskDuration")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
