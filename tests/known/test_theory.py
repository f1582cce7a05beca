"""The closed forms that other tests rely on, held to simulation and to UXsim's frozen answers."""

from __future__ import annotations

import numpy as np
import pytest
from oracle import MERGES, ONE_BOTTLENECK, OracleCase
from theory import (
    beta_shape,
    cascade_share,
    gravity_shares,
    log_logistic_gone,
    md1_wait_hours,
    mdc_wait_hours,
    mm1_wait_hours,
    point_queue,
    tipping_pressure,
)


@pytest.mark.parametrize("case", ONE_BOTTLENECK, ids=lambda case: case.name)
def test_point_queue_agrees_with_uxsim_at_one_bottleneck(case: OracleCase) -> None:
    """Free travel, then one vehicle each headway: to within two vehicles and four of UXsim's steps."""
    leave, said = case.leave_hours["main"], case.answers["main"]
    narrowest = min(case.links, key=lambda link: link.capacity_per_hour)
    arrive = point_queue(leave, narrowest.capacity_per_hour) + sum(link.km / link.speed_kmh for link in case.links)
    by_hour = np.searchsorted(arrive, np.arange(said.cum_arrivals_vehicles.size), side="right")
    assert np.abs(by_hour - said.cum_arrivals_vehicles).max() <= 2
    assert np.mean(arrive - leave) == pytest.approx(said.mean_trip_hours, abs=4 * (4 / 3) / 3600)


@pytest.mark.parametrize("case", MERGES, ids=lambda case: case.name)
def test_the_frozen_merges_do_spill_back(case: OracleCase) -> None:
    """The cases are of use only if turns at the junction change who waits.

    Both towns leave evenly over the same hours: in order of coming, trips would differ by free travel alone.
    """
    main, side = case.answers["main"], case.answers["side"]
    free = {"main": case.links[0].km / 40, "side": case.links[1].km / 40}
    by_order_alone = free["main"] - free["side"]
    moved_by_turns = abs((main.mean_trip_hours - side.mean_trip_hours) - by_order_alone)
    assert moved_by_turns > 3 * max(main.error_trip_hours, side.error_trip_hours)


def lindley(gaps: np.ndarray, service: np.ndarray) -> float:
    """Mean wait of a one-booth queue: wait_k = max(wait_(k-1) + service_(k-1) - gap_k, 0) (Lindley 1952)."""
    steps = np.concatenate([[0.0], np.cumsum(service[:-1] - gaps[1:])])
    return float(np.mean(steps - np.minimum.accumulate(steps)))


@pytest.mark.parametrize(("law", "expected"), [("exponential", mm1_wait_hours), ("fixed", md1_wait_hours)])
def test_one_booth_waits(law: str, expected) -> None:
    """Half a million vehicles at load 0.7; batches of 10,000 tell the Monte Carlo error."""
    rng = np.random.default_rng(20230924)
    arrivals, served, n_batches, size = 42.0, 60.0, 50, 10_000
    means = []
    for _ in range(n_batches):
        gaps = rng.exponential(1 / arrivals, size)
        service = rng.exponential(1 / served, size) if law == "exponential" else np.full(size, 1 / served)
        means.append(lindley(gaps, service))
    error = np.std(means, ddof=1) / np.sqrt(n_batches)
    assert np.mean(means) == pytest.approx(expected(arrivals, served), abs=4 * error)


def test_several_booths_wait() -> None:
    """With one booth the chain is Pollaczek-Khinchine; with three it agrees with simulation in turn."""
    assert mdc_wait_hours(42.0, 1 / 60, booths=1) == pytest.approx(md1_wait_hours(42.0, 60.0), rel=1e-6)
    # fixed service and order kept: the booths serve in rotation, so vehicle k starts at max(in_k, out_(k-3))
    rng = np.random.default_rng(7)
    arrivals, service, means = 100.0, 1 / 40, []
    for _ in range(40):
        come = np.cumsum(rng.exponential(1 / arrivals, 9_999)).reshape(-1, 3)
        means.append(np.mean([point_queue(come[:, booth], 1 / service) - come[:, booth] for booth in range(3)]))
    error = np.std(means, ddof=1) / np.sqrt(len(means))
    assert np.mean(means) == pytest.approx(mdc_wait_hours(arrivals, service, booths=3), abs=4 * error)


def follow_one_another(pressure: float, weight: float, thresholds: np.ndarray) -> float:
    """Granovetter's cascade party by party: the next most daring leaves if those gone suffice."""
    n, gone = thresholds.size, 0
    for threshold in np.sort(thresholds):
        if pressure + weight * gone / n < threshold:
            break
        gone += 1
    return gone / n


@pytest.mark.parametrize("pressure", [0.02, 0.1, 0.3])
def test_cascade_share_agrees_with_a_finite_crowd(pressure: float) -> None:
    """200,000 parties with evenly spread quantiles of Beta(mean 0.3, concentration 5)."""
    from scipy.stats import beta

    thresholds = beta.ppf((np.arange(200_000) + 0.5) / 200_000, *beta_shape(0.3, 5.0))
    assert follow_one_another(pressure, 0.3, thresholds) == pytest.approx(
        cascade_share(pressure, 0.3, 0.3, 5.0), abs=1e-3
    )


def test_the_cascade_tips_where_the_tangent_says() -> None:
    """Just under the tipping pressure few leave, just over it most do."""
    weight, mean, concentration = 0.6, 0.4, 12.0
    tip = tipping_pressure(weight, mean, concentration)
    assert cascade_share(tip - 1e-6, weight, mean, concentration) < 0.3
    assert cascade_share(tip + 1e-6, weight, mean, concentration) > 0.9


def test_departure_law_and_gravity() -> None:
    """Half have left at the median; equal pulls at 1 and 2 km share 4 to 1 at exponent 2."""
    assert log_logistic_gone([0.0, 24.0, 48.0], 24.0, 3.0) == pytest.approx([0.0, 0.5, 8 / 9])
    assert gravity_shares([1.0, 1.0], [1.0, 2.0], 2.0) == pytest.approx([0.8, 0.2])
