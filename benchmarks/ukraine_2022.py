"""The table of docs/ukraine-2022.md: daily entries by country, three versions of one case beside rules.

safeconduct run ukraine-2022 --runs 40 --from-priors --event fast-track.time=2022-04-01T01:00+03:00 --out out/frozen
safeconduct run ukraine-2022 --runs 40 --from-priors --out out/dated
safeconduct run ukraine-2022 --runs 40 --out out/fitted
python benchmarks/ukraine_2022.py out/frozen out/dated out/fitted

Moldova's days are differences of its running total, arithmetic of the compiler, and so stand apart.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

from safeconduct.engine.waits import stood
from safeconduct.ensemble import Ensemble
from safeconduct.inference import score
from safeconduct.inference.score.measures import crps, is_covered
from safeconduct.scenario import Scenario, read_case

DAY = "new_arrivals_persons"
APART = "moldova"
SHOWN = (DAY, "cum_arrivals_persons", "queue_hours")
PRESENT = ("n_queue_vehicles", "cum_arrivals_vehicles")  # from which older runs get the hours stood


def read_runs(folder: Path, case: Scenario) -> Ensemble:
    """The series of a finished run's folder as the ensemble that they were."""
    key = {name: place.key for place in case.places for name in (place.both_names, place.name)}
    table = pl.read_parquet(folder / "series.parquet").with_columns(pl.col("place", "quantity").cast(pl.String))
    series = {}
    for (quantity, place), part in table.filter(pl.col("quantity").is_in(SHOWN + PRESENT)).group_by(
        "quantity", "place"
    ):
        ordered = part.sort("run", "time")
        series[str(quantity), key.get(str(place), str(place))] = (
            ordered["value"].to_numpy().reshape(ordered["run"].n_unique(), -1)
        )
    if not any(quantity == "queue_hours" for quantity, _ in series):
        for route in (route for route in case.routes if ("cum_arrivals_vehicles", route.counts_as) in series):
            if case.place(route.counts_as).role == "crossing":
                pair = (series[PRESENT[0], route.id], series[PRESENT[1], route.counts_as])
                series["queue_hours", route.counts_as] = np.array([stood(*run) for run in zip(*pair, strict=True)])
    n_runs, n_hours = next(iter(series.values())).shape
    hours = np.minimum(np.arange(n_hours, dtype=float), case.clock.hours)
    return Ensemble(np.arange(n_runs), hours, series, {}, {}, ())


def derived_days(case: Scenario, runs: Ensemble) -> list[tuple[float, float, bool, bool]]:
    """Recorded count, CRPS and cover of each later day of the country that stands apart."""
    found = []
    for claim in case.ledger.claims:
        if (claim.place, claim.quantity, claim.basis) == (APART, DAY, "derived") and claim.time and claim.value:
            hour = round(case.clock.hour_of(claim.time))
            if claim.time > case.learn_until and hour < len(runs.hours):
                values = runs.series[DAY, APART][:, hour]
                covers = [is_covered(values, claim.value, claim.value, share) for share in (0.5, 0.9)]
                found.append((claim.value, crps(values, claim.value), *covers))
    return found


def waits(case: Scenario, runs: Ensemble) -> None:
    """Mean hours stood in the days around the change of exit control: median and 5-95 % over runs."""
    for place in sorted(p for q, p in runs.series if q == "queue_hours" and case.place(p).role == "crossing"):
        cells = []
        for day in range(2, 10):
            part = runs.series["queue_hours", place][:, 24 * day - 5 : 24 * day + 19]
            mean = np.array([row[~np.isnan(row)].mean() for row in part if not np.isnan(row).all()])
            low, mid, high = np.percentile(mean, (5, 50, 95)) if mean.size else (np.nan,) * 3
            cells.append(f"{mid:.0f} ({low:.0f}-{high:.0f})")
        print(f"| {case.place(place).name} | {' | '.join(cells)} |")


def main(folders: list[str]) -> None:
    """Print the tables of all folders."""
    case = read_case("ukraine-2022")
    for folder in map(Path, folders):
        runs = read_runs(folder, case)
        for row in score(case, runs, fitted_until=None).rows:
            if row.rows == "later" and row.target_quantity != "queue_hours" and row.crps is not None:
                cover = "- | -" if row.cover50 is None else f"{row.cover50:.0%} | {row.cover90:.0%}"
                print(f"| {row.target_place} | {row.model} | {row.n_rows} | {row.crps:,.0f} | {cover} |")
        days = np.array(derived_days(case, runs), dtype=float)
        _, mean, half, most = days.mean(axis=0)
        print(f"| {APART}, days derived | simulation | {len(days)} | {mean:,.0f} | {half:.0%} | {most:.0%} |")
        print(f"\nHours stood before crossings, {folder.name}, 26 February to 5 March:")
        waits(case, runs)


if __name__ == "__main__":
    main(sys.argv[1:])
