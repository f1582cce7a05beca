"""The picture of the README: the headline chart of a report, as headless Chromium shows it.

    safeconduct run karabakh-2023
    python docs/picture.py out/karabakh-2023/report.html docs/arrivals.png

Needs playwright and a chromium on the PATH. The report's own style is used; only what stands below the chart is hidden.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
CHART_ALONE = "#arrivals { border: 0 !important; padding: 24px !important; } #arrivals details { display: none; }"


def photograph(report: Path, picture: Path) -> None:
    """Save the chapter on arrivals, somewhat finer than it is shown."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET.split())
        page = browser.new_page(viewport={"width": 1240, "height": 900}, device_scale_factor=1.6, offline=True)
        page.goto(report.resolve().as_uri(), timeout=120_000)
        page.add_style_tag(content=CHART_ALONE)
        page.locator("#arrivals").screenshot(path=picture, animations="disabled")
        browser.close()


if __name__ == "__main__":
    photograph(Path(sys.argv[1]), Path(sys.argv[2]))
