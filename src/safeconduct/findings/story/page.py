"""The story page: everything that it shows as one value, and the value as one file that asks no network for more."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from safeconduct.findings.folders import write_pages
from safeconduct.findings.monitor import view_case
from safeconduct.findings.pages import safe_json, style_sheets
from safeconduct.findings.story import scene, state
from safeconduct.findings.story.bands import Run, read_bands
from safeconduct.findings.story.chances import Answers, answers_of
from safeconduct.findings.story.claims import EPOCH, Json, Reports, day_number
from safeconduct.findings.story.ground import Ground, ground_of, map_data
from safeconduct.findings.story.path import StoryFile, read_story
from safeconduct.findings.story.tracks import TRACKS, Track
from safeconduct.findings.story.whatif import Switch, switches_in
from safeconduct.findings.story.words import LANGUAGES, TABS, assets, catalogue, script
from safeconduct.ledger import PASSES
from safeconduct.monitor import RECENT_DAYS, View
from safeconduct.terms import VERSION

PAGE = "story.html"


@dataclass(frozen=True)
class Story:
    """All that the page of a case is made from."""

    folder: Path
    view: View
    file: StoryFile
    ground: Ground | None
    run: Run | None = None
    answers: Answers | None = None
    whatifs: tuple[Switch, ...] = field(default=())
    is_as_of: bool = False  # a day was asked for

    @property
    def span(self) -> tuple[int, int]:
        """First day of the axis, and the day after its last: none after the day asked for, but for a run over it."""
        case = self.view.case
        first = date.fromisoformat(self.file.start) if self.file.start else case.first
        last = date.fromisoformat(self.file.end) if self.file.end else case.last
        if self.is_as_of:
            last = max(first, min(last, max(self.view.today, self.runs_until or self.view.today)))
        return day_number(first), day_number(last) + 1

    @property
    def runs_until(self) -> date | None:
        """The last day of the run, where it has begun by the day asked for."""
        clock = self.run.scenario.clock if self.run and self.run.scenario else None
        zone = self.view.case.zone
        has_begun = clock is not None and clock.start.astimezone(zone).date() <= self.view.today
        return clock.end.astimezone(zone).date() if clock and has_begun else None

    @property
    def covered(self) -> date:
        """The last day of which reports are drawn."""
        return min(self.view.case.last, self.view.today) if self.is_as_of else self.view.case.last

    @property
    def opens(self) -> int:
        """The day on which the page opens: that asked for, else that of its file."""
        first, end = self.span
        said = date.fromisoformat(self.file.opens) if self.file.opens else self.view.case.last
        said = self.view.today if self.is_as_of else said
        return min(max(day_number(said), first), end - 1)


def story_of(
    folder: Path, when: date | datetime | None = None, run: Path | None = None, whatifs: Sequence[Path] = ()
) -> Story:
    """The story of a case folder, with the bands of a run where one is named.

    Raises UsageError where there is no agreement to follow or no run in that folder, CaseError with every fault.
    """
    view = view_case(folder, when)
    file = read_story(folder, view)
    ground = ground_of(folder, file, view.ledger.terms)
    bands = read_bands(run, ground.scenario if ground else None, view.case.zone) if run else None
    switches = tuple(switch for one in whatifs for switch in switches_in(one, view.case.zone))
    return Story(folder, view, file, ground, bands, answers_of(folder), switches, when is not None)


def story_data(story: Story) -> Json:
    """Everything that the page's script draws."""
    view, case, reports = story.view, story.view.case, Reports(story.view, story.folder)
    start, end = story.span
    return {
        "key": case.key,
        "title": story.file.title,
        "about": " ".join(story.file.about.split()),
        "signed": day_number(case.signed),
        "covers": day_number(case.first),
        "covered": day_number(story.covered),
        "start": start,
        "end": end,
        "opens": story.opens,
        "now": day_number(
            max((reports.local(c.published).date() for c in view.known.values() if c.published), default=view.today)
        ),
        "recent": RECENT_DAYS,
        "groups": [{"key": g.key, "label": g.label, "colour": g.colour} for g in reports.groups.all],
        "tracks": [track_data(track, view) for track in TRACKS],
        "claims": reports.records(),
        "road": state.road(reports),
        "obligations": state.obligations(reports),
        "predictions": state.foreseen(reports),
        "ground": map_data(story.ground, case.zone) if story.ground else None,
        "maps": {key: [m.west, m.south, m.east, m.north] for key, m in story.file.maps.items()},
        "bands": story.run.lanes() if story.run else [],
        "byPlace": story.run.by_place() if story.run else [],
        "byRoad": story.run.by_road() if story.run else [],
        "mayPass": scene.may_pass(story.run.scenario, case.zone) if story.run and story.run.scenario else [],
        "answers": story.answers.as_json(reports) if story.answers else None,
        "whatif": [one.as_json() for one in story.whatifs],
        "path": path_data(story, reports),
        "moments": [
            {"day": day_number(date.fromisoformat(one.day)), "title": one.title, "c": reports.number[one.claim]}
            for one in story.file.moments
            if one.claim in reports.number
        ],
        "foot": foot(story),
        "words": catalogue(),
    }


