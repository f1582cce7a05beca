"""What the browser tests share: pages opened with the network off, and what is to be said of each of them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = (Path(__file__).parent / "axe-core" / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
WIDE, NARROW = (1400, 900), (380, 844)


class Visit:
    """A page that was opened with the network off, and everything it asked for or complained about."""

    def __init__(self, browser: Browser, address: str, size: tuple[int, int], **more: object) -> None:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True, **more)
        self.page, self.requests, self.complaints = context.new_page(), [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.goto(address)

    def faults(self) -> list[str]:
        """What it asked the network for, and what it complained of."""
        return [url for url in self.requests if not url.startswith(("file:", "blob:", "data:"))] + self.complaints

    def fits(self) -> bool:
        """Whether nothing is wider than the screen."""
        return self.page.evaluate("document.documentElement.scrollWidth") <= self.page.viewport_size["width"]


def violations(browser: Browser, address: str, size: tuple[int, int]) -> list[tuple[str, str, int]]:
    """What axe-core finds against WCAG 2.1 A and AA with all details open: rule, first element, number of elements."""
    visit = Visit(browser, address, size, bypass_csp=True)
    visit.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    visit.page.evaluate(AXE)
    told = visit.page.evaluate(f"axe.run({{runOnly: {{type: 'tag', values: {TAGS}}}, resultTypes: ['violations']}})")
    visit.page.context.close()
    return [(one["id"], one["nodes"][0]["html"][:160], len(one["nodes"])) for one in told["violations"]]


def go(page: Page, hash_: str) -> None:
    """Let the page show the view of an address, and wait until it is drawn."""
    page.evaluate(f"location.hash = '{hash_}'")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")


def wait_until(page: Page, condition: str) -> None:
    """Ask again until an expression holds. The page's own policy forbids what playwright's wait_for_function does."""
    for _ in range(600):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never so: {condition}")
