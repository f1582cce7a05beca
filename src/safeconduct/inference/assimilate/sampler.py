"""Sequential Monte Carlo over engine states: draw by the fluid, advance, weigh, resample.

First particles are draws of the fluid's posterior (`fluid.py`). Over each stretch a particle's run is advanced from
where it stood, and its weight takes the engine's likelihood of the stretch's evidence over the fluid's. So after the
last stretch particles are weighted draws given all evidence by the engine alone (a twisted particle filter: Guarniero,
Johansen & Lee 2017).

Start reading at `assimilate`. The same seed gives the same particles, whatever the number of processes. What is
finished is handed to `keep` after every stretch as particles alone; since a run is a function of its particle, a
stopped assimilation goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine import LOG_RATE_SLOT_HOURS, Run
from safeconduct.inference.assimilate.demand import Free, channels_of, of_service
from safeconduct.inference.assimilate.evidence import Published
from safeconduct.inference.assimilate.fluid import (
    N_DRAWS,
    Draw,
    Fluid,
    compared,
    effective_size,
    normalised,
    normals,
    posterior,
    refined,
    systematic,
)
from safeconduct.inference.assimilate.particles import Particle, Setting, start
from safeconduct.inference.assimilate.shard import Stretch
from safeconduct.inference.assimilate.shards import Shards
from safeconduct.terms import Draws

Array = NDArray[np.float64]
ENOUGH_EFFECTIVE, ENOUGH_BORN = 30.0, 15  # below these the result says so
NEAR_SIZES = (0.25, 0.5, 1.0)  # of a move of a score; 1 = a fresh draw from the prior
AFTER_ALL = 1_000_000  # number of the draws for what comes after the as-of time
NO_SHOCKS, NOTHING = np.zeros((1, 1)), np.zeros(0)


@dataclass(frozen=True, slots=True)
class Effort:
    """How many runs without posts, and how many particles."""

    n_free: int = 150  # from the prior
    n_particles: int = 300
    n_fluid: int = N_DRAWS  # draws by the fluid, of which particles are taken
    n_near: int = 30  # runs without posts that are made near those held, in a round
    n_pilot: int = 30  # engine runs that tell how much less a post passes than its fluid


def effort_for(n_particles: int) -> Effort:
    """The effort for so many particles: half as many runs without posts from the prior, a tenth as many in a round."""
    return Effort(max(n_particles // 2, 1), n_particles, n_near=max(n_particles // 10, 1))


@dataclass(frozen=True)
class Stage:
    """Where an assimilation stands after a stretch."""

    hour: float
    particles: tuple[Particle, ...]
    log_weights: Array
    effective: float  # particles, before any resampling at this hour
    least: float  # of these numbers up to here, as an assimilation may go on from a stage alone

    @property
    def weights(self) -> Array:
        """Weights that sum to 1."""
        return normalised(self.log_weights)


@dataclass(frozen=True)
class Assimilated:
    """Equally likely particles at an hour, the runs they came to, and how it went."""

    setting: Setting
    stages: tuple[Stage, ...]
    particles: tuple[Particle, ...]
    runs: tuple[Run, ...]

    @property
    def effective(self) -> float:
        """Least effective number of particles over the stretches."""
        return self.stages[-1].least

    @property
    def n_born(self) -> int:
        """Different histories of leaving among the particles."""
        return len({particle.born for particle in self.particles})


def assimilate(
    setting: Setting,
    published: Published,
    *,
    seed: int,
    effort: Effort | None = None,
    workers: int = 0,
    resume: Sequence[Stage] = (),
    keep: Callable[[Stage], None] = lambda stage: None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Assimilated:
    """Particles given all evidence, and their runs to the end of the case.

    `resume`: stages that an earlier call with the same arguments has kept.
    """
    effort, draws, published = effort or Effort(), Draws(seed), published.seen_by(setting.grain)
    hours = [0.0, *stretch_ends(published, setting.step_hours)]
    stages, n_all = list(resume), len(hours) + 1
    with Shards(setting, workers) as shards:
        progress(0, n_all)
        if not stages:
            stages.append(first_stage(setting, published, shards, draws, effort))
            keep(stages[-1])
        stage = stages[-1]
        shards.take(stage.particles, [-1] * len(stage.particles), stage.hour)
        for number in range(1, len(hours)):
            progress(number, n_all)
            if hours[number] <= stage.hour:
                continue
            numbers = published.ending(hours[number - 1], hours[number])
            stretch = Stretch(hours[number], tuple((i, published.evidence[i]) for i in numbers))
            stage = resampled(weighed(stage, stretch, shards), shards, draws.derive(number))
            stages.append(stage)
            keep(stage)
        sources = keep_in_place(systematic(stage.weights, float(draws.uniform("last resample", 0))))
        particles = with_future([stage.particles[source] for source in sources], draws, stage.hour)
        shards.take(particles, sources, stage.hour)
        runs = tuple(shards.end())
        progress(n_all, n_all)
    return Assimilated(setting, tuple(stages), particles, runs)


def stretch_ends(published: Published, step: float) -> list[float]:
    """Hours at which particles are weighed, at the end of whole steps: those of counts, and the last."""
    hours = {step * float(np.ceil(one.hour / step - 1e-9)) for one in published.counts}
    return sorted(hours | {step * float(np.ceil(published.until / step - 1e-9))})


def first_stage(setting: Setting, published: Published, shards: Shards, draws: Draws, effort: Effort) -> Stage:
    """Draws of the fluid's posterior; of the prior where no post's crossings are counted."""
    n = effort.n_free
    scores = normals(draws, "parameters", n, (len(setting.parameters),))
    blank = [Particle(scores[k], draws.derive(k).seed, NO_SHOCKS[:, :0], NOTHING) for k in range(n)]
    course = start(setting, blank[0])
    groups, n_slots = course.world.shocks.shape
    channels = channels_of(setting, course, published)
    hour = stretch_ends(published, setting.step_hours)[-1]
    serves = of_service(setting) if channels else np.zeros(len(setting.parameters), dtype=bool)
    n_past = min(int(np.ceil(hour / LOG_RATE_SLOT_HOURS)), n_slots)
    free = tuple(map(tuple, shards.free(blank, channels, hour)))
    no_bias = np.ones(len(published.evidence))
    fluid = Fluid(setting, channels, free, published.evidence, serves, groups, n_past, n, no_bias)

    def near(runs: NDArray[np.int64]) -> list[tuple[Free, ...]]:
        made = [near_one(blank[run], ~serves, draws.derive(len(blank) + k)) for k, run in enumerate(runs.tolist())]
        blank.extend(made)
        return list(map(tuple, shards.free(made, channels, hour)))

    def particles_of(drawn: Draw, each: Array) -> list[Particle]:
        later = normals(draws, "shocks to come", drawn.run.size, (groups, n_slots))
        later[:, :, :n_past] = drawn.shocks
        found = []
        for number, run in enumerate(drawn.run.tolist()):
            mine = blank[run].scores.copy()
            mine[serves] = drawn.scores[number]
            found.append(replace(blank[run], scores=mine, shocks=later[number], expected=each[number], born=run))
        return found

    drawn, each = posterior(fluid, draws, effort.n_fluid)
    if channels:
        pilot = drawn.take(spread(draws, effort.n_pilot, len(drawn.run)))
        simulated = engine_runs(particles_of(pilot, np.zeros((effort.n_pilot, 0))), published, shards, hour)
        fluid = replace(fluid, passes=compared(fluid, pilot, simulated))
        drawn, each = refined(fluid, draws, drawn, each, near, effort.n_near)
    rows = spread(draws, effort.n_particles, len(drawn.run))
    particles = particles_of(drawn.take(rows), each[rows])
    return Stage(0.0, tuple(particles), np.zeros(len(rows)), float(len(rows)), float(len(rows)))


def spread(draws: Draws, m: int, n: int) -> NDArray[np.int64]:
    """`m` rows of `n`, evenly spread."""
    return ((np.arange(m) + float(draws.uniform("which draws", 0))) * n / m).astype(np.int64)


def engine_runs(particles: Sequence[Particle], published: Published, shards: Shards, hour: float) -> Array:
    """[particle, evidence] what the engine's runs have in place of all evidence."""
    shards.take(particles, [-1] * len(particles), 0.0)
    return shards.go_through(Stretch(hour, tuple(enumerate(published.evidence))))


