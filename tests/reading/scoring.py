"""Scores proposals against labels: found or not, and each field right or wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from safeconduct.reading import Proposal

FIELDS = ("kind", "by", "via", "date", "place", "quantity", "unit", "hedge", "negated", "modality")


@dataclass
class Score:
    """Counts over some texts."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    labelled: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    proposed: Counter[str] = field(default_factory=Counter)
    matched: Counter[str] = field(default_factory=Counter)
    misleading: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    n_figures: int = 0

    def share(self, name: str) -> float:
        """Share of a field that is right, among the labels found that give it."""
        return self.right[name] / self.asked[name] if self.asked[name] else 1.0

    def add(self, other: Score) -> None:
        """Count another score in."""
        for name in ("right", "asked", "labelled", "found", "proposed", "matched"):
            getattr(self, name).update(getattr(other, name))
        for name in ("misleading", "wrong", "missed", "extra"):
            getattr(self, name).extend(getattr(other, name))
        self.n_figures += other.n_figures


def is_figure(label: Mapping[str, Any]) -> bool:
    """Whether a label gives a number."""
    return any(label.get(name) is not None for name in ("low", "best", "high"))


def value(label: Mapping[str, Any]) -> float:
    """The number of a label, to find its proposal by."""
    return float(next(label[name] for name in ("best", "low", "high") if label.get(name) is not None))


def fits(label: Mapping[str, Any], proposal: Proposal, text: str) -> bool:
    """Whether a proposal is about what a label names: the same number, or the passage."""
    at = text.find(str(label["in"])) if "in" in label else -1
    if at >= 0 and not (proposal.start <= at < proposal.end):
        return False
    if is_figure(label):
        said = {v for v in (proposal.low, proposal.best, proposal.high) if v is not None}
        return value(label) in said
    if label.get("hedge") and label.get("kind") == "statement" and proposal.unit != label.get("unit", ""):
        return False
    return proposal.low is None and (proposal.best is None or proposal.quantity == "elapsed time")


def same_name(one: str, other: str) -> bool:
    """Whether two names of a speaker are the same for a reader: one holds the other, articles apart."""
    a, b = (
        " ".join(w for w in name.lower().replace("’", "'").split() if w not in ("the", "a", "an"))
        for name in (one, other)
    )
    return a == b or (bool(a) and bool(b) and (a in b or b in a))


def checks(label: Mapping[str, Any], p: Proposal) -> dict[str, bool]:
    """Each field that a label gives: right or wrong."""
    found: dict[str, bool] = {}
    if is_figure(label):
        found["quantity"] = all(
            (label.get(n) is None) == (getattr(p, n) is None)
            and (label.get(n) is None or float(label[n]) == getattr(p, n))
            for n in ("low", "best", "high")
        )
    if "unit" in label:
        found["unit"] = p.unit == label["unit"]
    if "by" in label:
        found["by"] = same_name(label["by"], p.asserted_by)
    if "via" in label:
        found["via"] = len(p.via) == len(label["via"]) and all(
            same_name(a, b) for a, b in zip(label["via"], p.via, strict=True)
        )
    if "date" in label:
        found["date"] = p.date == str(label["date"])
    if "place" in label:
        found["place"] = p.place_key == label["place"]
    if "place_said" in label:
        found["place"] = label["place_said"] in p.place_said
    if "hedge" in label:
        found["hedge"] = label["hedge"] in p.hedge
    found["negated"] = p.is_negated == label.get("negated", False)
    found["modality"] = p.modality == label.get("modality", "said")
    found["kind"] = p.kind == label.get("kind", "figure")
    return found


def score_text(
    text: str, labels: Sequence[Mapping[str, Any]], proposals: Iterable[Proposal], *, is_complete: bool = True
) -> Score:
    """The score of one text. `is_complete`: every figure of the text is labelled, so that others are wrong."""
    score = Score()
    free = list(proposals)
    everything = list(free)
    score.n_figures = len(everything)
    for label in labels:
        kind = "figure" if is_figure(label) else "other"
        score.labelled[kind] += 1
        match = next((p for p in free if fits(label, p, text)), None)
        if match is None:
            score.missed.append(f"{label} <- {text[:120]}")
            continue
        free.remove(match)
        score.found[kind] += 1
        results = checks(label, match)
        for name, is_right in results.items():
            score.asked[name] += 1
            score.right[name] += is_right
        if "date" in results and "place" in results:
            score.asked["date and place"] += 1
            score.right["date and place"] += results["date"] and results["place"]
        bad = [name for name, is_right in results.items() if not is_right]
        if bad:
            score.wrong.append(
                f"{bad}: {label} got {match.asserted_by!r} via {match.via} "
                f"{match.low}/{match.best}/{match.high} {match.unit} {match.date} {match.place_key} "
                f"neg={match.is_negated} {match.modality} {match.kind} <- {match.sentence[:160]}"
            )
        if bad and not match.warnings and set(bad) & {"quantity", "by", "date", "place", "negated", "modality", "unit"}:
            score.misleading.append(f"{bad}: {match.sentence[:120]}")
    figures = [p for p in everything if p.best is not None or p.low is not None or p.high is not None]
    figures = [p for p in figures if p.quantity != "elapsed time"]
    score.proposed["figure"] += len(figures)
    left = [p for p in figures if p in free]
    score.matched["figure"] += len(figures) - len(left)
    if is_complete:
        score.extra += [f"{p.low}/{p.best}/{p.high} {p.unit} {p.counted!r} <- {p.sentence[:120]}" for p in left]
        score.misleading += [f"no figure: {p.best} in {p.sentence[:100]}" for p in left if not p.warnings]
    return score


def table(score: Score) -> str:
    """A score as lines of text."""
    lines = [
        f"figures found {score.found['figure']} of {score.labelled['figure']}; proposed "
        f"{score.proposed['figure']}, right {score.matched['figure']}",
        f"other claims found {score.found['other']} of {score.labelled['other']}",
    ]
    lines += [
        f"{name}: {score.right[name]} of {score.asked[name]} ({100 * score.share(name):.0f} %)"
        for name in (*FIELDS, "date and place")
    ]
    lines.append(f"would mislead unread: {len(score.misleading)} of {score.n_figures} proposals")
    return "\n".join(lines)
