"""The tables of docs/flee.md that rest on recorded cases: as in Flee, frozen choices both ways round, coverage.

    python benchmarks/flee_tables.py --cases FOLDER [--only compat|camps|switches|frozen|rules|coverage|held]

FOLDER holds the four cases in Flee's format, and stored runs of Flee in flee_runs.csv and flee_camps.csv. Prints
Markdown; takes some four CPU minutes in all.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from itertools import product
from pathlib import Path
from statistics import mean, median, stdev

import numpy as np

from safeconduct.engine import simulate
from safeconduct.ensemble import Ensemble, Plan
from safeconduct.inference.score.camps import camp_scores
from safeconduct.inference.score.types import CampScores
from safeconduct.scenario import Quirks, Scenario, WalkReading, read_case

TITLES = {
    "mali": "Mali 2012", "burundi": "Burundi 2015", "car": "Central African Republic 2013", "syria": "Syria 2013",
}  # fmt: skip
PAIRS = (("mali", "burundi"), ("car", "syria"))
N_RUNS, GRID_RUNS, COVER_RUNS = 20, 4, 100
GRID: Mapping[str, tuple[float, ...]] = {
    "distance_power": (0.0, 1.0, 2.0),  # halves are not told apart by two cases
    "softening_km": (1.0, 10.0, 50.0),
    "overflow_weight": (0.0, 0.1, 0.5, 1.0),
}
FORMS = {"normal": "ard_normal", "rescaled": "ard_rescaled", "flee_total_error": "mean_total_error"}
OURS, FLEES = Quirks(), Quirks.of_flee()
Values = Mapping[str, float]
FOLDER = Path()


@cache
def stored(table: str, case: str) -> list[dict[str, str]]:
    """Rows of Flee's stored runs of a case."""
    with (FOLDER / table).open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["case"] == case]


@cache
def scenario_of(case: str, quirks: Quirks) -> Scenario:
    """A case with as many persons to an agent as in Flee's stored runs."""
    hasten = int(stored("flee_runs.csv", case)[0]["hasten"])
    return read_case(FOLDER / case, as_walk=WalkReading(quirks, hasten))


def ensemble(case: str, quirks: Quirks, changes: Values, n_runs: int) -> Ensemble:
    """Runs from seed 0, as `safeconduct run` has them: other parameters are drawn from their priors."""
    scenario = scenario_of(case, quirks)
    plan = Plan(scenario, n_runs, seed=0, changes=changes)
    runs = [simulate(scenario, plan.values(k), seed=plan.run_seed(k), record=("n_persons",)) for k in range(n_runs)]
    series = {key: np.stack([run.series[key] for run in runs]) for key in runs[0].series}
    return Ensemble(np.arange(n_runs), runs[0].hours, series, {}, {}, ())


def scores(case: str, quirks: Quirks, changes: Values | None = None, n_runs: int = N_RUNS) -> CampScores:
    """How far a case's runs are off."""
    scenario = scenario_of(case, quirks)
    assert scenario.walk is not None
    return camp_scores(scenario, scenario.walk, ensemble(case, quirks, changes or {}, n_runs))


def flee(case: str, column: str) -> tuple[float, float]:
    """Mean and standard deviation over Flee's stored runs."""
    found = [float(row[column]) for row in stored("flee_runs.csv", case)]
    return mean(found), stdev(found)


def compat() -> Iterator[str]:
    """All three forms beside Flee's."""
    yield "| Case | Persons an agent | normal: this | Flee | apart | rescaled: this | Flee | apart | printed: this | Flee | apart |"  # fmt: skip  # noqa: E501  # a header is one line
    yield "| --- |" + " --- |" * 10
    for case in TITLES:
        cells = [TITLES[case], stored("flee_runs.csv", case)[0]["hasten"]]
        found = scores(case, FLEES).ard
        for form, column in FORMS.items():
            runs, (middle, sd) = getattr(found, form).runs, flee(case, column)
            cells += [f"{mean(runs):.4f} ± {stdev(runs):.4f}", f"{middle:.4f} ± {sd:.4f}"]
            cells.append(f"{(mean(runs) - middle) / sd:+.2f}")
        yield f"| {' | '.join(cells)} |"


def camps() -> Iterator[str]:
    """Agents at the end of each camp, and where means lie more than two sd and one agent apart."""
    yield "| Case | Camp | this | Flee | apart | medians |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for case in TITLES:
        scenario, found = scenario_of(case, FLEES), ensemble(case, FLEES, {}, N_RUNS)
        hasten = int(stored("flee_runs.csv", case)[0]["hasten"])
        for place in scenario.places:
            theirs = [float(row["agents_end"]) for row in stored("flee_camps.csv", case) if row["camp"] == place.name]
            if theirs:
                ours = (found.series["n_persons", place.key][:, -1] / hasten).tolist()
                apart = mean(ours) - mean(theirs)
                mark = "  (1)" if abs(apart) > max(1.0, 2 * stdev(theirs)) else ""
                yield (
                    f"| {TITLES[case]} | {place.name} | {mean(ours):.1f} ± {stdev(ours):.1f} | {mean(theirs):.1f} ± "
                    f"{stdev(theirs):.1f} | {apart:+.1f}{mark} | {median(ours):.1f}, {median(theirs):.1f} |"
                )