def near_one(particle: Particle, leaves: NDArray[np.bool_], draws: Draws) -> Particle:
    """A history near another: half of the parameters of leaving moved within their priors, and chance of its own."""
    kept, size = particle.scores, NEAR_SIZES[int(float(draws.uniform("how near", 0)) * len(NEAR_SIZES))]
    moved = np.sqrt(1.0 - size**2) * kept + size * normals(draws, "near", 1, kept.shape)[0]
    is_moved = leaves & (draws.uniform("which moves", np.arange(kept.size)) < 0.5)
    return replace(particle, scores=np.where(is_moved, moved, kept), seed=draws.seed)


def weighed(stage: Stage, stretch: Stretch, shards: Shards) -> Stage:
    """The stage after a stretch, with new weights: the engine's likelihood over the fluid's."""
    log_weights, simulated = stage.log_weights.copy(), shards.go_through(stretch)
    for column, (number, one) in enumerate(stretch.evidence):
        log_weights += one.log_likelihoods(simulated[:, column])
        log_weights -= np.array([particle.expected[number] for particle in stage.particles])
    effective = effective_size(normalised(log_weights))
    least = min(stage.least, effective)
    return replace(stage, hour=stretch.hour, log_weights=log_weights, effective=effective, least=least)


def resampled(stage: Stage, shards: Shards, draws: Draws) -> Stage:
    """Equally weighted particles where fewer than half are effective; the stage itself otherwise."""
    n = len(stage.particles)
    if stage.effective >= n / 2:
        return stage
    sources = keep_in_place(systematic(stage.weights, float(draws.uniform("resample", 0))))
    particles = own_chance([stage.particles[source] for source in sources], draws, stage.hour)
    shards.take(particles, sources, stage.hour)
    return replace(stage, particles=particles, log_weights=np.zeros(n))


