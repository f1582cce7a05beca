"""How much work runs of a case are, estimated before the first begins, and the limit that a user may lift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from safeconduct.scenario import COUNTED, PLACE, QUANTITIES, ROUTE, Phase, Scenario
from safeconduct.terms import UsageError

MOST_PARTIES = 20_000_000  # people who travel together, of one run; each takes some 60 bytes
MOST_STEPS = 500_000  # of one run; a step that moves no one takes some 0.2 ms
MOST_BUSES = 100_000
MOST_BYTES = 8 * 2**30  # of parties and of recorded series of all runs, which are held together at the end
BYTES_A_PARTY, BYTES_A_VALUE = 100, 16  # a series is held once by run and once together
BUSES = ("convoy", "shuttle")

_is_lifted: ContextVar[bool] = ContextVar("any size", default=False)


@contextmanager
def any_size() -> Iterator[None]:
    """Let runs within this block be of any size, whatever memory and time their estimate asks for."""
    before = _is_lifted.set(True)
    try:
        yield
    finally:
        _is_lifted.reset(before)


@dataclass(frozen=True)
class Work:
    """What runs of a case ask for at most, roughly."""

    parties: float  # of one run
    steps: float  # of one run
    buses: float  # of one run
    bytes: float  # of parties in one run and of series of all runs

    def beyond(self) -> list[str]:
        """What lies beyond a limit, in words."""
        figures = (
            (self.parties, MOST_PARTIES, "parties of people"), (self.steps, MOST_STEPS, "steps"),
            (self.buses, MOST_BUSES, "buses"), (self.bytes / 2**30, MOST_BYTES / 2**30, "GB of memory"),
        )  # fmt: skip
        return [f"about {shown(found)} {what} (limit {most:,.0f})" for found, most, what in figures if found > most]


def shown(number: float) -> str:
    """A number to two figures, without an exponent."""
    return f"{float(f'{number:.2g}'):,.0f}"


def work_of(scenario: Scenario, n_runs: int, values: Mapping[str, float]) -> Work:
    """An estimate of the work of runs under parameter values."""
    if scenario.walk is not None:
        walk = scenario.walk
        spawned = values.get("spawn_per_conflict_day", 0.0) * walk.n_days * len(walk.places)
        if walk.rules.spawn_mode == "recorded":
            spawned = 0.0
        recorded = max((*walk.recorded_total, 0.0)) + sum(walk.already_there.values())
        parties = (recorded + spawned) / max(walk.persons_per_agent, 1)
    else:
        persons = values.get("persons_present", sum(row.weight_persons for row in scenario.people))
        together = min(values.get("persons_per_vehicle", 1.0), values.get("persons_per_group", 1.0))
        parties = persons / scenario.one_in / max(together, 1.0)
    hours, minutes = scenario.clock.hours, scenario.clock.step_minutes
    has_phases = bool(phases_of(scenario))
    steps = sum_over_phases(scenario, lambda one: one.step_minutes) if has_phases else hours * 60 / minutes
    buses = sum(event.value.at(values) for event in scenario.events if event.kind in BUSES)
    moments = sum_over_phases(scenario, lambda one: one.record_minutes) if has_phases else hours
    recorded_values = n_runs * n_series(scenario) * (moments + 1)
    return Work(parties, steps, buses, parties * BYTES_A_PARTY + recorded_values * BYTES_A_VALUE)


def n_series(scenario: Scenario) -> int:
    """How many series a run records."""
    n_of = Counter(place.role.value for place in scenario.places)
    n_of |= {PLACE: len(scenario.places), ROUTE: len(scenario.routes)}
    n_of[COUNTED] = len({route.counts_as for route in scenario.routes} - {""})
    return sum(n_of[QUANTITIES[name][0]] for name in scenario.record if name in QUANTITIES)


def phases_of(scenario: Scenario) -> tuple[Phase, ...]:
    """The phases of a case; none where it has none."""
    return scenario.timeline.phases if scenario.timeline else ()


def sum_over_phases(scenario: Scenario, minutes: Callable[[Phase], float]) -> float:
    """How often a number of minutes goes into each phase, all added up; a phase ends where the next one begins."""
    when = {event.id: event.time for event in scenario.events}
    starts = [(one.begins or when.get(one.event, scenario.clock.end), minutes(one)) for one in phases_of(scenario)]
    ends = [start for start, _ in starts[1:]] + [scenario.clock.end]
    pairs = zip(starts, ends, strict=True)
    return sum(max((end - start).total_seconds(), 0.0) / 60 / every for (start, every), end in pairs)


def refuse_much_work(scenario: Scenario, n_runs: int, values: Mapping[str, float]) -> None:
    """Raise UsageError, with the estimate, for runs beyond a limit, unless it is lifted."""
    beyond = work_of(scenario, n_runs, values).beyond()
    if beyond and not _is_lifted.get():
        raise UsageError(
            f"{scenario.key}: this asks for {', '.join(beyond)}; simulate fewer people (one_in in case.yaml), longer "
            "steps or fewer runs, or lift the limits with --any-size."
        )
