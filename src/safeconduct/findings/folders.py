"""The output folder: written under another name, then moved into place at once; its pages name each other."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from glob import escape as glob_escape
from pathlib import Path

from safeconduct.terms import MANIFEST, RunStopped, locked, put_in_place, write_whole

OF_RUN = {"arrivals.csv", "series.parquet", "runs.parquet", "summary.json", "provenance.json", "report.html"}
OF_PHASES = {"bands.parquet", "timeline.html"}  # of a case with phases
OF_WHATIF = {"measures.csv", "pairs.csv", "differences.csv", "differences.parquet", "whatif.html"}
OF_ACTS = {"counterfactual.json", "counterfactual.csv", "bands_unchanged.parquet"}
OF_FORECAST = {"planning.csv", "planning.xlsx", "forecast.json", "forecast.html"}
OF_BACKTEST = {"backtest.csv", "backtest.html"}
NAMES = frozenset(OF_RUN | OF_PHASES | OF_WHATIF | OF_ACTS | OF_FORECAST | OF_BACKTEST)  # one folder holds one result
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


@contextmanager
def all_or_nothing(folder: Path, own: frozenset[str] | None = NAMES) -> Iterator[Path]:
    """A folder to write in, whose files become the result of the named one, or pages beside it, when all went well.

    own: names that a result may have; None = pages, which replace no result.
    Raises UsageError where another process writes there, RunStopped where the disk refuses.
    """
    with writing_to(folder):
        sweep(folder)
        part = folder.parent / f".{folder.name}.{os.getpid()}.part"
        try:
            part.mkdir(parents=True)
            (part / MANIFEST).touch()  # by which a later writer knows it as ours
            yield part
            if folder.exists():
                with locked(folder):
                    put_in_place(part, folder, own)
                    link_pages(folder)
            else:
                put_in_place(part, folder, own)
                link_pages(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what killed writers of this folder left beside it: folders of their process number with a manifest."""
    for part in folder.parent.glob(f".{glob_escape(folder.name)}.*.part"):
        number = part.name.removesuffix(".part").rpartition(".")[2]
        is_ours = part.is_dir() and ((part / MANIFEST).is_file() or not any(part.iterdir()))
        if number.isdecimal() and is_ours and not is_alive(int(number)):
            shutil.rmtree(part, ignore_errors=True)


def is_alive(process: int) -> bool:
    """Whether a process of this number runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def write_pages(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write pages into a folder, all or none, and let its pages name each other. Raises RunStopped, UsageError."""
    with all_or_nothing(folder, own=None) as part:
        for name, text in files.items():
            (part / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in files]


def link_pages(folder: Path) -> None:
    """Let each page of the folder name the others that are there, and no others."""
    there = [name for name in PAGES if (folder / name).is_file()]
    for name in there:
        file = folder / name
        links = " &middot; ".join(f'<a href="{other}">{PAGES[other]}</a>' for other in there if other != name)
        text = file.read_text("utf-8")
        linked = PLACE.sub(f'<p class="beside">{links}</p>', text, count=1)
        if linked != text:
            write_whole(file, linked)
