"""The rules of a coding, as its YAML file states them, and the dates of what held outside the game."""

from __future__ import annotations

import re
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from safeconduct.scenario import Month


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(_Strict):
    """A level that held from one day to another."""

    start: date = Field(alias="from")
    until: date = date.max
    level: float = Field(ge=0, le=1)


class Dating(_Strict):
    """One way of dating a covariate."""

    name: str
    spans: tuple[Span, ...]

    def level(self, day: date) -> float:
        """The level in force on a day; 0 where no span covers it."""
        return next((span.level for span in self.spans if span.start <= day <= span.until), 0.0)


class Variant(_Strict):
    """What one variant of a coding changes."""

    name: str
    scopes: tuple[str, ...] | None = Field(default=None, min_length=1)
    answers: dict[str, str] | None = None
    answer_within_days: int | None = Field(default=None, gt=0)
    excused_grounds: tuple[str, ...] | None = None
    left_out: tuple[str, ...] | None = None


ROLE = re.compile(r"\b(the )?(challenger|guarantor|protege)('s)?", re.IGNORECASE)


class Parties(_Strict):
    """Who has which role in this coding: names as readers are to see them, in the singular."""

    challenger: str = Field(min_length=1)
    guarantor: str = Field(min_length=1)
    protege: str = Field(min_length=1)


def in_names(text: str, parties: Parties) -> str:
    """A text in the theory's roles with the parties' names in their place."""

    def name(found: re.Match[str]) -> str:
        word = str(getattr(parties, found[2].lower()))
        is_start = found.start() == 0 or text[: found.start()].rstrip().endswith((".", ";"))
        word = word[:1].upper() + word[1:] if is_start else word
        return word + (("'" if word.endswith("s") else "'s") if found[3] else "")

    return ROLE.sub(name, text)


class Codebook(_Strict):
    """How a coding maps acts to the game."""

    title: str
    about: str
    parties: Parties
    start: Month = Field(alias="from")
    until: Month
    scopes: tuple[str, ...] = Field(min_length=1)
    answers: dict[str, str]
    answer_within_days: int = Field(gt=0)
    excused_grounds: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    coding_error_chance: float = Field(ge=0, lt=0.5)
    scores_stances: bool = True
    variants: tuple[Variant, ...] = ()

    def under(self, variant: Variant) -> Codebook:
        """These rules with a variant's changes."""
        changes = {k: v for k, v in variant.model_dump(exclude={"name"}).items() if v is not None}
        if "answers" in changes:
            changes["answers"] = {**self.answers, **changes["answers"]}
        return self.model_copy(update=changes)


def months_of(start: str, until: str) -> tuple[str, ...]:
    """Every month from one to another, both included."""
    first, last = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (start, until))
    return tuple(f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1))
