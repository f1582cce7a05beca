"""The story page of a case as a value: what it holds, what is said of it, and the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from safeconduct.api.folders import monitor_folder
from safeconduct.api.monitoring import moment_of
from safeconduct.findings.story import Story, story_html, story_of, write_story


@dataclass(frozen=True)
class StoryView:
    """A whole ceasefire on one page."""

    story: Story

    def sentences(self) -> list[str]:
        """What the page holds, for the terminal."""
        found, steps = self.story, self.story.file.steps
        told = [f"{found.file.title}: {len(found.view.known):,} reports, {len(steps)} steps of reading"]
        told.append(f"Runs beside them: {found.run.name}" if found.run else "No run beside them")
        told += [f"And if? {one.title}" for one in found.whatifs]
        return told

    def __repr__(self) -> str:
        return "\n".join(self.sentences())

    def to_html(self) -> str:
        """The page as text."""
        return story_html(self.story)

    def write(self, folder: str | Path) -> list[Path]:
        """Write story.html into a folder; other pages there and this one name each other. Raises RunStopped."""
        return write_story(self.story, Path(folder))


def story(
    case: str | Path,
    as_of: date | datetime | str | None = None,
    run: str | Path | None = None,
    whatifs: Sequence[str | Path] = (),
) -> StoryView:
    """A case on one page: every report under one axis with two clocks, and the bands of finished runs drawn apart.

    case: a shipped case's name, or a folder. as_of: a day or a time, as for `monitor`. run: the folder of a finished
    run. whatifs: folders that `whatif` wrote. Raises CaseError for a faulty record, UsageError for an unknown case,
    time or folder.
    """
    folder = monitor_folder(str(case))
    return StoryView(story_of(folder, moment_of(as_of), Path(run) if run else None, [Path(one) for one in whatifs]))
