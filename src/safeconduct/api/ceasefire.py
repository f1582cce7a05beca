"""A case with phases: fit it phase by phase, and set acts of the parties from their own day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from safeconduct.api.requests import (
    IDENTIFIABILITY_FILE,
    SAMPLE_FILE,
    CaseLike,
    RunRequest,
    Watch,
    case_folder,
    provenance_of,
    read_asked,
    sample_for,
    stores_gathered,
    with_changes,
)
from safeconduct.api.simulation import folder_for_runs, plan_of
from safeconduct.api.worlds import carry_out_all
from safeconduct.ensemble import Ensemble, Plan, Progress, carry_out, remove_store
from safeconduct.findings.acts import (
    HEAD,
    ActsCompared,
    acts_said,
    compare,
    depends,
    overview,
    write_acts,
    write_overview,
)
from safeconduct.inference import Sample, write_sample
from safeconduct.inference.timeline import PhaseFit
from safeconduct.inference.timeline import fit_phases as fit_in_order
from safeconduct.scenario import Phase, Scenario, Values, ending, parse_acts, read_case, with_acts_set
from safeconduct.terms import VERSION, CaseError, UsageError, locked

OF_ACTS = ("n_persons", "n_hosted_persons", "n_wishing_persons", "food_days")


@dataclass(frozen=True)
class PhasesFit:
    """A sample fitted phase by phase, and what each phase's rows left of the draws."""

    sample: Sample
    phases: tuple[PhaseFit, ...]

    def sentences(self) -> list[str]:
        """How each phase's fit went."""
        said = []
        for one in self.phases:
            wider = "" if one.widened == 1.0 else f", stated errors times {one.widened:.1f}"
            said.append(
                f"{one.phase.title}: {len(one.rows)} reported figures; {one.n_runs} runs are worth "
                f"{one.effective:.0f} draws{wider}."
            )
        return said

    def write(self, folder: Path | str) -> Path:
        """Write the sample to a folder, from where runs take it; returns its file."""
        path = Path(folder) / SAMPLE_FILE
        with locked(path.parent):
            path.with_name(IDENTIFIABILITY_FILE).unlink(missing_ok=True)  # of another fit
            write_sample(path, self.sample)
        return path


def fit_phases(
    case: CaseLike, *, n_runs: int = 400, keep: int = 200, seed: int = 0, workers: int = 0, command: str = "",
    progress: Progress = lambda done, total: None,
) -> PhasesFit:  # fmt: skip
    """Fit a case phase by phase on its observed.csv, each phase up to its own date.

    n_runs: runs of a whole-length phase; shorter ones get up to four times as many. keep: equally likely draws to keep.
    Raises CaseError, UsageError for a case without such a phase, RunStopped.
    """
    scenario = case if isinstance(case, Scenario) else read_case(case_folder(case))

    def up_to(phase: Phase) -> Scenario:
        return ending(scenario, min(phase.fit_until, scenario.clock.end) if phase.fit_until else scenario.clock.end)

    def carry(part: Scenario, rows: Sequence[Values], seeds: Sequence[int]) -> Ensemble:
        quantities = tuple(dict.fromkeys(one.quantity for one in part.timeline.observed)) if part.timeline else ()
        with TemporaryDirectory() as place:
            plan = Plan(part, len(rows), seed, sample=rows, seeds=seeds, record=quantities)
            return carry_out(plan, Path(place), workers=workers, progress=progress)

    about = {"command": command, "seed": str(seed), "scenario": scenario.hash, "code": VERSION}
    return PhasesFit(*fit_in_order(scenario, carry, up_to, n_runs=n_runs, keep=keep, seed=seed, about=about))


@dataclass(frozen=True)
class ActsWorlds:
    """Pairs of runs of a case as it stands and with acts set from their own day."""

    request: RunRequest
    found: ActsCompared
    sample: Sample | None
    do: str
    store: Path | None = None

    def said(self) -> list[str]:
        """Assumed effects first, then each measure in both worlds; one that an act decides by itself is refused."""
        return acts_said(self.found)

    def write(self, folder: Path | str, *, command: str = "") -> Path:
        """Write counterfactual.json and .csv, the bands of both worlds and provenance.json; returns the folder."""
        provenance = provenance_of(self.request, self.found.case, self.sample, command) | {"do": self.do}
        written = write_acts(Path(folder), self.found, provenance)
        if self.store:
            remove_store(self.store)
        return written