def own_chance(particles: Sequence[Particle], draws: Draws, hour: float) -> tuple[Particle, ...]:
    """Particles that part from here by chance, so that copies of one are not one run twice."""
    return tuple(
        replace(one, later=(*one.later, (hour, draws.derive(slot).seed))) for slot, one in enumerate(particles)
    )


def with_future(particles: Sequence[Particle], draws: Draws, hour: float) -> tuple[Particle, ...]:
    """Particles with shocks and chance of their own from now on."""
    groups, n_slots = particles[0].shocks.shape
    fresh = normals(draws, "shocks of the forecast", len(particles), (groups, n_slots))
    is_past = LOG_RATE_SLOT_HOURS * np.arange(n_slots) < hour
    parted = own_chance(particles, draws.derive(AFTER_ALL), hour)
    return tuple(
        replace(one, shocks=np.where(is_past, one.shocks, new)) for one, new in zip(parted, fresh, strict=True)
    )


def keep_in_place(sources: NDArray[np.int64]) -> list[int]:
    """The same particles, those that stay in their own slots, so that their runs need not be copied or run again."""
    n = len(sources)
    placed = np.full(n, -1, dtype=np.int64)
    spare = []
    for source in sources.tolist():
        if placed[source] < 0:
            placed[source] = source
        else:
            spare.append(source)
    # a copy goes, where it can, to a slot of the same parity: with two processes, the one that holds its run
    for slot in np.flatnonzero(placed < 0).tolist():
        near = next((i for i, source in enumerate(spare) if source % 2 == slot % 2), 0)
        placed[slot] = spare.pop(near)
    return [int(source) for source in placed]
