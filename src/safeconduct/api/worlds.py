"""Two worlds with common draws: a case as it stands beside the same with something changed, run by run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.api.folders import refuse_case
from safeconduct.api.frames import as_dataset, html_table, needs_analysis, pair_frame
from safeconduct.api.requests import (
    CaseLike,
    RunRequest,
    Watch,
    provenance_of,
    read_asked,
    sample_for,
    stores_gathered,
    time_within,
    with_changes,
)
from safeconduct.api.simulation import as_request, folder_for_runs, plan_of, with_game
from safeconduct.ensemble import Ensemble, Plan, Progress, carry_out, open_stores, remove_store
from safeconduct.findings.simulation import Counterfactual, whatif_said, write_whatif
from safeconduct.inference import PairedEnsemble, Sample, pair_up
from safeconduct.ledger import Table
from safeconduct.scenario import Scenario
from safeconduct.terms import Mistakes, UsageError, closest

if TYPE_CHECKING:
    import polars as pl
    import xarray as xr

    from safeconduct.accounts import Games, Intervention

OF_WHATIF = ("n_persons", "n_waiting_persons", "n_sheltered_persons", "food_days")  # recorded beside the headline
WORLDS = ("the case as it stands", "the changed world", "the changed world, belief held")


@dataclass(frozen=True)
class WhatIf:
    """Pairs of runs that share all draws, in the case as it stands and in the changed one."""

    request: RunRequest
    found: Counterfactual
    store: Path | None = None  # where finished runs are kept until the result is written

    def __len__(self) -> int:
        """How many pairs finished in both worlds."""
        return len(self.found.pairs)

    @property
    def pairs(self) -> PairedEnsemble:
        """Both ensembles, with the same runs in the same order."""
        return self.found.pairs

    @cached_property
    def measures(self) -> pl.DataFrame:
        """One row a pair and measure: `run`, `measure`, `unit`, `factual`, `counterfactual`, `difference`."""
        return pair_frame(self.found)

    def difference(self, measure: str) -> pl.Series:
        """[pair] the changed world less the case as it stands, in the measure's unit; null where either has none.

        Raises UsageError, with the nearest name, for an unknown measure.
        """
        import polars as pl

        known = self.pairs.measures
        if measure not in known:
            raise UsageError(f'there is no measure "{measure}"; {closest(measure, known)}.')
        return pl.Series(measure, known[measure].difference).fill_nan(None)

    def to_xarray(self) -> xr.Dataset:
        """Series of both worlds along dimension `world` (`factual`, `counterfactual`); see `Runs.to_xarray`."""
        with needs_analysis():
            import xarray as xr
        both = [as_dataset(self.found.scenario, world) for world in (self.pairs.factual, self.pairs.other)]
        named = [one.expand_dims(world=[name]) for one, name in zip(both, ("factual", "counterfactual"), strict=True)]
        return xr.concat(named, dim="world", data_vars="all", join="override")

    def said(self) -> tuple[list[str], Table, list[str]]:
        """What a terminal shows: the changes, a table of what differs, the conditions."""
        return whatif_said(self.found)

    def write(self, folder: Path | str, *, report: bool = True, command: str = "") -> Path:
        """Write tables, provenance and page to a folder; returns what to open: the page, or else the folder.

        Raises RunStopped where no pair finished or the disk refuses; nothing half-written is left.
        """
        refuse_case(Path(folder), self.found.scenario.folder)
        found = replace(self.found, provenance={**self.found.provenance, "command": command})
        written = write_whatif(Path(folder), found, report=report)
        if self.store:
            remove_store(self.store)
        return written

    def __repr__(self) -> str:
        head, table, _ = self.said()
        return "\n".join([*head, *("; ".join(row) for row in table.rows)])

    def _repr_html_(self) -> str:
        head, table, _ = self.said()
        return html_table(" ".join(head), table.header, table.rows)


@dataclass(frozen=True)
class TwoWorlds:
    """What a what-if asks for, read and checked: the case as it stands and as the user changes it."""

    as_it_is: RunRequest
    case: Scenario
    changed: Scenario
    sample: Sample | None
    hours: tuple[float, ...]  # at which arrivals are reported
    done: Intervention | None  # the act that is set


def whatif(
    case: CaseLike | RunRequest,
    n_runs: int = 200,
    seed: int = 0,
    *,
    set: Mapping[str, float | str] | None = None,
    events: Mapping[str, datetime | str] | None = None,
    do: str = "",
    times: Iterable[str | datetime] = (),
    workers: int = 0,
    watch: Watch | None = None,
    store: Path | None = None,
    resume: bool = False,
) -> WhatIf:
    """Run a case as it stands and with something changed, with common draws.

    Run k of both worlds has the same seed and the same values of what is not changed. set, events: as in `run`, in the
    changed world only (`RunRequest.held` is for both). do: an act of a party, PARTY.ACT@TIME; what follows in the game
    is played, once with the public belief revised by the act and once with it held. times: when arrivals are given.

    Raises CaseError or UsageError with every fault; RunStopped when interrupted.
    """
    asked, watch = as_request(case, n_runs, seed, workers, set or {}, events or {}), watch or Watch()
    stores = stores_gathered(asked, watch.mistakes)
    read = read_two_worlds(asked, times, do, watch.mistakes)
    for warning in read.case.warnings:
        watch.tell(f"warning: {warning}")
    game = replayed_game(asked, read)
    plans = plans_of(asked, read, game)
    with folder_for_runs(store) as folder:
        ensembles = carry_out_all(plans, folder, asked, stores, resume=resume, progress=watch.progress)
    left_out = game.left_out if game else frozenset[int]()
    pairs = [pair_up(read.case, ensembles[0], other, left_out) for other in ensembles[1:]]
    failures = tuple(failure for ensemble in ensembles for failure in ensemble.failures)
    provenance = provenance_of(asked, read.case, read.sample, "") | ({"do": do} if do else {})
    found = Counterfactual(read.case, read.changed, pairs[0], read.hours, failures, provenance)
    if game:
        from safeconduct.api.acts import notes_of

        found = replace(found, game=notes_of(game, tuple(pairs[1:])))
    return WhatIf(asked, found, store)


def read_two_worlds(asked: RunRequest, times: Iterable[str | datetime], do: str, mistakes: Mistakes) -> TwoWorlds:
    """Read all that a what-if asks for. Raises CaseError or UsageError with every mistake, those noted before too."""
    as_it_is = replace(asked, parameters={}, events={}, routes=None)
    sample, done = None, None
    hours: list[float] = []
    case = changed = read_asked(as_it_is, mistakes)
    if asked.routes:
        with mistakes:
            changed = read_asked(asked, Mistakes())
    case, changed = with_changes(as_it_is, case, mistakes), with_changes(asked, changed, mistakes)
    for time in times:
        with mistakes:
            hours.append(case.clock.hour_of(time_within(case, "--at", time)))
    with mistakes:
        sample = sample_for(asked, case)
    if do:
        from safeconduct.api.acts import act_of

        with mistakes:
            done = act_of(asked, do, case, mistakes)
    mistakes.tell()
    return TwoWorlds(as_it_is, case, changed, sample, tuple(hours), done)


def replayed_game(asked: RunRequest, read: TwoWorlds) -> Games | None:
    """Every run's game with the act that is set; None where none is."""
    if read.done is None:
        return None
    from safeconduct.api.acts import replayed

    return replayed(asked, read.case, read.changed, read.done)


