"""The charts of docs/ceasefire.md, taken from the page that a run of a case with phases leaves.

    safeconduct run karabakh
    python docs/ceasefire_charts.py out/karabakh/timeline.html docs/ceasefire

Each chart becomes two files, for wide and for narrow screens, with the page's style inside; its finding is printed, to
stand above it.
"""

from __future__ import annotations

import re
import sys
from html import unescape
from pathlib import Path

SHOWN = r"<div class='{}'>(<svg.*?</svg>)</div>"
FIGURE = re.compile(
    r"<figure id='(\w+)'><figcaption>(.*?)</figcaption>" + SHOWN.format("wide") + SHOWN.format("narrow"), re.DOTALL
)
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def take_charts(page: Path, folder: Path) -> list[tuple[str, str]]:
    """Write every chart of the page; returns each one's name and finding."""
    text = page.read_text(encoding="utf-8")
    style = STYLE.search(text)
    rules = style.group(1)[style.group(1).index(".chart") :] if style else ""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for name, title, wide, narrow in FIGURE.findall(text):
        for file, drawing in ((name, wide), (f"{name}-narrow", narrow)):
            alone = drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
            alone = alone.replace(">", f"><style>{rules}</style>", 1)
            (folder / f"{file}.svg").write_text(alone + "\n", encoding="utf-8")
        found.append((name, unescape(title)))
    return found


if __name__ == "__main__":
    for chart, finding in take_charts(Path(sys.argv[1]), Path(sys.argv[2])):
        print(f"{chart}: {finding}")
