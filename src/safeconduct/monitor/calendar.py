"""Who could pass the road, day by day, as each side reports it.

A report holds from its day until the same side reports another, or for as many days as its row says. A direction that
a side has not spoken of is not known from that side; a day without any report is not known.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from safeconduct.ledger import PASSES
from safeconduct.monitor.derived import Passage

ONE_DAY = timedelta(days=1)
NOT_KNOWN = "not known"
State = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class SideState:
    """What one side reports of a day: who could leave, who could enter, in which claims."""

    out: State
    into: State
    claims: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        """Whether anything is said."""
        return self.out is not None or self.into is not None

    def says_as(self, other: SideState) -> bool:
        """Whether the same people could pass, whatever the claims."""
        return (self.out, self.into) == (other.out, other.into)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of which every side says the same as on the day before."""

    first: date
    last: date
    sides: Mapping[str, SideState]

    @property
    def n_days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def is_known(self) -> bool:
        """Whether any side says anything."""
        return bool(self.sides)

    @property
    def is_contested(self) -> bool:
        """Whether two sides report different states of one direction."""
        return any(
            len({state for state in states if state is not None}) > 1
            for states in ([s.out for s in self.sides.values()], [s.into for s in self.sides.values()])
        )


def say_state(state: State) -> str:
    """Who could pass, in words."""
    return NOT_KNOWN if state is None else ", ".join(PASSES[word] for word in state)


def widest(state: State) -> str:
    """The widest category of a state."""
    return NOT_KNOWN if state is None else state[0]


@dataclass(frozen=True)
class Log:
    """What one side reports of one direction, by the day of the report."""

    direction: str
    days: list[date]
    reports: Mapping[date, list[Passage]]

    @classmethod
    def of(cls, passages: Iterable[Passage], direction: str) -> Log:
        """The reports that speak of a direction."""
        reports: dict[date, list[Passage]] = defaultdict(list)
        for one in passages:
            if getattr(one, direction) is not None:
                reports[one.start].append(one)
        return cls(direction, sorted(reports), reports)

    def holding(self, day: date) -> tuple[State, tuple[str, ...]]:
        """The latest state while it holds, and the claims that report it.

        A state that has run out does not bring back the one before it: what a side said is over once it said another.
        """
        at = bisect_right(self.days, day)
        latest = [one for one in self.reports[self.days[at - 1]] if still_holds(one, day)] if at else []
        words = {word for one in latest for word in getattr(one, self.direction)}
        state = tuple(word for word in PASSES if word in words and (word != "nobody" or len(words) == 1))
        return state or None, tuple(one.claim for one in latest)


def still_holds(passage: Passage, day: date) -> bool:
    """Whether a report still holds on a day."""
    return passage.holds_days is None or day < passage.start + passage.holds_days * ONE_DAY


def side_state(logs: tuple[Log, Log], day: date) -> SideState:
    """What one side reports of a day."""
    (out, left), (into, entered) = (log.holding(day) for log in logs)
    return SideState(out, into, tuple(dict.fromkeys((*left, *entered))))


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day, both ends included."""
    return (first + n * ONE_DAY for n in range((last - first).days + 1))


def stretches(by_side: Mapping[str, tuple[Passage, ...]], first: date, last: date) -> tuple[Stretch, ...]:
    """All days from first to last, those alike put together. No day is left out."""
    if last < first:
        return ()
    logs = {side: (Log.of(passages, "out"), Log.of(passages, "into")) for side, passages in by_side.items()}
    turns = turning_days(by_side, first, last)
    runs: list[list[Stretch]] = []  # neighbours of which every side says the same
    for start, following in zip(turns, [*turns[1:], last + ONE_DAY], strict=True):
        said = {side: side_state(both, start) for side, both in logs.items()}
        one = Stretch(start, following - ONE_DAY, {side: state for side, state in said.items() if state.is_known})
        if runs and alike(runs[-1][-1].sides, one.sides):
            runs[-1].append(one)
        else:
            runs.append([one])
    return tuple(map(joined, runs))


def joined(run: Sequence[Stretch]) -> Stretch:
    """Neighbours as one stretch, on the word of all their claims."""
    sides = {
        side: SideState(state.out, state.into, tuple(dict.fromkeys(c for one in run for c in one.sides[side].claims)))
        for side, state in run[0].sides.items()
    }
    return Stretch(run[0].first, run[-1].last, sides)


def alike(one: Mapping[str, SideState], other: Mapping[str, SideState]) -> bool:
    """Whether the same sides say the same."""
    return one.keys() == other.keys() and all(state.says_as(other[side]) for side, state in one.items())


def turning_days(by_side: Mapping[str, tuple[Passage, ...]], first: date, last: date) -> list[date]:
    """The days on which anything may change: where a report begins or ceases to hold."""
    turns = {first}
    for one in (one for passages in by_side.values() for one in passages):
        turns.add(one.start)
        if one.holds_days is not None:
            turns.add(one.start + one.holds_days * ONE_DAY)
    return sorted(day for day in turns if first <= day <= last)