def plans_of(asked: RunRequest, read: TwoWorlds, game: Games | None) -> list[Plan]:
    """The plan of each world, the case as it stands first."""
    record = read.case.record if read.case.walk else (read.case.headline[0], *OF_WHATIF)
    plan = partial(plan_of, sample=read.sample, record=record)
    factual, changed = plan(read.as_it_is, read.case), plan(asked, read.changed)
    if game is None:
        return [factual, changed]
    worlds = [(factual, game.factual), *((changed, world) for world in game.others)]
    return [with_game(one, asked, world.events, iter(world.beliefs)) for one, world in worlds]


def carry_out_all(
    plans: Sequence[Plan], folder: Path, asked: RunRequest, stores: Sequence[Path], *, resume: bool, progress: Progress
) -> list[Ensemble]:
    """Run the plans of all worlds, each in a folder of its own; none starts where one cannot be resumed."""
    folders = [folder / str(number) for number in range(len(plans))]
    titles = (*WORLDS[: len(plans)], *(f"changed world {number}" for number in range(len(WORLDS), len(plans))))
    open_stores(dict(zip(folders, zip(plans, titles, strict=True), strict=True)), resume=resume)
    ensembles = []
    for number, (plan, own) in enumerate(zip(plans, folders, strict=True)):
        watch = partial(of_all, progress, number, len(plans))
        gathered = [store / str(number) for store in stores]
        ensembles.append(
            carry_out(
                plan, own, workers=asked.workers, cluster=asked.cluster, part=asked.part, stores=gathered,
                resume=True, progress=watch,  # of what was just opened
            )
        )  # fmt: skip
    return ensembles


def of_all(progress: Progress, number: int, of: int, done: int, total: int) -> None:
    """Progress over all worlds."""
    progress(number * total + done, of * total)
