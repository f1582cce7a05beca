"""A checkpoint against queueing theory: Poisson arrivals, fixed or exponential service, one booth or several."""

from __future__ import annotations

import numpy as np
import pytest
from drive import drive, make_scenario
from oracle import Link
from theory import md1_wait_hours, mdc_wait_hours, mm1_wait_hours

from safeconduct.scenario import Amount, Checkpoint, Role

NO_END = float("inf")
N_BATCHES, SIZE = 40, 2_500
KM, KMH = 20.0, 40.0


def waits(arrivals_per_hour: float, seconds: float, booths: int, law: str) -> np.ndarray:
    """[batch] mean hours before service, of 2,500 vehicles each; the first tenth of each warms up."""
    rng = np.random.default_rng(1932)
    post = Checkpoint("post", "road", "out", booths, Amount(seconds), law, "", ("everyone",), "invented")
    road = (Link("road", "town", "out", KM, KMH, NO_END, NO_END, 1.0),)
    means = []
    for batch in range(N_BATCHES):
        leave = np.cumsum(rng.exponential(1 / arrivals_per_hour, SIZE))
        hours = float(np.ceil(leave[-1] + 24))
        places = {"town": Role.ORIGIN, "out": Role.RECEPTION}
        case = make_scenario(places, road, {"town": SIZE}, hours=hours, checkpoints=(post,))
        arrive = drive(case, {"town": leave}, seed=batch)["town"]
        wait = arrive - leave - KM / KMH - seconds / 3600  # less the mean service: means are compared
        means.append(wait[SIZE // 10 :].mean())
    return np.array(means)


@pytest.mark.parametrize(
    ("law", "booths", "expected"),
    [
        ("exponential", 1, mm1_wait_hours(40, 60)),
        ("fixed", 1, md1_wait_hours(40, 60)),
        ("fixed", 3, mdc_wait_hours(140, 1 / 60, 3)),
    ],
    ids=["M/M/1", "M/D/1", "M/D/3"],
)
def test_mean_wait(law: str, booths: int, expected: float) -> None:
    """60 seconds a vehicle: the mean wait within four standard errors over 40 batches of 2,500 vehicles."""
    found = waits(140 if booths == 3 else 40, 60, booths, law)
    error = found.std(ddof=1) / np.sqrt(N_BATCHES)
    assert error < 0.1 * expected, "too little data to tell"
    assert found.mean() == pytest.approx(expected, abs=4 * error)


def test_the_law_of_service_matters() -> None:
    """The test above can fail: with fixed service the wait is far from M/M/1's."""
    found = waits(40, 60, 1, "fixed")
    error = found.std(ddof=1) / np.sqrt(N_BATCHES)
    assert abs(found.mean() - mm1_wait_hours(40, 60)) > 8 * error