def whatif_acts(
    asked: RunRequest, do: str, *, watch: Watch | None = None, store: Path | None = None, resume: bool = False
) -> ActsWorlds:
    """Run a case with phases as it stands and with acts set, PARTY.ACT@TIME, several joined by +, with common draws.

    Raises CaseError or UsageError with every fault; RunStopped when interrupted.
    """
    watch = watch or Watch()
    stores = stores_gathered(asked, watch.mistakes)
    case = with_changes(asked, read_asked(asked, watch.mistakes), watch.mistakes)
    acts: tuple[tuple[str, datetime], ...] = ()
    sample = None
    with watch.mistakes:
        acts = parse_acts(case, do)
    with watch.mistakes:
        sample = sample_for(asked, case)
    watch.mistakes.tell()
    plans = [plan_of(asked, world, sample, OF_ACTS) for world in (case, with_acts_set(case, acts))]
    with folder_for_runs(store) as folder:
        ensembles = carry_out_all(plans, folder, asked, stores, resume=resume, progress=watch.progress)
    as_it_is, other = ensembles
    return ActsWorlds(asked, compare(case, acts, as_it_is, other), sample, do, store)


@dataclass(frozen=True)
class DeclaredWorlds:
    """Every counterfactual that a case declares, each paired with the same runs of the case as it stands."""

    worlds: dict[str, ActsWorlds]  # by key
    store: Path | None = None

    def assumed(self) -> list[str]:
        """What each question's acts are assumed to do, before any result."""
        said = []
        for key, one in self.worlds.items():
            said += [f"{key}: {one.found.title}. Assumed:", *(f"  {line}" for line in one.found.assumed)]
        return said

    def depends(self) -> list[str]:
        """What each answer depends on most, with the answer at both ends of it."""
        found = {key: depends(one.found) for key, one in self.worlds.items()}
        return [f"{key} depends most on {words}." for key, words in found.items() if words]

    def rows(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Header and a row a question: who lives inside at the end in both worlds."""
        return HEAD, overview(list(self.worlds), [one.found for one in self.worlds.values()])

    def write(self, folder: Path | str, *, command: str = "") -> Path:
        """Write a folder a question, as `ActsWorlds.write` does, and counterfactuals.csv; returns the folder."""
        folder = Path(folder)
        for key, one in self.worlds.items():
            one.write(folder / key, command=command)
        write_overview(folder, list(self.worlds), [one.found for one in self.worlds.values()])
        if self.store:
            remove_store(self.store)
        return folder


def whatif_declared(
    asked: RunRequest, *, watch: Watch | None = None, store: Path | None = None, resume: bool = False
) -> DeclaredWorlds:
    """Run a case as it stands once, and with each act of its counterfactuals.yaml, all with common draws.

    Raises CaseError or UsageError with every fault; RunStopped when interrupted.
    """
    watch = watch or Watch()
    stores = stores_gathered(asked, watch.mistakes)
    case = with_changes(asked, read_asked(asked, watch.mistakes), watch.mistakes)
    declared = case.timeline.declared if case.timeline else ()
    sample = None
    with watch.mistakes:
        if not declared:
            raise UsageError(f"{case.key} has no counterfactuals.yaml; name an act with --do PARTY.ACT@TIME.")
    with watch.mistakes:
        sample = sample_for(asked, case)
    watch.mistakes.tell()
    changed = [with_acts_set(case, one.acts) for one in declared]
    plans = [plan_of(asked, world, sample, OF_ACTS) for world in (case, *changed)]
    with folder_for_runs(store) as folder:
        as_it_is, *others = carry_out_all(plans, folder, asked, stores, resume=resume, progress=watch.progress)
    found = {
        one.key: ActsWorlds(asked, compare(case, one.acts, as_it_is, other, one.title), sample, one.do)
        for one, other in zip(declared, others, strict=True)
    }
    return DeclaredWorlds(found, store)


def has_phases(case: CaseLike) -> bool:
    """Whether a case has phases, so that acts change it from their own day. False where it cannot be read."""
    try:
        scenario = case if isinstance(case, Scenario) else read_case(case_folder(case))
    except (CaseError, UsageError):
        return False
    return scenario.timeline is not None
