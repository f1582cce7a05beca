"""The guided path: a case's own `story.yaml`, every sentence with the reports it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from safeconduct.findings.story.tracks import TRACKS
from safeconduct.monitor import View
from safeconduct.scenario import read_document
from safeconduct.terms import CaseError, Fault, closest, is_there, parse_day

FILE = "story.yaml"
TRACK_KEYS = tuple(track.key for track in TRACKS)


class Strict(BaseModel):
    """No unknown names, no quiet conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Sentence(Strict):
    """One sentence, attributed, and the ids of the reports that it rests on."""

    text: str = Field(min_length=1)
    claims: list[str] = Field(min_length=1)


class MapView(Strict):
    """What the map shows: west, south, east, north in degrees."""

    west: float = Field(ge=-180, le=180)
    south: float = Field(ge=-85, le=85)
    east: float = Field(ge=-180, le=180)
    north: float = Field(ge=-85, le=85)


class Step(Strict):
    """One step: where the clocks, the axis and the map go, and what is read there."""

    title: str = Field(min_length=1)
    day: str
    known: Literal["then", "now"] = "now"
    start: str = ""  # of the axis; empty = the whole
    end: str = ""
    track: str = ""
    map: str = ""  # a key of `maps`
    whatif: str = ""  # a switch that is turned on
    sentences: list[Sentence] = Field(min_length=1)


class Moment(Strict):
    """An event that the time axis names, and the report that it rests on."""

    day: str
    title: str = Field(min_length=1)
    claim: str


class StoryFile(Strict):
    """story.yaml"""

    title: str = Field(min_length=1)
    about: str = Field(min_length=1)
    start: str = ""  # of the axis; empty = as the monitor
    end: str = ""
    land: str = ""  # case whose places and roads are drawn; empty = its own
    maps: dict[str, MapView] = {}
    opens: str = ""  # the day on which the page opens
    moments: list[Moment] = []
    steps: list[Step] = []


def read_story(folder: Path, view: View) -> StoryFile:
    """The case's story.yaml; a plain one where there is none. Raises CaseError with every fault."""
    if not is_there(folder / FILE):
        return StoryFile(title=view.case.settings.title, about=view.case.settings.about)
    faults: list[Fault] = []
    document = read_document(folder / FILE, faults)
    found = document.read_as(StoryFile, "see docs/story.md", faults) if document else None
    if document and found:
        zone = view.case.zone
        known = {
            one.id: one.published.astimezone(zone).date() if one.published else None for one in view.case.ledger.claims
        }
        faults += [
            document.fault(where, said, expected, advice) for where, said, expected, advice in wrong(found, known)
        ]
    if found is None or faults:
        raise CaseError(faults)
    return found


def wrong(
    story: StoryFile, published: Mapping[str, date | None]
) -> Iterator[tuple[tuple[str | int, ...], str, str, str]]:
    """Where something leads nowhere: the place in the file, what was found, what was expected, what to do.

    A step as known then cites only what was published by its day.
    """
    ids = sorted(published)
    for n, one in enumerate(story.moments):
        if not is_date(one.day):
            yield ("moments", n, "day"), one.day, "a date such as 2030-05-06", "write year, month and day"
        if one.claim not in published:
            yield ("moments", n, "claim"), one.claim, "the id of a claim", closest(one.claim, ids)
    for name in ("start", "end", "opens"):
        if (said := getattr(story, name)) and not is_date(said):
            yield (name,), said, "a date such as 2030-05-06", "write year, month and day"
    for n, step in enumerate(story.steps):
        for name in ("day", "start", "end"):
            said = getattr(step, name)
            if (said or name == "day") and not is_date(said):
                yield ("steps", n, name), said, "a date such as 2030-05-06", "write year, month and day"
        if step.track and step.track not in TRACK_KEYS:
            yield ("steps", n, "track"), step.track, "the key of a track", closest(step.track, TRACK_KEYS)
        if step.map and step.map not in story.maps:
            yield ("steps", n, "map"), step.map, "a key of maps", "add it there"
        for k, sentence in enumerate(step.sentences):
            for m, claim in enumerate(sentence.claims):
                where = ("steps", n, "sentences", k, "claims", m)
                if claim not in published:
                    yield where, claim, "the id of a claim", closest(claim, ids)
                elif (
                    step.known == "then"
                    and is_date(step.day)
                    and (day := published[claim])
                    and day > parse_day(step.day)
                ):
                    said = f"{claim}, published {day}"
                    yield where, said, f"a report published by {step.day}", "move the step's day, or write known: now"


def is_date(said: str) -> bool:
    """Whether this is a date as the file writes them."""
    try:
        parse_day(said)
    except ValueError:
        return False
    return True
