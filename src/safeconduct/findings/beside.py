"""Pages that lie in one folder name each other: the report of a run, and the monitor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from safeconduct.terms import RunStopped, write_whole

PLACE = re.compile(
    r'<p class="beside">.*?</p>', re.DOTALL
)  # every page has one, empty until there is something to name
PAGES = {
    "story.html": "The whole time on one page, beside this page",
    "report.html": "The simulation's report, beside this page",
    "whatif.html": "What would have been different in the model, beside this page",
    "monitor.html": "The monitor, beside this page: who owes what, what was done, who could pass",
    "accounts.html": "The accounts of why, beside this page",
    "comparators.html": "Other guaranteed ceasefires, beside this page",
    "signs.html": "Signs: the chance of a further step at past dates, beside this page",
    "game.html": "The accounts as models that could be wrong, beside this page",
}


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Say in a sentence that a folder cannot be written. Raises RunStopped where the disk refuses."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise RunStopped(f"{folder} could not be written ({why}); free some room or name another folder") from error


def write_pages(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write files into a folder, each whole, and let its pages name each other. Raises RunStopped."""
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            write_whole(folder / name, text)
        link_pages(folder)
    return [folder / name for name in files]


def link_pages(folder: Path) -> None:
    """Let each page of the folder name the others that are there, and no others."""
    there = [name for name in PAGES if (folder / name).exists()]
    for name in there:
        file = folder / name
        links = " &middot; ".join(f'<a href="{other}">{PAGES[other]}</a>' for other in there if other != name)
        text = file.read_text("utf-8")
        linked = PLACE.sub(f'<p class="beside">{links}</p>', text, count=1)
        if linked != text:
            write_whole(file, linked)
