"""Averaged quantiles or a mixture? The pool of a forecast scored both ways on later counts (docs/why/0023).

    python benchmarks/pool_rule.py ukraine-2022 2022-03-03T08:00+02:00 poland,hungary,slovakia,romania

Prints, over all later counts of the places: CRPS, weighted interval score, shares inside the 50 and 90 % intervals.
"""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.assimilate import make_forecast
from safeconduct.inference.assimilate.backtest import INTERVALS, interval_score, later_rows, tables_of
from safeconduct.inference.assimilate.pool_of_forecasts import WEIGHTS
from safeconduct.inference.score.measures import crps, is_covered
from safeconduct.scenario import read_case
from safeconduct.terms import parse_time

Array = NDArray[np.float64]
EACH = 400  # values that stand for a forecast whose weight is one


def mixture(tables: dict[str, Array]) -> Array:
    """[draw, hour] values of all forecasts, as many of each as its weight says."""
    total = sum(WEIGHTS[name] for name in tables)
    return np.concatenate([_spread(one, round(EACH * WEIGHTS[name] / total)) for name, one in tables.items()])


def _spread(table: Array, n: int) -> Array:
    """[n, hour] equally likely values."""
    return np.asarray(np.quantile(table, (np.arange(n) + 0.5) / n, axis=0))


def main(key: str, when: str, places: list[str]) -> None:
    """One forecast, scored by place and over all."""
    case = read_case(key)
    made = make_forecast(case, parse_time(when), case.clock.end)
    print(f"effective particles {made.assimilated.effective:.0f}, histories of leaving {made.assimilated.n_born}")
    rows: list[tuple[str, str, float, float, tuple[bool, ...]]] = []
    for target in (one for one in case.targets if one.place in places and one.place in made.simulation):
        evidence = later_rows(target, case, made.origin)
        if evidence is None or "arrivals_persons" not in target.quantity:
            continue
        tables = tables_of(made, target)
        pool, alone, *_ = tables
        parts = {"simulation": tables[alone], **{name: tables[name] for name in tables if name in WEIGHTS}}
        for name, table in ((pool, tables[pool]), ("mixture", mixture(parts)), *parts.items()):
            for row in evidence.rows:
                at = np.array([np.interp(row.hour, made.ensemble.hours, one) for one in table])
                inside = tuple(is_covered(at, row.low, row.high, share) for share in INTERVALS)
                rows.append((target.place, name, crps(at, row.best), interval_score(at, row.best), inside))
    for place in (*dict.fromkeys(row[0] for row in rows), "all"):
        for name in dict.fromkeys(row[1] for row in rows):
            of = [row for row in rows if row[1] == name and place in (row[0], "all")]
            covers = np.mean([row[4] for row in of], axis=0)
            print(
                f"{place:<10} {name:<26} rows {len(of):4d}  CRPS {np.mean([row[2] for row in of]):12,.0f}  "
                f"WIS {np.mean([row[3] for row in of]):12,.0f}  inside 50 % {covers[0]:.0%}, 90 % {covers[1]:.0%}"
            )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3].split(","))