def switches() -> Iterator[str]:
    """What each quirk does to Flee's error: the normal form with this one alone off, less the form with all on."""
    yield f"| Off | {' | '.join(TITLES.values())} |"
    yield "| --- |" + " --- |" * len(TITLES)
    all_on, idle = {case: np.array(scores(case, FLEES).ard.normal.runs) for case in TITLES}, []
    for one in fields(Quirks):
        quirks = replace(FLEES, **{one.name: False})
        apart = [np.array(scores(case, quirks).ard.normal.runs) - all_on[case] for case in TITLES]
        if any(runs.any() for runs in apart):
            cells = [
                f"{runs.mean():+.3f} ± {runs.std(ddof=1) / N_RUNS**0.5:.3f}" if runs.any() else "0" for runs in apart
            ]
            yield f"| {one.name} | {' | '.join(cells)} |"
        else:
            idle.append(f"`{one.name}`")
    yield f"\nNo change to any run: {', '.join(idle)}"


def chosen_on(pair: tuple[str, ...]) -> Values:
    """The values of the grid with the least normal form, mean of two cases; among equals the first."""
    grid = [dict(zip(GRID, values, strict=True)) for values in product(*GRID.values())]
    return min(grid, key=lambda v: sum(scores(case, OURS, v, GRID_RUNS).ard.normal.mean for case in pair))


def frozen() -> Iterator[str]:
    """Values chosen on two cases and scored on the other two, both ways round."""
    yield "| Case | Chosen on | normal | Flee | rescaled | Flee | with its own choice |"
    yield "| --- |" + " --- |" * 6
    choice = {pair: chosen_on(pair) for pair in PAIRS}
    for pair, other in (PAIRS, PAIRS[::-1]):
        for case in pair:
            found = scores(case, OURS, choice[other]).ard
            own = scores(case, OURS, choice[pair]).ard.normal.mean
            cells = [TITLES[case], " and ".join(TITLES[one] for one in other)]
            for form in ("normal", "rescaled"):
                runs, (middle, sd) = getattr(found, form).runs, flee(case, FORMS[form])
                low, high = np.quantile(runs, (0.05, 0.95))
                cells += [f"{mean(runs):.3f} ({low:.3f}-{high:.3f})", f"{middle:.4f} ± {sd:.4f}"]
            yield f"| {' | '.join(cells)} | {own:.3f} |"
    for pair, values in choice.items():
        yield f"\nChosen on {' and '.join(TITLES[case] for case in pair)}: {values}"


def rules() -> Iterator[str]:
    """The normal form of rules that simulate nobody."""
    found = {case: scores(case, OURS, n_runs=1).baselines for case in TITLES}
    yield f"| Rule | {' | '.join(TITLES.values())} |"
    yield "| --- |" + " --- |" * len(found)
    for rule in next(iter(found.values())):
        yield f"| {rule} | {' | '.join(f'{found[case][rule]:.3f}' for case in found)} |"


def coverage() -> Iterator[str]:
    """How often the record lies inside the intervals, before and after the observation model."""
    yield "| Case | `--compat flee`, 90 % | reported | defaults, 90 % | reported | defaults, 50 % | reported | log error |"  # noqa: E501  # as above
    yield "| --- |" + " --- |" * 7
    for case in TITLES:
        theirs, ours = (scores(case, quirks, n_runs=COVER_RUNS) for quirks in (FLEES, OURS))
        shares = (
            theirs.cover90, theirs.cover90_reported, ours.cover90, ours.cover90_reported, ours.cover50,
            ours.cover50_reported,
        )  # fmt: skip
        yield f"| {TITLES[case]} | {' | '.join(f'{share:.0%}' for share in shares)} | {ours.register_sd:.2f} |"


def held() -> Iterator[str]:
    """Coverage of each case's record with values that were chosen on the other two, both ways round."""
    yield "| Case | Chosen on | 90 % | reported | 50 % | reported |"
    yield "| --- |" + " --- |" * 5
    for pair, other in (PAIRS, PAIRS[::-1]):
        for case in pair:
            yield held_row(case, other, chosen_on(other))


def held_row(case: str, other: tuple[str, ...], values: Values) -> str:
    """A row of that table."""
    found = scores(case, OURS, values, COVER_RUNS)
    shares = (found.cover90, found.cover90_reported, found.cover50, found.cover50_reported)
    names = " and ".join(TITLES[one] for one in other)
    return f"| {TITLES[case]} | {names} | {' | '.join(f'{share:.0%}' for share in shares)} |"


TABLES = {
    "compat": compat,
    "camps": camps,
    "switches": switches,
    "frozen": frozen,
    "rules": rules,
    "coverage": coverage,
    "held": held,
}


def main() -> None:
    """Print the tables that are asked for."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--cases", type=Path, required=True, help="folder with the four cases and Flee's stored runs")
    options.add_argument("--only", choices=TABLES, help="one table")
    said = options.parse_args()
    global FOLDER  # set once, before anything is read
    FOLDER = said.cases
    for name, table in TABLES.items():
        if said.only in (None, name):
            print(f"\n{name}\n")
            for line in table():
                print(line, flush=True)


if __name__ == "__main__":
    main()
