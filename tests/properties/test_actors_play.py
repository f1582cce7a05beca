"""Histories played again: the recorded act changes nothing, noise is the logit's own, held belief stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.actors import (
    ANSWERS,
    MENUS,
    MOVES,
    SETTLED,
    STAGES,
    UNKNOWN,
    History,
    Seat,
    SetAct,
    believed,
    relive,
    replay,
)
from safeconduct.actors.play import abduct, best, free

WORDS, ENFORCE, OFFENSIVE = ANSWERS.index("words"), ANSWERS.index("enforcement"), MOVES.index("offensive")
GRID = np.linspace(0.0, 1.0, 5)
N = 8


def chances(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """[..., option, belief] chances that sum to 1 over options."""
    found = rng.dirichlet(np.ones(shape[-1]), size=(*shape[:-1], GRID.size))
    return np.moveaxis(found, -1, -2)


def seat(seed: int, *, resolute: bool = False) -> Seat:
    """A made-up table: any policies will do."""
    rng = np.random.default_rng(seed)
    move, answer = chances(rng, 1, 3, 4), chances(rng, 1, 2, 12, 3)
    return Seat(move, answer, rng.normal(size=3), 0.4, GRID, np.zeros(N, dtype=np.int64), resolute)


def history(seed: int) -> History:
    """A made-up record with a move in most periods and an answer that nobody looked up."""
    rng = np.random.default_rng(seed)
    move = rng.integers(0, 3, N)
    answer = np.where(move > 0, rng.integers(0, 3, N), 0)
    answer[3] = UNKNOWN if move[3] > 0 else 0
    stance = rng.integers(0, 2, N)
    status = np.minimum(np.cumsum(move == 1) - (move == 1), 2)
    return History(status, np.append(0, stance[:-1]), stance, move, answer)


def uniforms(seed: int) -> np.ndarray:
    """[period, stage, 5]"""
    return np.random.default_rng(seed + 1000).uniform(1e-6, 1 - 1e-6, (N, 3, 5))


@given(seed=st.integers(0, 10_000), period=st.integers(0, N - 1), updates=st.booleans())
@settings(max_examples=60)
def test_the_recorded_act_gives_the_recorded_history(seed: int, period: int, updates: bool) -> None:
    """do(what was recorded) leaves every later choice as it was; with the belief revised, the beliefs too."""
    table, draws = seat(seed), uniforms(seed)
    lived = relive(table, history(seed), draws)
    for decision in lived.periods[period].decisions:
        again = replay(table, lived, SetAct(period, decision.stage, decision.taken), draws, updates=True)
        assert [[one.taken for one in p.decisions] for p in again.periods] == [
            [one.taken for one in p.decisions] for p in lived.periods
        ]
        assert [p.belief for p in again.periods] == [p.belief for p in lived.periods]
        assert again.belief == lived.belief


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40)
def test_known_choices_are_kept_and_beliefs_are_bayes(seed: int) -> None:
    """What was recorded is relived as recorded; where every answer is known the belief is the filter's."""
    record = history(seed)
    lived = relive(seat(seed), record, uniforms(seed))
    assert [p.taken("move") for p in lived.periods] == list(record.move)
    known = record.answer != UNKNOWN
    assert [p.taken("answer") for p, k in zip(lived.periods, known, strict=True) if k] == list(record.answer[known])
    if known.all():
        assert lived.belief == pytest.approx(believed(seat(seed), record))
    assert all(abs(d.chances.sum() - 1) < 1e-9 for p in lived.periods for d in p.decisions)


def test_nothing_before_the_act_changes_and_the_act_stands() -> None:
    """Enforcement set in period 5: the periods before are the very same, the act is marked as set."""
    record = history(3)
    record.move[5], record.answer[5] = 2, WORDS
    table, draws = seat(3), uniforms(3)
    lived = relive(table, record, draws)
    again = replay(table, lived, SetAct(5, "answer", ENFORCE), draws)
    assert again.periods[:5] == lived.periods[:5]
    assert again.periods[5].taken("answer") == ENFORCE
    assert [d.is_set for d in again.periods[5].decisions] == [False, False, True]
    assert again.periods[6].status == 0, "enforcement opens the road"


def test_a_held_belief_takes_the_set_act_as_telling_nothing() -> None:
    """The belief after a set answer is that before it; revised, it follows Bayes' rule."""
    record = history(3)
    record.move[:], record.answer[:] = 0, 0
    record.move[7], record.answer[7] = 2, WORDS
    table, draws = seat(5), uniforms(5)
    lived = relive(table, record, draws)
    act = SetAct(7, "answer", ENFORCE)
    assert replay(table, lived, act, draws, updates=False).belief == lived.periods[7].belief
    node = int(record.status[7]) * len(MOVES) + 2
    one, two = (np.interp(0.4, GRID, table.answer[0, kind, node, ENFORCE]) for kind in (0, 1))
    assert replay(table, lived, act, draws).belief == pytest.approx(0.4 * one / (0.4 * one + 0.6 * two))


def test_a_settlement_ends_the_game() -> None:
    """After it nobody moves."""
    table, draws = seat(1), uniforms(1)
    lived = relive(table, history(1), draws)
    again = replay(table, lived, SetAct(4, "stance", MENUS["stance"].index("settle")), draws)
    assert again.over == SETTLED
    assert len(again.periods) == 5
    assert again.periods[4].taken("move") == 0


def test_noise_drawn_after_the_fact_is_the_noise_of_a_logit_choice() -> None:
    """Options taken with chances p, their noise abducted, then met with chances q: taken with chances q.

    20,000 draws; 5 standard errors of a binomial. With the same chances each choice is made again.
    """
    rng, n = np.random.default_rng(0), 20_000
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.3, 0.6])
    counts, plain = np.zeros(3), np.zeros(3)
    for _ in range(n):
        taken = int(rng.choice(3, p=p))
        draws = rng.uniform(size=5)
        noise = abduct(p, taken, draws)
        assert best(p, noise) == taken
        counts[best(q, noise)] += 1
        plain[best(q, free(draws))] += 1
    error = 5 * np.sqrt(q * (1 - q) / n)
    assert (np.abs(counts / n - q) < error).all()
    assert (np.abs(plain / n - q) < error).all()
    assert set(STAGES) == set(MENUS)
