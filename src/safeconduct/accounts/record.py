"""What was reported of a row, under one way of reading answers: written down, or counted from the acts of a coding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from safeconduct.accounts.codings.acts import Act
from safeconduct.accounts.codings.coding import Coding
from safeconduct.accounts.table import Reported, Seen
from safeconduct.actors import ANSWERS

LEAST_FALL = 0.2  # of a share; less counts as no change (assumed)


class Rule(BaseModel):
    """How a row is counted from the acts of a coding."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: Literal["answers", "grounds"]
    level: Literal["words", "enforcement"] = "enforcement"  # answers: at least this
    grounds: tuple[str, ...] = ()  # grounds: any of these
    start: date = Field(default=date.min, alias="from")
    until: date = date.max
    at_least: int | None = Field(default=None, ge=1)  # so many acts
    share: float | None = Field(default=None, gt=0, le=1)  # this share of acts or more
    falls_after: date | None = None  # the share falls from this day on


@dataclass(frozen=True, slots=True)
class Hit:
    """One act, and whether it counts; None where its answer was never looked up."""

    act: Act
    counts: bool | None
    by: tuple[str, ...]  # rows of its answers


def count_record(rule: Rule, coding: Coding) -> Reported:
    """What the acts of a coding say of a rule."""
    hits = [hit for hit in hits_of(rule, coding) if rule.start <= hit.act.day <= rule.until]
    if rule.falls_after:
        day = rule.falls_after
        return fall([h for h in hits if h.act.day < day], [h for h in hits if h.act.day >= day], rule)
    known = [hit for hit in hits if hit.counts is not None]
    found = [hit for hit in known if hit.counts]
    enough = len(found) >= (rule.at_least or 1) if rule.share is None else len(found) >= rule.share * len(known)
    seen = (Seen.YES if enough else Seen.NO) if known else Seen.NOT_LOOKED_UP
    return Reported(seen, say(hits, rule), rows_of(found or known))


def hits_of(rule: Rule, coding: Coding) -> Iterator[Hit]:
    """The acts that a coding looks at, each with whether it counts."""
    rules = coding.rules
    for act in coding.acts:
        if act.kind != "move" or act.scope not in rules.scopes or act.row in rules.left_out:
            continue
        if rule.of == "grounds":
            yield Hit(act, act.grounds in rule.grounds, ())
        elif act.grounds not in rules.excused_grounds:
            given = [one for one in coding.acts if is_answer(one, act, coding)]
            least = ANSWERS.index(rule.level)
            strong = [one for one in given if ANSWERS.index(rules.answers[one.code]) >= least]
            yield Hit(act, bool(strong) if given else None, tuple(one.row for one in strong or given))


def is_answer(one: Act, act: Act, coding: Coding) -> bool:
    """Whether a row answers an act, within the days that the coding allows."""
    rules = coding.rules
    in_time = (one.day - act.day).days <= rules.answer_within_days
    return one.kind == "answer" and one.row not in rules.left_out and act.row in one.answers_to and in_time


def rows_of(hits: Sequence[Hit]) -> tuple[str, ...]:
    """The acts and answers that a count rests on."""
    return tuple(dict.fromkeys(row for hit in hits for row in (hit.act.row, *hit.by)))


def fall(before: Sequence[Hit], after: Sequence[Hit], rule: Rule) -> Reported:
    """Whether a share falls from one span to the next."""
    shares = [share_of(before), share_of(after)]
    words = f"before {rule.falls_after}: {say(before, rule)}; from then on: {say(after, rule)}"
    if shares[0] is None or shares[1] is None:
        return Reported(Seen.NOT_LOOKED_UP, words)
    found = [hit for hit in (*before, *after) if hit.counts]
    return Reported(Seen.YES if shares[0] - shares[1] >= LEAST_FALL else Seen.NO, words, rows_of(found))


def share_of(hits: Sequence[Hit]) -> float | None:
    """The share that counts among the acts of which it is known."""
    known = [hit for hit in hits if hit.counts is not None]
    return sum(bool(hit.counts) for hit in known) / len(known) if known else None


def say(hits: Sequence[Hit], rule: Rule) -> str:
    """A count in words."""
    known = [hit for hit in hits if hit.counts is not None]
    found = [hit for hit in known if hit.counts]
    rows = " ".join(by for hit in found for by in (hit.by or (hit.act.row,)))
    named = f" ({rows})" if rows else ""
    if rule.of == "grounds":
        return f"{len(found)} of {len(known)} acts{named}"
    what = f"answered with what counts as {rule.level}" + (" or more" if rule.level == "words" else "")
    open_acts = len(hits) - len(known)
    left = f"; answers to {open_acts} more never looked up" if open_acts else ""
    return f"{len(found)} of {len(known)} acts {what}{named}{left}"
