"""Who leaves, when, and for where, against laws that can be written down."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from drive import START, make_scenario
from oracle import Link
from theory import beta_shape, cascade_share, gravity_shares, log_logistic_gone, tipping_pressure

from safeconduct.engine import Run, simulate
from safeconduct.scenario import Amount, Event, Role, Scenario

NO_END = float("inf")
PLAIN = {  # one person a vehicle, fuel for all, nobody stays, and nothing but threat and neighbours is felt
    "persons_per_vehicle": 1.0,
    "own_fuel_share": 1.0,
    "stay_share": 0.0,
    "trust_weight": 0.0,
    "hardship_weight": 0.0,
    "neighbour_weight": 0.0,
    "threat_half_life_hours": 1e12,
    "registration_lag_hours": 0.0,
    "state_shelter_share": 0.0,
}


def attack(strength: float) -> Event:
    """A threat of this strength at every origin, from the first hour on."""
    return Event("attack", START, "attack", "*", Amount(strength), "", 0.0, "invented", "invented")


def one_town(n: int, threat: float, hours: float, step_minutes: float = 60.0) -> Scenario:
    """n people in a town with an endless road out."""
    road = (Link("road", "town", "out", 30.0, 30.0, NO_END, NO_END, 1.0),)
    places = {"town": Role.ORIGIN, "out": Role.RECEPTION}
    return make_scenario(places, road, {"town": n}, hours=hours, step_minutes=step_minutes, events=(attack(threat),))


def share_gone(run: Run, n: int) -> np.ndarray:
    """[hour] share of the town that has left for good."""
    return run.series["cum_departures_persons", "town"] / n


def test_departures_follow_the_log_logistic_law() -> None:
    """20,000 decide at once, median 24 h, shape 3: at each hour within five binomial standard deviations."""
    n = 20_000
    values = PLAIN | {"ready_median_hours": 24.0, "ready_shape": 3.0, "share_gone_weight": 0.0}
    gone = share_gone(simulate(one_town(n, 5.0, 96), values, seed=3, record=["cum_departures_persons"]), n)
    expected = log_logistic_gone(np.arange(gone.size), 24.0, 3.0)
    assert np.abs(gone - expected).max() < 5 * np.sqrt(0.25 / n)
    assert np.abs(gone - log_logistic_gone(np.arange(gone.size), 26.0, 3.0)).max() > 5 * np.sqrt(0.25 / n)


N_CROWD = 20_000
WEIGHT, MEAN, CONCENTRATION = 0.6, 0.4, 12.0


@cache
def final_share(threat: float, seed: int = 0) -> float:
    """The share that has left after thirty days, when followers get ready within minutes."""
    values = PLAIN | {
        "share_gone_weight": WEIGHT,
        "threshold_mean": MEAN,
        "threshold_concentration": CONCENTRATION,
        "ready_median_hours": 0.05,
        "ready_shape": 5.0,
    }
    run = simulate(one_town(N_CROWD, threat, 30 * 24), values, seed=seed, record=["cum_departures_persons"])
    return float(share_gone(run, N_CROWD)[-1])


def sampling_error(threat: float) -> float:
    """Standard deviation of the final share of a finite crowd: binomial, made larger by those who follow.

    One leaver more raises pressure by weight/n, so by weight x density more follow, and so on: a geometric series.
    """
    from scipy.stats import beta

    share = cascade_share(threat, WEIGHT, MEAN, CONCENTRATION)
    follow = WEIGHT * beta.pdf(threat + WEIGHT * share, *beta_shape(MEAN, CONCENTRATION))
    return float(np.sqrt(share * (1 - share) / N_CROWD) / (1 - follow))


@pytest.mark.parametrize("threat", [0.05, 0.10, 0.15, 0.30, 0.45])
def test_cascade_ends_at_the_fixed_point(threat: float) -> None:
    """Beta thresholds (mean 0.4, concentration 12), weight 0.6: five standard deviations of a crowd of 20,000."""
    expected = cascade_share(threat, WEIGHT, MEAN, CONCENTRATION)
    assert final_share(threat) == pytest.approx(expected, abs=5 * sampling_error(threat) + 1 / N_CROWD)


def test_the_cascade_tips_where_theory_says() -> None:
    """A tenth under the tipping pressure few leave, a tenth over it nearly all."""
    tip = tipping_pressure(WEIGHT, MEAN, CONCENTRATION)
    assert final_share(0.9 * tip) < 0.25
    assert final_share(1.1 * tip) > 0.95


PULLS = {"near": 10_000.0, "middle": 40_000.0, "far": 160_000.0}
KM = {"near": 20.0, "middle": 60.0, "far": 150.0}


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0])
def test_destinations_share_by_gravity(exponent: float) -> None:
    """20,000 choose among three towns: each share within five binomial standard deviations of pull / km^exponent."""
    n = 20_000
    places = {"town": Role.ORIGIN, "out": Role.RECEPTION} | dict.fromkeys(PULLS, Role.SHELTER)
    links = [Link("road", "town", "out", 10.0, 50.0, NO_END, NO_END, 1.0)]
    links += [Link(f"to {key}", "out", key, km, 50.0, NO_END, NO_END, 1.0) for key, km in KM.items()]
    case = make_scenario(places, tuple(links), {"town": n}, hours=48, pulls=PULLS, events=(attack(5.0),))
    values = PLAIN | {"ready_median_hours": 1.0, "ready_shape": 5.0, "distance_exponent": exponent}
    run = simulate(case, values, seed=5, record=["n_own_arrangement_persons"])
    found = np.array([run.series["n_own_arrangement_persons", key][-1] for key in PULLS]) / n
    expected = gravity_shares(list(PULLS.values()), list(KM.values()), exponent)
    assert found.sum() == pytest.approx(1.0)
    assert np.abs(found - expected).max() < 5 * np.sqrt(0.25 / n)


def test_the_step_changes_nothing_but_error() -> None:
    """Steps of 5, 7, 15 and 60 minutes through a cascade: within one standard deviation of 20,000 draws, all hours.

    The draws are the same, so nothing but the hour of looking up may differ.
    """
    n, values = 20_000, PLAIN | {"ready_median_hours": 6.0, "share_gone_weight": 0.3, "threshold_mean": 0.3}
    by_step = [
        share_gone(simulate(one_town(n, 0.15, 96, minutes), values, seed=1, record=["cum_departures_persons"]), n)
        for minutes in (60.0, 15.0, 7.0, 5.0)
    ]
    for other in by_step[1:]:
        assert np.abs(other - by_step[0]).max() < np.sqrt(0.25 / n)
