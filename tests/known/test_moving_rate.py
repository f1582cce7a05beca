"""The moving rate of posts against its formula.

x is AR(1) over slots of 6 h: stationary variance sd^2, correlation exp(-6 / memory) from one slot to the next. After an
opening a post serves share^(1 - t / hours) of its level, so half way in time it stands at the root of the share.
"""

from __future__ import annotations

from math import exp, sqrt

import numpy as np

from safeconduct.engine.service import move_log_rate, opening_factor
from safeconduct.terms import Draws


def test_variance_and_memory() -> None:
    """20,000 independent groups over 12 slots: both moments within five standard errors of the formula."""
    from scipy.special import ndtri

    n, sd, memory = 20_000, 0.4, 12.0
    shocks = np.array(ndtri([Draws(5).uniform("shock", np.arange(n), slot) for slot in range(12)]).T)
    rate, rates = np.zeros(n), []
    for slot in range(12):
        move_log_rate(rate, shocks, slot - 1, slot, sd, memory)
        rates.append(rate.copy())
    at_once = np.zeros(n)
    move_log_rate(at_once, shocks, -1, 11, sd, memory)
    np.testing.assert_array_equal(at_once, rate)
    for rate in rates:
        assert abs(rate.var() - sd**2) < 5 * sd**2 * sqrt(2 / n)
    keep = exp(-6.0 / memory)
    assert abs(np.corrcoef(rates[-2], rates[-1])[0, 1] - keep) < 5 * (1 - keep**2) / sqrt(n)


def test_opening() -> None:
    """Share at once, its root half way, all from the stated hour on; a post that was long open serves all."""
    found = opening_factor(np.array([0.0, 10.0, 20.0, 50.0, np.inf]), 0.25, 20.0)
    np.testing.assert_allclose(found, [0.25, 0.5, 1.0, 1.0, 1.0])
