"""Scores against answers worked out by hand and against an oracle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.inference.score.measures import crps, is_covered, root_mean_square
from safeconduct.terms import Draws

reals = st.floats(-1e6, 1e6)


def test_crps_by_hand():
    """Draws 0, 2, 4 and record 1: mean distance (1+1+3)/3; mean over pairs (2+4+2)/3, half of it 4/3."""
    assert crps(np.array([4.0, 0.0, 2.0]), 1.0) == pytest.approx(5 / 3 - 4 / 3)


def test_one_draw_scores_its_absolute_error():
    assert crps(np.array([10.0]), 7.0) == 3.0


@pytest.mark.slow  # scoringrules compiles for over ten CPU seconds
@given(st.lists(reals, min_size=2, max_size=30), reals)
def test_crps_agrees_with_scoringrules(draws, recorded):
    oracle = pytest.importorskip("scoringrules")
    values = np.array(draws)
    expected = float(oracle.crps_ensemble(recorded, values, estimator="fair"))
    assert crps(values, recorded) == pytest.approx(expected, rel=1e-9, abs=1e-6 * (1 + np.abs(values).max()))


def test_crps_prefers_the_true_spread():
    """For a standard normal record the expected score is least at sd 1: the score is proper."""
    quantiles = normal(Draws(1).uniform("spread", np.arange(400)))
    records = normal((np.arange(200) + 0.5) / 200)
    mean = {sd: np.mean([crps(sd * quantiles, y) for y in records]) for sd in (0.4, 1.0, 2.0)}
    assert mean[1.0] < mean[0.4] and mean[1.0] < mean[2.0]


def test_intervals_cover_their_share():
    """Records drawn from the law of the draws: covered 50 and 90 times in 100, within 5 binomial sd."""
    n = 1000
    draws, records = Draws(2).uniform("draws", np.arange(2000)), Draws(2).uniform("records", np.arange(n))
    for share in (0.5, 0.9):
        covered = np.mean([is_covered(draws, y, y, share) for y in records])
        sampling = np.sqrt(share * (1 - share) * (1 / n + 1 / 2000))
        assert abs(covered - share) < 5 * sampling


def test_an_interval_is_covered_where_it_overlaps():
    """Draws 0..100: the central half is 25..75."""
    draws = np.arange(101.0)
    assert is_covered(draws, 10.0, 25.0, 0.5) and is_covered(draws, 75.0, 99.0, 0.5)
    assert not is_covered(draws, 10.0, 24.9, 0.5) and not is_covered(draws, 75.1, 99.0, 0.5)
    assert is_covered(draws, 0.0, 100.0, 0.5)


def test_root_mean_square_by_hand():
    assert root_mean_square(np.array([3.0, -4.0])) == pytest.approx(12.5**0.5)


def normal(chances):
    """Standard normal quantiles."""
    from scipy.special import ndtri

    return ndtri(chances)
