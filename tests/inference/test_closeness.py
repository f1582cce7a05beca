"""How close a fit comes, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from scored_case import START, scenario, target

from safeconduct.inference import FitRow, Question, goodness_of_fit
from safeconduct.inference.fit.fitting import Posterior, Round
from safeconduct.scenario import Parameter
from safeconduct.terms import Prior

ROWS = [(10.0, 1_000.0), (20.0, 2_000.0), (30.0, 3_000.0), (40.0, 5_000.0)]
UNTIL = START + timedelta(hours=30)
RATE = Parameter("rate", 100.0, "persons/hour", Prior("lognormal", (50.0, 200.0)), "assumed")


def fit_of(modelled: list[list[float]], kept: list[int]) -> Posterior:
    """A fit on the first three rows whose runs gave these values."""
    rows = tuple(FitRow("cum_arrivals_persons", "gate", hour, best, best, best) for hour, best in ROWS[:3])
    n = len(modelled)
    return Posterior(
        Question((RATE,), rows, np.eye(3)), 0, np.full((n, 1), 100.0), np.array(modelled), np.empty((n, 0)),
        np.zeros(n), np.full(n, 1 / n), np.array(kept), (Round(n, 1.0, float(n)),),
    )  # fmt: skip


def never(draw: int, values: list[dict[str, float]]) -> np.ndarray:
    """Nothing is to be searched."""
    raise AssertionError


def test_a_search_starts_at_the_closest_run_and_stays_within_the_priors() -> None:
    """Rows are as many as the rate says: from runs at 90 and 80 the search comes nearer to 100, within the prior."""
    rows = tuple(FitRow("cum_arrivals_persons", "gate", hour, best, best, best) for hour, best in ROWS[:3])
    narrow = replace(RATE, prior=Prior("uniform", (50.0, 98.0)))
    values, draws_seen, tried = np.array([[80.0], [90.0]]), set(), []

    def simulate(draw: int, tables: list[dict[str, float]]) -> np.ndarray:
        draws_seen.add(draw)
        tried.extend(table["rate"] for table in tables)
        return np.array([[10.0, 20.0, 30.0]]) * np.array([[table["rate"]] for table in tables])

    found = Posterior(
        Question((narrow,), rows, np.eye(3)), 7, values, simulate(1, [{"rate": 80.0}, {"rate": 90.0}]),
        np.empty((2, 0)), np.zeros(2), np.full(2, 0.5), np.array([0, 1]), (Round(2, 1.0, 2.0),),
    )  # fmt: skip
    case = scenario(target(ROWS))
    close = goodness_of_fit(found, case, case.targets[0], UNTIL, simulate, n_search=20)
    assert draws_seen == {1}
    assert max(tried) <= 98.0
    assert close.n_searched == len(tried) - 2
    assert close.least_squares < 0.5 * close.closest_run
    assert close.least_squares >= 2 / 100 * np.sqrt(14 / 3) * 1_000 / 5_000


def test_errors_are_over_the_fitted_rows_and_shares_of_the_final_count() -> None:
    """Kept runs lie 200 above and 100 below: their mean 50 off, of 5,000 in the end 1 %; a failed run is left out."""
    known = np.array([1_000.0, 2_000.0, 3_000.0])
    runs = [known + 200.0, known - 100.0, known + 30.0, np.full(3, np.nan)]
    case = scenario(target(ROWS))
    found = goodness_of_fit(fit_of([list(run) for run in runs], kept=[0, 1]), case, case.targets[0], UNTIL, never)
    assert (found.n_rows, found.final_count, found.n_runs) == (3, 5_000.0, 3)
    assert found.posterior_mean == pytest.approx(50 / 5_000)
    assert found.closest_run == pytest.approx(30 / 5_000)


def test_the_straight_line_is_fitted_on_the_same_rows() -> None:
    """Three rows on one line: it meets them without error, and the later row plays no part."""
    case = scenario(target(ROWS))
    found = goodness_of_fit(fit_of([[0.0, 0.0, 0.0]], kept=[0]), case, case.targets[0], UNTIL, never)
    assert [name for name, _, _ in found.lines] == [
        "capped straight line",
        "capped straight line given the final count",
    ]
    assert [error for _, error, _ in found.lines] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert found.sentences()[0].startswith("A fit, not a validation: 3 rows")
