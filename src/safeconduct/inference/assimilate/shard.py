"""A share of the particles, held by one process with their runs. Parent and shard exchange particles, never worlds.

What crosses between processes is a `Particle`; a run that is wanted elsewhere is run again there, which costs less than
to send it. In the process that asks, a shard is called directly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from safeconduct.engine import Course, Run, advance, finish
from safeconduct.ensemble import obey_parent
from safeconduct.inference.assimilate.demand import Channel, Free, free_run
from safeconduct.inference.assimilate.evidence import Evidence
from safeconduct.inference.assimilate.particles import Particle, Setting, follow, run_to, simulated_of


@dataclass(frozen=True)
class Stretch:
    """From one hour to the next: the evidence that ends in it, each with its number."""

    hour: float
    evidence: tuple[tuple[int, Evidence], ...]


class Shard:
    """Particles by slot, each with its run up to the same hour."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.held: dict[int, tuple[Particle, Course]] = {}

    def free(
        self, particles: Mapping[int, Particle], channels: Sequence[Channel], hour: float
    ) -> dict[int, list[Free]]:
        """What runs without posts give."""
        return {slot: free_run(self.setting, one, channels, hour) for slot, one in particles.items()}

    def take(self, particles: Mapping[int, tuple[Particle, int]], hour: float) -> None:
        """Hold these particles, slot -> (particle, slot at which its run may be held here), all up to an hour."""
        before, self.held = self.held, {}
        wanted = [source for _, source in particles.values()]
        for slot, (particle, source) in particles.items():
            known = before.get(source)
            if known is None:
                course = run_to(self.setting, particle, hour)
            else:
                course = known[1].copy() if wanted.count(source) > 1 else known[1]
            follow(course, particle)
            self.held[slot] = (particle, course)

    def go_through(self, stretch: Stretch) -> dict[int, list[float]]:
        """Advance all over a stretch; what each has in place of its evidence."""
        found = {}
        for slot, (_, course) in self.held.items():
            advance(course, stretch.hour)
            found[slot] = [simulated_of(self.setting, course, one) for _, one in stretch.evidence]
        return found

    def end(self) -> dict[int, Run]:
        """Run all to the end of the case; what each recorded, in single precision as it crosses between processes."""
        found = {}
        for slot, (_, course) in self.held.items():
            advance(course)
            run = finish(course)
            found[slot] = replace(run, series={key: values.astype("f4") for key, values in run.series.items()})
        return found


_shard: Shard | None = None  # of a worker process


def open_shard(setting: Setting) -> None:
    """Prepare a worker process."""
    global _shard
    obey_parent()
    _shard = Shard(setting)


def ask(name: str, arguments: tuple[object, ...]) -> object:
    """Call a method of this process's shard."""
    assert _shard is not None
    return getattr(_shard, name)(*arguments)
