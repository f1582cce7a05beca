"""What is to be run: how many times, from which seed, with which parameter values. A plan is data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from json import dumps

from safeconduct.scenario import Event, Scenario, Values
from safeconduct.terms import Draws


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
    happens: Sequence[tuple[Event, ...]] = ()  # where given, run k has these events and not the scenario's
    own: Sequence[Values] = ()  # where given, parameter values of run k that come after all others

    def scenario_of(self, run: int) -> Scenario:
        """The case as run k has it."""
        return replace(self.scenario, events=self.happens[run]) if self.happens else self.scenario

    def values(self, run: int) -> dict[str, float]:
        """Parameter values of one run: the user's, else a row of the sample, else the prior's quantile at its draw."""
        draws, slot = Draws(self.seeds[run] if self.seeds else self.seed), self.slots[run] if self.slots else run
        drawn = {
            name: parameter.prior.quantile(float(draws.uniform(f"parameter {name}", slot)))
            for name, parameter in self.scenario.parameters.items()
            if parameter.prior.kind != "fixed"
        }
        if self.seeds:
            drawn |= self.sample[run]
        elif self.sample:
            drawn |= self.sample[int(draws.uniform("row of the sample", run) * len(self.sample))]
        return self.scenario.values(drawn | dict(self.changes) | dict(self.own[run] if self.own else {}))

    def run_seed(self, run: int) -> int:
        """Seed of one run."""
        if self.seeds:
            return self.seeds[run]
        return Draws(self.seed).derive(run).seed

    @property
    def fingerprint(self) -> str:
        """Hash of all that decides what run k gives; the number of runs does not."""
        content = {
            "scenario": self.scenario.hash,
            "events": [f"{event.id} {event.time.isoformat()}" for event in self.scenario.events],
            "routes": [repr(route) for route in self.scenario.routes],
            "clock": repr(self.scenario.clock),
            "seed": [self.seed, *self.seeds, *self.slots],
            "sample": [sorted(row.items()) for row in self.sample],
            "changes": sorted(self.changes.items()),
            "record": self.record or self.scenario.record,
            "happens": [[repr(event) for event in events] for events in self.happens],
            "own": [sorted(row.items()) for row in self.own],
        }
        return blake2b(dumps(content, sort_keys=True).encode(), digest_size=16).hexdigest()
