"""Who could pass the road, day by day, as each side reports it.

What a side says holds from its day until the same side says another, or for as many days as its row says. A count of
people who passed adds them; it is no word on who else could pass. A direction that a side has not spoken of is not
known from that side; a day without any report is not known.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from safeconduct.ledger import PASSES
from safeconduct.monitor.derived import Passage

ONE_DAY = timedelta(days=1)
NOT_KNOWN = "not known"
State = tuple[str, ...] | None
RANKS = {word: n for n, word in enumerate(PASSES)}
SUPPLIES = (RANKS["aid"], RANKS["force"])  # a word on them is none on people


@dataclass(frozen=True, slots=True)
class SideState:
    """What one side reports of a day: who could leave, who could enter, in which claims.

    Of these, `says_out` and `says_into` are what it says of the road; the rest it counted, and who else could pass it
    leaves open.
    """

    out: State
    into: State
    claims: tuple[str, ...]
    says_out: State = None
    says_into: State = None

    @property
    def is_known(self) -> bool:
        """Whether anything is said."""
        return self.out is not None or self.into is not None

    @property
    def ways(self) -> tuple[tuple[State, State], tuple[State, State]]:
        """Of each direction: who could pass, and what of it the side says of the road."""
        return (self.out, self.says_out), (self.into, self.says_into)

    def says_as(self, other: SideState) -> bool:
        """Whether the same people could pass, whatever the claims."""
        return self.ways == other.ways


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
        """Whether what one side says of a direction and what another says or counts cannot both be.

        A count is of those who passed: two counts of different people are no dispute, nor is a count beside a side that
        says that more could pass, or that speaks of supplies alone.
        """
        for way in (0, 1):
            found = [side.ways[way] for side in self.sides.values()]
            said = {rank(state) for state, says in found if says is not None}
            counted = [rank(state) for state, says in found if state is not None and says is None]
            limits = [one for one in said if one not in SUPPLIES]
            if len(said) > 1 or (limits and counted and min(counted) < min(limits)):
                return True
        return False


def rank(state: State) -> int:
    """The widest category of a state, by its place in the list."""
    return RANKS[widest(state)]


def say_state(state: State) -> str:
    """Who could pass, in words."""
    return NOT_KNOWN if state is None else ", ".join(PASSES[word] for word in state)


def widest(state: State) -> str:
    """The widest category of a state."""
    return NOT_KNOWN if state is None else state[0]


class Dated:
    """Reports by their day."""

    def __init__(self) -> None:
        self.days: list[date] = []
        self.reports: dict[date, list[Passage]] = defaultdict(list)

    def add(self, one: Passage) -> None:
        """A report, none of an earlier day than the last."""
        if not self.days or self.days[-1] != one.start:
            self.days.append(one.start)
        self.reports[one.start].append(one)

    def latest(self, day: date) -> Sequence[Passage]:
        """All reports of the latest day up to this one."""
        at = bisect_right(self.days, day)
        return self.reports[self.days[at - 1]] if at else ()


@dataclass(frozen=True)
class Log:
    """What one side reports of one direction, by the day of the report: what it says, and each category it counted."""

    direction: str
    said: Dated
    counted: Mapping[str, Dated]

    @classmethod
    def of(cls, passages: Iterable[Passage], direction: str) -> Log:
        """The reports that speak of a direction."""
        said, counted = Dated(), {word: Dated() for word in PASSES}
        for one in sorted(passages, key=lambda one: one.start):
            words = getattr(one, direction) or ()
            for log in [counted[word] for word in words] if one.is_count else [said] * bool(words):
                log.add(one)
        return cls(direction, said, counted)

    def holding(self, day: date) -> tuple[State, State, tuple[str, ...]]:
        """Who could pass, what of it the side says of the road, and the claims that report it.

        A side's word that has run out does not bring back the one before it: what it said is over once it said another,
        or once it counted people who by its word could not pass. Any other count adds those who passed: it takes the
        place of no word and of no count of others.
        """
        spoken = self.said.latest(day)
        holds = [one for one in spoken if still_holds(one, day)]
        since = spoken[0].start if spoken else date.min
        counts = {word: [one for one in log.latest(day) if one.start >= since] for word, log in self.counted.items()}
        says = in_order(word for one in holds for word in getattr(one, self.direction))
        if says and any(RANKS[word] < rank(says) and found[0].start > since for word, found in counts.items() if found):
            holds, says = [], None
        seen = {word: [one for one in found if still_holds(one, day)] for word, found in counts.items()}
        state = in_order((*(says or ()), *(word for word, found in seen.items() if found)))
        claims = (*holds, *sorted((one for found in seen.values() for one in found), key=lambda one: one.start))
        return state, says, tuple(dict.fromkeys(one.claim for one in claims))


def in_order(words: Iterable[str]) -> State:
    """Categories from the widest to the narrowest; "nobody" where nothing else is said; None where nothing is."""
    found = set(words)
    return tuple(word for word in PASSES if word in found and (word != "nobody" or len(found) == 1)) or None


def still_holds(passage: Passage, day: date) -> bool:
    """Whether a report still holds on a day."""
    return passage.holds_days is None or day < passage.start + passage.holds_days * ONE_DAY


def side_state(logs: tuple[Log, Log], day: date) -> SideState:
    """What one side reports of a day."""
    (out, says_out, left), (into, says_into, entered) = (log.holding(day) for log in logs)
    return SideState(out, into, tuple(dict.fromkeys((*left, *entered))), says_out, says_into)


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
        side: replace(state, claims=tuple(dict.fromkeys(c for one in run for c in one.sides[side].claims)))
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
