"""And if? What paired runs say of one change: what is assumed first, then differences, or why there is no answer."""

from __future__ import annotations

import csv
import re
import shlex
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from pathlib import Path

from safeconduct.findings.story.bands import changed_bands, provenance_in
from safeconduct.findings.story.claims import Json
from safeconduct.findings.words import outcome_words
from safeconduct.terms import UsageError, json_of

COUNTERFACTUAL, MEASURES = "counterfactual.json", "measures.csv"
ASSUMED = re.compile(r"\S+ on (\d{4}-\d\d-\d\d)T?\S*: (.+?) \((.+)\)")  # act, time: what it is assumed to do (source)


@dataclass(frozen=True)
class Switch:
    """One change that the page can show beside what the runs give without it."""

    key: str
    title: str
    assumed: tuple[str, ...]
    rows: tuple[Json, ...]  # words, unit, was, changed, low, high; or words and why it is refused
    share: int  # percent of pairs between low and high
    bands: tuple[Json, ...] = field(default=())

    def as_json(self) -> Json:
        """As the page holds it. Where the assumption decides every measure, the whole is refused."""
        given = [row for row in self.rows if "refused" not in row]
        refused = str(self.rows[0]["refused"]) if self.rows and not given else ""
        return {
            "key": self.key,
            "title": self.title,
            "assumed": list(self.assumed),
            "rows": list(self.rows),
            "share": self.share,
            "refused": refused,
            "bands": list(self.bands),
        }


def read_switch(folder: Path, zone: tzinfo) -> Switch:
    """What `whatif` left in a folder. Raises UsageError where it holds no such result."""
    if (folder / COUNTERFACTUAL).exists():
        return replace(acts_switch(folder), bands=changed_bands(folder, zone))
    if (folder / MEASURES).exists():
        return change_switch(folder, changes_in(str(provenance_in(folder).get("command") or "")) or folder.name)
    raise UsageError(
        f"{folder} holds neither {COUNTERFACTUAL} nor {MEASURES}; expected a folder that whatif wrote; "
        "make one with: safeconduct whatif CASE --out FOLDER"
    )


def switches_in(folder: Path, zone: tzinfo) -> tuple[Switch, ...]:
    """The switch of a folder, or of each folder inside where `whatif --declared` left several."""
    inside = sorted(one.parent for one in folder.glob(f"*/{COUNTERFACTUAL}"))
    return tuple(read_switch(one, zone) for one in inside or [folder])


def changes_in(command: str) -> str:
    """What a typed command changes: the values of its options that change something."""
    words = shlex.split(command)
    options = ("--set", "--event", "--routes", "--do")
    return "; ".join(value for name, value in zip(words, words[1:], strict=False) if name in options)


def read_json(file: Path) -> dict[str, object]:
    """A record as it was written. Raises CaseError where it is none."""
    found = json_of(file)
    return found if isinstance(found, dict) else {}


def acts_switch(folder: Path) -> Switch:
    """Acts set from their own day in a case with phases."""
    told = read_json(folder / COUNTERFACTUAL)
    measures = told.get("measures")
    rows = [row_of(one) for one in measures.values()] if isinstance(measures, dict) else []
    assumed = told.get("assumed")
    said = [ASSUMED.fullmatch(str(one)) for one in assumed] if isinstance(assumed, list) else []
    effects = [(when, about, source) for when, about, source in (one.groups() for one in said if one)]
    title = str(told.get("title") or "") or "; ".join(dict.fromkeys(about for _, about, _ in effects)) or folder.name
    words = tuple(f"From {show_day(when)}: {about} ({source})" for when, about, source in effects)
    return Switch(folder.name, title, words, tuple(row for row in rows if row), 80)


def show_day(said: str) -> str:
    """A date for people."""
    when = date.fromisoformat(said)
    return f"{when.day} {when:%B %Y}"


def row_of(measure: dict[str, object]) -> Json:
    """A measure in both worlds; why there is none where the act itself decides it; empty where it is not defined."""
    if "result" in measure:
        return {"words": measure["about"], "refused": measure["result"]}
    was, changed, gap = (quantiles(measure.get(name)) for name in ("recorded", "set", "difference"))
    if was[1] is None or changed[1] is None or gap[0] is None:
        return {}
    return {
        "words": measure["about"], "unit": "", "was": was[1], "changed": changed[1], "low": gap[0], "high": gap[2],
    }  # fmt: skip


def quantiles(said: object) -> tuple[float | None, float | None, float | None]:
    """The 10, 50 and 90 % quantiles of a measure in one world."""
    given = said if isinstance(said, dict) else {}
    low, middle, high = (given.get(name) for name in ("p10", "p50", "p90"))
    return low, middle, high


def change_switch(folder: Path, title: str) -> Switch:
    """A parameter, an event or a road changed in a short case."""
    with (folder / MEASURES).open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    rows: list[Json] = []
    for row in table:
        was, changed = number(row, "factual_p50"), number(row, "counterfactual_p50")
        low, high = number(row, "p05"), number(row, "p95")
        if None not in (was, changed, low, high):
            words = outcome_words(row["measure"])[0]
            told = {"words": words, "unit": row["unit"], "was": was, "changed": changed, "low": low, "high": high}
            rows.append(told)
    return Switch(folder.name, title, (title,), tuple(rows), 90)


def number(row: dict[str, str], name: str) -> float | None:
    """A cell that holds a number; None where it is empty."""
    return float(row[name]) if row.get(name) else None
