"""And if? What paired runs say of one change: what is assumed first, then differences, or why there is no answer."""

from __future__ import annotations

import csv
import re
import shlex
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from pathlib import Path

from safeconduct.findings.story.bands import paired_bands, provenance_in
from safeconduct.findings.story.claims import Json
from safeconduct.findings.words import outcome_words
from safeconduct.terms import UsageError, json_of

COUNTERFACTUAL, MEASURES = "counterfactual.json", "measures.csv"
ANSWER = "case.inside"  # what every question about acts asks for
WHOLE_CASE, UNTIL = "case.", "days until"  # of measures: names of those of the whole case; words of those of a level
WAS, CHANGED = ("unchanged", "recorded"), ("changed", "set")  # worlds, with the names that older folders gave them
LEAST_COUNT, NEARLY = 100.0, 0.05  # counts of people, and what is nearly the same: less than 5 % of what it was
ASSUMED = re.compile(r"\S+ on (\d{4}-\d\d-\d\d)T?\S*: (.+?) \((.+)\)")  # act, time: what it is assumed to do (source)


@dataclass(frozen=True)
class Switch:
    """One change that the page can show beside what the runs give without it."""

    key: str
    title: str
    assumed: tuple[str, ...]
    rows: tuple[Json, ...]  # words, unit, was, changed, low, high; or words and why it is refused
    share: int  # percent of pairs between low and high
    pairs: int | None = None  # how many pairs of runs
    was: tuple[Json, ...] = field(default=())  # bands of these pairs without the change
    bands: tuple[Json, ...] = field(default=())  # and with it
    same: tuple[str, ...] = ()  # first phases, in which both worlds are the same
    refused: str = ""  # why the assumption decides the answer: who lives inside at the end

    def as_json(self) -> Json:
        """As the page holds it. Where the assumption decides the answer or every measure, the whole is refused."""
        given = [] if self.refused else [row for row in self.rows if "refused" not in row]
        refused = self.refused or (str(self.rows[0]["refused"]) if self.rows and not given else "")
        return {
            "key": self.key,
            "title": self.title,
            "assumed": list(self.assumed),
            "rows": list(self.rows),
            "share": self.share,
            "pairs": self.pairs,
            "refused": refused,
            "was": list(self.was),
            "bands": list(self.bands),
            "same": list(self.same),
            **self.finding(given),
        }

    def finding(self, given: list[Json]) -> Json:
        """The row that changed most against its range, and counts of the last phase that stayed nearly the same."""
        scored = [
            (abs(number_in(row, "gap")) / number_in(row, "wide"), n) for n, row in enumerate(given) if row.get("wide")
        ]
        most = max(scored, default=(0.0, -1))
        last = str(given[-1]["words"]).split(": ")[0] if given else ""  # counts of the last phase
        near = [
            row["words"]
            for row in given
            if str(row["words"]).startswith(last)
            and number_in(row, "was") >= LEAST_COUNT
            and abs(number_in(row, "gap")) < NEARLY * number_in(row, "was")
        ]
        return {"most": self.rows.index(given[most[1]]) if most[0] > 0 else None, "near": near}


def number_in(row: Json, name: str) -> float:
    """A figure of a row; 0 where it has none."""
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def read_switch(folder: Path, zone: tzinfo) -> Switch:
    """What `whatif` left in a folder. Raises UsageError where it holds no such result."""
    if (folder / COUNTERFACTUAL).exists():
        was, changed = paired_bands(folder, zone)
        return replace(acts_switch(folder), was=was, bands=changed)
    if (folder / MEASURES).is_file():
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
    measures = measures if isinstance(measures, dict) else {}
    early = before_the_change(measures)
    before = tuple(dict.fromkeys(str(measures[name]["about"]).split(": ")[0] for name in early))
    n_pairs = told.get("n_pairs")
    made = [row_of(one, n_pairs) for name, one in measures.items() if name not in early]
    rows = [row for row in made if row]
    assumed = told.get("assumed")
    said = [ASSUMED.fullmatch(str(one)) for one in assumed] if isinstance(assumed, list) else []
    effects = [(when, about, source) for when, about, source in (one.groups() for one in said if one)]
    title = str(told.get("title") or "") or "; ".join(dict.fromkeys(about for _, about, _ in effects)) or folder.name
    answer = measures.get(ANSWER) or {}
    refused = str(answer.get("result") or "")
    pairs = n_pairs if isinstance(n_pairs, int) else None
    return Switch(folder.name, title, assumptions(effects), tuple(rows), 80, pairs, same=before, refused=refused)


def assumptions(effects: list[tuple[str, str, str]]) -> tuple[str, ...]:
    """A sentence for each day and source: what is assumed from then on, each thing once."""
    found: dict[tuple[str, str], list[str]] = {}
    for when, about, source in effects:
        given = found.setdefault((when, source), [])
        if about not in given:
            given.append(about)
    return tuple(
        f"From {show_day(when)}: {'; '.join(given)}. Source: {source}" for (when, source), given in found.items()
    )


def before_the_change(measures: dict[str, dict[str, object]]) -> list[str]:
    """The names of measures of the first phases, as long as nothing of a phase differs; none where nothing differs."""
    phases: dict[str, list[str]] = {}
    for name in measures:
        if not name.startswith(WHOLE_CASE):
            phases.setdefault(name.split(".")[0], []).append(name)
    found: list[str] = []
    for names in phases.values():
        if any(differs(measures[name]) for name in names):
            return found
        found += names
    return []


def differs(measure: dict[str, object]) -> bool:
    """Whether the two worlds differ in this measure, or the change decides it."""
    gap = quantiles(measure.get("difference"))
    was, changed = (world_of(measure, name) for name in (WAS, CHANGED))
    return "result" in measure or gap[0] is None or any(gap) or was != changed


def show_day(said: str) -> str:
    """A date for people."""
    when = date.fromisoformat(said)
    return f"{when.day} {when:%B %Y}"


def row_of(measure: dict[str, object], n_pairs: object) -> Json:
    """A measure in both worlds; why there is none where the act decides it or where some pairs never reach it.

    Medians of the pairs that reach a level are of other pairs in each world, so they are not set side by side.
    """
    if "result" in measure:
        return {"words": measure["about"], "refused": measure["result"]}
    reached = [reached_in(measure, name) for name in (WAS, CHANGED)]
    if UNTIL in str(measure["about"]) and reached != [n_pairs, n_pairs]:
        if None in reached:
            return {"words": measure["about"], "refused": "left out: the folder does not say how many pairs reach it"}
        share = f"{reached[0]} of {n_pairs} pairs as it was, {reached[1]} with the change"
        return {"words": measure["about"], "refused": f"not compared: reached in {share}"}
    was, changed, gap = (quantiles(world_of(measure, name)) for name in (WAS, CHANGED, ("difference",)))
    if was[1] is None or changed[1] is None or gap[0] is None:
        return {}
    return {
        "words": measure["about"], "unit": "", "was": was[1], "changed": changed[1], "low": gap[0], "high": gap[2],
        "gap": gap[1], "wide": (was[2] or 0.0) - (was[0] or 0.0),
    }  # fmt: skip


def world_of(measure: dict[str, object], names: tuple[str, ...]) -> object:
    """A measure's quantiles in one world, under the name that the folder's version gave it."""
    return next((measure[name] for name in names if name in measure), None)


def reached_in(measure: dict[str, object], names: tuple[str, ...]) -> object:
    """In how many pairs a measure is defined; None in a folder of an older version."""
    given = world_of(measure, names)
    return given.get("n") if isinstance(given, dict) else None


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