def track_data(track: Track, view: View) -> Json:
    """A track, each lane with the place for which its figures are mostly given."""
    lanes = []
    for lane in track.lanes:
        place = main_place(view, lane.quantities)
        lanes.append({
            "key": lane.key,
            "label": lane.label,
            "quantities": list(lane.quantities),
            "place": place,
            "placeName": view.ledger.terms.place_name(place) if place else "",
        })  # fmt: skip
    return {"key": track.key, "title": track.title, "unit": track.unit, "lanes": lanes}


def main_place(view: View, quantities: Sequence[str]) -> str:
    """The place for which most figures of these quantities are given, those whose people are counted first."""
    counted = view.case.settings.people
    given: dict[str, int] = {}
    for claim in view.of_kind("figure"):
        if claim.quantity in quantities and claim.value is not None:
            given[claim.place] = given.get(claim.place, 0) + 1
    return max(sorted(given), key=lambda place: (place in counted, given[place]), default="")


def path_data(story: Story, reports: Reports) -> list[Json]:
    """The steps of the guided path. A sentence whose reports are not known by the moment of the page is left out.

    So is a step of a later day, or without a sentence left.
    """
    first, end = story.span
    found: list[Json] = []
    for step in story.file.steps:
        if story.is_as_of and date.fromisoformat(step.day) > story.view.today:
            continue
        said = [
            {"text": one.text, "claims": reports.numbers(one.claims)}
            for one in step.sentences
            if len(reports.numbers(one.claims)) == len(one.claims)
        ]
        if not said:
            continue
        found.append({
            "title": step.title,
            "day": day_number(date.fromisoformat(step.day)),
            "known": step.known,
            "start": day_number(date.fromisoformat(step.start)) if step.start else first,
            "end": min(day_number(date.fromisoformat(step.end)) + 1, end) if step.end else end,
            "track": step.track,
            "map": step.map,
            "whatif": step.whatif,
            "sentences": said,
        })  # fmt: skip
    return found


def digest(text: str) -> str:
    """The hash by which the page's policy lets a script or style run."""
    return b64encode(sha256(text.encode()).digest()).decode()


def story_html(story: Story) -> str:
    """The page."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    start, end = story.span
    style, code = style_sheets() + (assets() / "story.css").read_text("utf-8"), script()
    pages = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    pages.globals.update(raw=Markup, _=str)
    page = pages.from_string((assets() / "story.html.j2").read_text("utf-8"))
    reports = Reports(story.view, story.folder)
    return page.render(
        title=story.file.title,
        style=style,
        style_hash=digest(style),
        script=code,
        script_hash=digest(code),
        data=safe_json(story_data(story)),
        languages=LANGUAGES,
        groups=[group for group in reports.groups.all],
        tracks=TRACKS,
        tabs=TABS,
        passes=list(PASSES.items()),
        has_map=story.ground is not None,
        has_switches=bool(story.whatifs),
        first=date.fromordinal(start + EPOCH).isoformat(),
        last=date.fromordinal(end - 1 + EPOCH).isoformat(),
        first_day=start,
        last_day=end - 1,
        made=f"Made by safeconduct {VERSION} from the case {story.view.case.key}, "
        f"ledger {story.view.ledger.revision[:12]}.",
    )


def foot(story: Story) -> Json:
    """What the foot is said from: what is left out, which runs the bands are of, and up to when they were fitted."""
    view, run = story.view, story.run
    undated = sum(claim.published is None for claim in view.case.ledger.claims)
    found: Json = {"n": len(view.known), "as_of": day_number(view.today), "undated": undated}
    if run:
        name = run.scenario.title if run.scenario else run.said.get("case") or run.name
        found |= {"runs": run.said.get("n_runs"), "run": name, "fitted": fitted_until(run.said)}
    return found


def fitted_until(said: Json) -> int | None:
    """The day up to which reports were used to fit a run's parameters; None where its record names none."""
    drawn = said.get("drawn_from")
    until = drawn.get("fitted until") if isinstance(drawn, dict) else None
    return day_number(datetime.fromisoformat(str(until)).date()) if until else None


def write_story(story: Story, folder: Path) -> list[Path]:
    """Write the page into a folder; other pages there and this one name each other. Raises RunStopped."""
    return write_pages(folder, {PAGE: story_html(story)})
