"""The state behind a review: one decision a proposal, each undone by one key. It asks and prints nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from safeconduct.reading.accept import times_of
from safeconduct.reading.types import KINDS, MODALITIES, Proposal
from safeconduct.terms import UsageError, closest

EDITABLE = (
    "kind",
    "asserted_by",
    "reporter",
    "via",
    "hedge",
    "is_negated",
    "modality",
    "quantity",
    "low",
    "best",
    "high",
    "unit",
    "date",
    "place",
    "actor",
    "action",
    "obligation",
)
YES_NO = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True)
class Review:
    """Proposals and what was decided of them so far; "" where nothing was yet."""

    proposals: tuple[Proposal, ...]
    decisions: tuple[str, ...] = ()  # accepted, corrected, rejected
    before: Review | None = None

    @property
    def current(self) -> Proposal | None:
        """The proposal to decide next; None at the end."""
        return self.proposals[len(self.decisions)] if len(self.decisions) < len(self.proposals) else None

    @property
    def accepted(self) -> tuple[Proposal, ...]:
        """What a person has accepted, as corrected."""
        pairs = zip(self.proposals, self.decisions, strict=False)
        return tuple(p for p, decision in pairs if decision in ("accepted", "corrected"))

    def accept(self) -> Review:
        """Take the current proposal as it stands."""
        return self.decided("accepted")

    def reject(self) -> Review:
        """Leave the current proposal out."""
        return self.decided("rejected")

    def correct(self, changes: Mapping[str, str]) -> Review:
        """Change fields of the current proposal and take it. Raises UsageError for what cannot be."""
        assert self.current is not None
        changed = corrected(self.current, changes)
        at = len(self.decisions)
        return replace(self.decided("corrected"), proposals=(*self.proposals[:at], changed, *self.proposals[at + 1 :]))

    def undo(self) -> Review:
        """The state before the last decision."""
        return self.before or self

    def decided(self, decision: str) -> Review:
        """The state after a decision on the current proposal."""
        if self.current is None:
            raise UsageError("every proposal has been decided; expected none more; write them or undo")
        return Review(self.proposals, (*self.decisions, decision), self)


def corrected(p: Proposal, changes: Mapping[str, str]) -> Proposal:
    """A proposal with fields changed by hand; warnings stay, with a word that a person corrected it."""
    found: dict[str, Any] = {}
    for name, text in changes.items():
        text = text.strip()
        if name not in EDITABLE:
            raise UsageError(f'there is no field "{name}"; {closest(name, EDITABLE)}.')
        found[name] = value_of(name, text)
    if "place" in found:
        found |= {"place_key": str(found["place"]), "place_said": p.place_said or str(found["place"])}
    if "asserted_by" in found and "reporter" not in found:
        found["reporter"] = ""  # the suggestion was for another name
    if "date" in found:
        iso = str(found["date"])
        found["date_precision"] = "period" if "/" in iso else {0: "unknown", 4: "year", 7: "month"}.get(len(iso), "day")
    made = replace(p, **found, rule=f"{p.rule}; corrected by hand")
    ordered = [v for v in (made.low, made.best, made.high) if v is not None]
    if ordered != sorted(ordered):
        raise UsageError("low, best and high are out of order; expected the smallest in low, the largest in high")
    return made


def value_of(name: str, text: str) -> object:
    """A field's value from typed words."""
    if name == "kind" and text not in KINDS:
        raise UsageError(f'kind is "{text}"; {closest(text, KINDS)}.')
    if name == "modality" and text not in MODALITIES:
        raise UsageError(f'modality is "{text}"; {closest(text, MODALITIES)}.')
    if name == "is_negated":
        if text.lower() not in YES_NO:
            raise UsageError(f'is_negated is "{text}"; expected yes or no')
        return YES_NO[text.lower()]
    if name == "via":
        return tuple(part.strip() for part in text.split(";") if part.strip())
    if name in ("low", "best", "high"):
        try:
            return float(text.replace(",", "")) if text else None
        except ValueError:
            raise UsageError(f'{name} is "{text}"; expected a number, or nothing') from None
    if name == "date" and text:
        try:
            times_of(Proposal("figure", 0, 0, "", 0, 0, "", date=text), UTC)
        except (ValueError, KeyError):
            raise UsageError(
                f'date is "{text}"; expected 2023, 2023-06, 2023-06-15, or two of them with a slash'
            ) from None
    return text
