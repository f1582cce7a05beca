"""Closed forms that tests hold the engine to. Each says where it comes from; none calls the engine.

Times are hours, rates are per hour. `test_theory.py` holds this file, in turn, to independent simulation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import betainc
from scipy.stats import beta, poisson

Floats = NDArray[np.float64]


# Queues


def point_queue(arrive: ArrayLike, capacity_per_hour: float) -> Floats:
    """Hour at which each vehicle passes a bottleneck that lets one through every 1/capacity hours, in order.

    The deterministic point queue (Vickrey 1969): out_k = max(in_k, out_(k-1) + headway), solved at once by
    taking the headways out first: out_k - k headway is the running maximum of in_k - k headway.
    """
    headways = np.arange(np.size(arrive)) / capacity_per_hour
    return np.maximum.accumulate(np.sort(np.asarray(arrive, dtype=float)) - headways) + headways


def mm1_wait_hours(arrivals_per_hour: float, served_per_hour: float) -> float:
    """Mean wait before service: Poisson arrivals, exponential service, one booth (Erlang)."""
    load = arrivals_per_hour / served_per_hour
    return load / (served_per_hour - arrivals_per_hour)


def md1_wait_hours(arrivals_per_hour: float, served_per_hour: float) -> float:
    """Mean wait before service: Poisson arrivals, fixed service, one booth (Pollaczek and Khinchine)."""
    return mm1_wait_hours(arrivals_per_hour, served_per_hour) / 2


def mdc_wait_hours(arrivals_per_hour: float, service_hours: float, booths: int) -> float:
    """Mean wait before service: Poisson arrivals, fixed service, several booths (Crommelin 1932).

    Whoever is in service now is gone one service time later, so the number present obeys
    N(t + service) = max(N(t) - booths, 0) + Poisson(arrivals x service). Its stationary mean gives the wait
    by Little's law. Needs a load below 1 and not close to it: the number present is cut at `most`.
    """
    offered = arrivals_per_hour * service_hours
    assert offered < 0.97 * booths, "too close to saturation for the cut"
    most = int(booths + 60 / (1 - offered / booths))
    present = np.arange(most + 1)
    left_behind = np.maximum(present - booths, 0)
    chain = poisson.pmf(present[None, :] - left_behind[:, None], offered)  # [present, present one service later]
    equations = np.vstack([(chain.T - np.eye(most + 1))[:-1], np.ones(most + 1)])  # one row follows from the others
    share = np.linalg.solve(equations, np.r_[np.zeros(most), 1.0])
    return float(share @ present) / arrivals_per_hour - service_hours


# Leaving


def beta_shape(mean: float, concentration: float) -> tuple[float, float]:
    """The two exponents of a Beta distribution from its mean and the sum of its exponents."""
    return mean * concentration, (1 - mean) * concentration


def cascade_share(pressure: float, weight: float, mean: float, concentration: float) -> float:
    """Share that has decided to leave in the end, of a large well-mixed population (Granovetter 1978).

    A party leaves once `pressure + weight x share gone` is past its threshold, Beta distributed: the share is
    the smallest s with s = F(pressure + weight s), reached from s = 0 by letting people follow one another.
    """
    a, b = beta_shape(mean, concentration)
    share, before = 0.0, -1.0
    while share - before > 1e-13:
        share, before = float(betainc(a, b, np.clip(pressure + weight * share, 0.0, 1.0))), share
    return share


def tipping_pressure(weight: float, mean: float, concentration: float) -> float:
    """Pressure at which the share that leaves jumps, where it does: weight x the largest density is over 1.

    The lower fixed point vanishes where the curve F(x) touches the line (x - pressure) / weight from below:
    weight f(x) = 1 on the rising side of the density f, and there pressure = x - weight F(x).
    """
    a, b = beta_shape(mean, concentration)
    mode = (a - 1) / (a + b - 2)
    assert a > 1 and b > 1 and weight * beta.pdf(mode, a, b) > 1, "nothing tips here: the share grows smoothly"
    x = brentq(lambda x: weight * beta.pdf(x, a, b) - 1, 1e-12, mode, xtol=1e-14)
    return float(x - weight * betainc(a, b, x))


def log_logistic_gone(hours: ArrayLike, median_hours: float, shape: float) -> Floats:
    """Share of parties ready within so many hours of deciding: S-shaped, half of them at the median."""
    ratio = (np.asarray(hours, dtype=float) / median_hours) ** shape
    return np.asarray(ratio / (1 + ratio))


# Where to


def gravity_shares(pull: ArrayLike, km: ArrayLike, exponent: float) -> Floats:
    """Share of travellers that each destination gets: its pull divided by distance to a power."""
    attraction = np.asarray(pull, dtype=float) * np.asarray(km, dtype=float) ** -exponent
    return np.asarray(attraction / attraction.sum())
