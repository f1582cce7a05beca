"""Who is let through: a checkpoint's rows by category, each with a queue of its own, each for one direction."""

from __future__ import annotations

import numpy as np
from tiny import checkpoint, line, run

from safeconduct.scenario import Checkpoint

SHARES = {"medical_share": 0.1, "passport_share": 0.2}
N = 2000


def crossed(*rows: Checkpoint) -> np.ndarray:
    """[hour] people who have crossed, one to a vehicle, of 2,000 who all want to go from hour 1 on."""
    return run(line(N, values=SHARES, checkpoints=rows, hours=48)).series["cum_arrivals_persons", "gate"]


def post(seconds: float = 1.0, **options: str) -> Checkpoint:
    """A post at the gate, in the direction out."""
    return checkpoint("home-gate", options.pop("towards", "gate"), seconds=seconds, **options)


def test_only_those_let_through_leave():
    """Binomial: 10 % for medical only, 30 % with passports; the rest wait at home."""
    for admits, chance in (("medical", 0.1), ("medical passport", 0.3), ("nobody", 0.0), ("everyone", 1.0)):
        assert abs(crossed(post(admits=admits))[-1] - N * chance) <= 5 * np.sqrt(N * chance * (1 - chance)), admits


def test_categories_queue_apart():
    """36 seconds each: one line passes 100 an hour; a medical post of its own passes its 10 % beside the line."""
    together = crossed(post(36))
    apart = crossed(post(36, id="all"), post(36, id="medical", admits="medical"))
    assert abs(together[12] - together[2] - 1000) <= 1
    assert abs(apart[12] - together[12] - 0.1 * N) <= 5 * np.sqrt(N * 0.1 * 0.9)
    assert apart[-1] == together[-1] == N


def test_a_post_serves_one_direction():
    """A post that lets nobody in holds nobody who goes out."""
    assert (crossed(post(admits="nobody", towards="home")) == crossed()).all()
