"""The picture of the README: the chart of arrivals of a forecast, as headless Chromium shows it.

    make run
    python docs/picture.py out/karabakh-2023-forecast/forecast.html docs/arrivals.png

Needs playwright and a chromium on the PATH.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
CHART = "section:has(h2:text('Arrivals counted and expected'))"


def photograph(report: Path, picture: Path) -> None:
    """Save the chapter on arrivals, somewhat finer than it is shown."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET.split())
        page = browser.new_page(viewport={"width": 1240, "height": 900}, device_scale_factor=1.6, offline=True)
        page.goto(report.resolve().as_uri(), timeout=120_000)
        page.locator(CHART).first.screenshot(path=picture, animations="disabled")
        browser.close()


if __name__ == "__main__":
    photograph(Path(sys.argv[1]), Path(sys.argv[2]))
