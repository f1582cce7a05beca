"""Pages of a case as whole files: its story, its monitor, the one sheet."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.api.casework.folders import CLAIMS_FILE, has_monitor, shipped_folders, zone_of

if TYPE_CHECKING:
    from safeconduct.monitor import View
    from safeconduct.terms import RunSummary

SETTLED = 2.0  # seconds after which the first pages have been opened; assumed


def story_page(folder: Path, when: date | datetime | None, run: Path | None, whatifs: Sequence[Path]) -> str:
    """The whole case on one page, as of a moment, with the bands of a finished run and of what-ifs."""
    from safeconduct.api.stories import story

    moment = when.replace(tzinfo=zone_of(folder)) if isinstance(when, datetime) and when.tzinfo is None else when
    return story(folder, moment, run, whatifs).to_html()


def whole_page(view: View, remark: str) -> str:
    """The monitor as one file that needs nothing else, with a remark of who sends it."""
    from safeconduct.findings.monitor import monitor_page

    return monitor_page(view, remark)


def brief(view: View, planning: RunSummary | None, remark: str) -> str:
    """The situation on one sheet of paper, with the planning figures of a run and a remark of who sends it."""
    from safeconduct.findings.monitor import brief_page

    return brief_page(view, planning, remark)


def warm() -> None:
    """Load what the first pages need, so that they come at once; then draw a story, which loads most."""
    import safeconduct.findings.monitor
    import safeconduct.inference.assimilate
    import safeconduct.ledger
    import safeconduct.monitor
    import safeconduct.scenario  # noqa: F401

    time.sleep(SETTLED)
    smallest = min(
        (path for path in shipped_folders() if has_monitor(path)), key=lambda path: (path / CLAIMS_FILE).stat().st_size
    )
    story_page(smallest, None, None, ())
