"""What is to be run: how many times, from which seed, with which parameter values. A plan is data."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from safeconduct.scenario import Event, Scenario, Values, drawn_value
from safeconduct.terms import Draws, show_time

ESTIMATED_FROM = 20  # runs
FAILURES = (ArithmeticError, LookupError, MemoryError, ValueError)  # by which a run fails: a value, no stop
DECIDES = ("terms", "ledger", "scenario", "actors", "engine", "ensemble")  # packages on which a run depends
Part = tuple[int, int]  # (k, n): the k-th of n parts of a plan
WHOLE: Part = (1, 1)


@dataclass(frozen=True)
class Plan:
    """A case to be run many times. Run k of a plan is the same whatever the number of runs or workers."""

    scenario: Scenario
    n_runs: int
    seed: int
    sample: Sequence[Values] = ()  # rows of a fitted sample; empty = every parameter from its prior
    seeds: Sequence[int] = ()  # where given, run k takes row k of the sample and this seed
    slots: Sequence[int] = ()  # where given, run k draws what its row leaves open as run slots[k] would
    changes: Mapping[str, float] = field(default_factory=dict)  # parameters that the user has set
    record: tuple[str, ...] = ()  # quantities to keep; empty = what the case names
    events_by_run: Sequence[tuple[Event, ...]] = ()  # where given, run k has these events and not the scenario's
    own: Sequence[Values] = ()  # where given, parameter values of run k that come after all others

    def scenario_of(self, run: int) -> Scenario:
        """The case as run k has it."""
        return replace(self.scenario, events=self.events_by_run[run]) if self.events_by_run else self.scenario

    def values(self, run: int) -> dict[str, float]:
        """Parameter values of one run: the user's, else a row of the sample, else the prior's quantile at its draw."""
        draws, slot = Draws(self.seeds[run] if self.seeds else self.seed), self.slots[run] if self.slots else run
        drawn = {
            name: drawn_value(parameter, float(draws.uniform(f"parameter {name}", slot)))
            for name, parameter in self.scenario.parameters.items()
            if parameter.prior.kind != "fixed"
        }
        if self.seeds:
            drawn |= self.sample[run]
        elif self.sample:
            drawn |= self.sample[int(draws.uniform("row of the sample", run) * len(self.sample))]
        return self.scenario.values(drawn | dict(self.changes) | dict(self.own[run] if self.own else {}))

    def largest(self) -> dict[str, float]:
        """The largest value of each parameter over the first runs that have values: by it the work is estimated."""
        rows = []
        for run in range(min(self.n_runs, ESTIMATED_FROM)):
            with suppress(*FAILURES):  # such a run is counted as failed when its turn comes
                rows.append(self.values(run))
        return {name: max(row[name] for row in rows) for name in rows[0]} if rows else {}

    def run_seed(self, run: int) -> int:
        """Seed of one run."""
        if self.seeds:
            return self.seeds[run]
        return Draws(self.seed).derive(run).seed

    @cached_property
    def mark(self) -> str:
        """A hash of all that decides what run k gives: each finished run carries it."""
        return hashed(sorted(self.parts.items()))

    @property
    def parts(self) -> dict[str, object]:
        """All that decides what run k gives, in words; what is long stands as a hash. The number of runs does not."""
        return {
            "files of the case": self.scenario.hash,
            "clock": repr(self.scenario.clock),
            "seed": self.seed,
            "seeds and places of single runs": hashed((self.seeds, self.slots)),
            "parameters set": dict(sorted(self.changes.items())),
            "time of event": {event.id: show_time(event.time) for event in self.scenario.events},
            "roads": {route.id: hashed(route) for route in self.scenario.routes},
            "fitted sample": hashed([sorted(row.items()) for row in self.sample]),
            "what is recorded": list(self.record or self.scenario.record),
            "acts of the parties": hashed(self.events_by_run),
            "code": code_hash(),
            "libraries": libraries(),
            "belief as trust": hashed([sorted(row.items()) for row in self.own]),
        }


@cache
def code_hash(*more: str) -> str:
    """A hash of the sources that decide what a run gives: terms, ledger, scenario, actors, engine, ensemble; and of
    more packages."""
    summed, package = blake2b(digest_size=8), Path(__file__).parents[1]
    for part in (*DECIDES, *more):
        for source in sorted((package / part).rglob("*.py")):
            summed.update(str(source.relative_to(package)).encode() + b"\0" + source.read_bytes() + b"\0")
    return summed.hexdigest()


@cache
def libraries() -> dict[str, str]:
    """Versions of what computes, and of the machine's kind."""
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "numba", "scipy")},
        "platform": f"{platform.system()} {platform.machine()}",
    }


def hashed(what: object) -> str:
    """A hash of how something is written."""
    return blake2b(repr(what).encode(), digest_size=16).hexdigest()


def differences(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """What differs between the parts of two plans: a name each, with both values where a person can read them."""
    found = []
    for name, new in now.items():
        old = before.get(name)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
            found += [f"{name} {key} {_both(old.get(key), new.get(key))}".rstrip() for key in keys]
        elif old != new:
            found.append(f"{name} {_both(old, new)}".rstrip())
    return found


def _both(old: object, new: object) -> str:
    """Two values, unless they are hashes or long."""
    was, now = ("none" if one is None else str(one) for one in (old, new))
    return f"({was}, now {now})" if max(len(was), len(now)) < 32 else ""
