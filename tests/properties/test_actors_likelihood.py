"""What must hold of likelihoods and beliefs whatever the stakes."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.actors import (
    History,
    Policies,
    Stakes,
    coding_error,
    guarantee_core,
    guarantee_game,
    log_likelihoods,
    policies_of,
    score,
    simulate,
    solve,
)
from safeconduct.terms import Draws

size = st.floats(0.0, 2.0)
stakes = st.builds(Stakes, audience=size, resolute_cost=size, weak_extra=size, loss=size, prize=size, war_cost=size)
beliefs = st.floats(0.05, 0.95)
NO_LEVEL = np.zeros(60, dtype=np.int64)


def packed(one: Stakes, belief: float, *, build=guarantee_core, levels=(None,)) -> Policies:
    from safeconduct.actors import Outside

    solved = [[solve(build(one, Outside(second_war=level or 0.0))) for level in levels]]
    proteges = np.array([[[-0.5, 1.0, 0.8], [0.5, 0.3, 1.5]]])
    return policies_of(solved, np.array([belief]), proteges)


def history(rows) -> History:
    """Rows of (status, habit, stance, move, answer)."""
    return History(*np.array(rows, dtype=np.int64).T.copy())


def continuations(row, n):
    """Every history of n periods that the game allows from a state: statuses follow the moves and answers."""
    status, habit = row
    for stance, (move, answer) in product((0, 1), [(0, 0), *product((1, 2, 3), (0, 1, 2))]):
        here = (status, habit, stance, move, answer)
        is_over = move == 3 and answer != 2
        after = 0 if answer == 2 else min(status + 1, 2) if move == 1 else status
        if is_over or n == 1:
            yield [here]
        else:
            yield from ([here, *rest] for rest in continuations((after, stance), n - 1))


@pytest.mark.slow  # over ten CPU seconds of solving
@settings(max_examples=5)
@given(stakes, beliefs, st.sampled_from((guarantee_core, guarantee_game)))
def test_the_chances_of_all_histories_sum_to_one(one, belief, build):
    """Two periods, 20 outcomes in each unless the first ends the game. Policies are kept in single precision."""
    policies = packed(one, belief, build=build)
    total = sum(
        np.exp(log_likelihoods(policies, history(rows), NO_LEVEL[: len(rows)], scores_moves=True)[0])
        for rows in continuations((0, 0), 2)
    )
    assert abs(total - 1.0) < 1e-5


@settings(max_examples=10)
@given(stakes, beliefs)
def test_the_mean_posterior_is_the_prior(one, belief):
    """Over all answers to a strike, weighted by their chances."""
    solved = solve(guarantee_core(one))
    first, second = (solved.chances(1, 2, belief, kind=kind) for kind in (0, 1))
    both = belief * first + (1 - belief) * second
    posterior = belief * first / both
    assert abs(float(both @ posterior) - belief) < 1e-12


@settings(max_examples=10)
@given(
    stakes, beliefs, st.lists(st.tuples(st.sampled_from((1, 2)), st.sampled_from((0, 1, 2))), min_size=3, max_size=8)
)
def test_one_step_predictions_multiply_to_the_mixture_of_types(one, belief, answered):
    """Product over periods of b P(r|resolute) + (1-b) P(r|weak) = b0 prod P(r|resolute) + (1-b0) prod P(r|weak)."""
    policies = packed(one, belief)
    rows = [(0, 0, -1, move, answer) for move, answer in answered]
    got = np.exp(log_likelihoods(policies, history(rows), NO_LEVEL[: len(rows)])[0])
    b, kinds = belief, np.array([belief, 1 - belief])
    for _, _, _, move, answer in rows:
        row = policies.answer[0, 0, :, move, answer].astype(float)
        chances = np.array([np.interp(b, policies.grid, row[kind]) for kind in (0, 1)])
        kinds = kinds * chances
        b = b * chances[0] / (b * chances[0] + (1 - b) * chances[1])
    assert abs(np.log(got) - np.log(kinds.sum())) < 1e-6


@settings(max_examples=5)
@given(stakes, beliefs, st.integers(1, 23))
def test_a_later_date_changes_no_earlier_decision(one, belief, when):
    """A second war from some period on: everything before it is drawn and scored as without it."""
    policies = packed(one, belief, levels=(0.0, 1.0))
    without, later = np.zeros(24, dtype=np.int64), (np.arange(24) >= when).astype(np.int64)
    uniforms = Draws(0).uniform("test", np.arange(96)).reshape(1, 24, 4)
    is_resolute, error = np.array([True]), coding_error(0.1)
    a, b = (simulate(policies, is_resolute, level, uniforms, error).histories[0] for level in (without, later))
    n = min(when, len(a), len(b))
    for column in ("status", "stance", "move", "answer"):
        assert np.array_equal(getattr(a, column)[:n], getattr(b, column)[:n])
    logs = [score(policies, a, level[: len(a)], error, scores_moves=True).logs[0, :n] for level in (without, later)]
    assert np.array_equal(*logs)


@settings(max_examples=5)
@given(stakes, beliefs)
def test_the_filter_without_coding_error_is_the_exact_pass(one, belief):
    """The filter spreads beliefs over neighbouring grid points, so it agrees as the grid gets finer: to 1e-2 on 401."""
    grid = np.linspace(0, 1, 401)
    policies = policies_of([[solve(guarantee_core(one), grid=grid)]], np.array([belief]), np.zeros((1, 1, 3)))
    uniforms = Draws(1).uniform("test", np.arange(144)).reshape(1, 36, 4)
    (drawn,) = simulate(policies, np.array([False]), NO_LEVEL[:36], uniforms, np.eye(3)).histories
    level = NO_LEVEL[: len(drawn)]
    exact = log_likelihoods(policies, drawn, level, scores_moves=True)
    assert np.allclose(score(policies, drawn, level, np.eye(3), scores_moves=True).log_likelihood, exact, atol=1e-2)


def test_an_answer_that_nobody_looked_up_is_summed_over():
    """The chance of a history with one unknown answer is the sum over the three answers it may have been."""
    policies = packed(Stakes(), 0.5)
    rows = [(0, 0, -1, 2, 1), (0, 0, -1, 2, -1), (0, 0, -1, 2, 1)]
    filled = [[row if row[4] >= 0 else (*row[:4], answer) for row in rows] for answer in range(3)]
    error = coding_error(0.1)
    known = [score(policies, history(one), NO_LEVEL[:3], error).log_likelihood[0] for one in filled]
    unknown = score(policies, history(rows), NO_LEVEL[:3], error).log_likelihood[0]
    assert abs(np.logaddexp.reduce(known) - unknown) < 1e-6  # single precision


def test_coding_error_keeps_an_account_alive_that_forbids_what_was_coded():
    """Enforcement coded where the account bars it: impossible without coding error, improbable with it."""
    from safeconduct.actors import Rules

    barred = [[solve(guarantee_core(Stakes(), rules=Rules(can_enforce=False)))]]
    policies = policies_of(barred, np.array([0.5]), np.zeros((1, 1, 3)))
    one = history([(0, 0, -1, 2, 2)])
    assert log_likelihoods(policies, one, NO_LEVEL[:1])[0] < -600
    assert -4 < score(policies, one, NO_LEVEL[:1], coding_error(0.1)).log_likelihood[0] < -2


def test_simulated_histories_have_the_frequencies_of_the_policies():
    """4,000 first answers to a strike: binomial, 5 standard deviations."""
    n = 4000
    policies = packed(Stakes(), 0.5).of(np.zeros(n, dtype=np.int64))
    uniforms = Draws(2).uniform("test", np.arange(n * 4)).reshape(n, 1, 4)
    is_resolute = Draws(2).uniform("type", np.arange(n)) < 0.5
    drawn = simulate(policies, is_resolute, NO_LEVEL[:1], uniforms, np.eye(3), np.array([2]))
    got = np.bincount([int(one.answer[0]) for one in drawn.histories], minlength=3) / n
    solved = solve(guarantee_core(Stakes()))
    expected = (solved.chances(1, 2, 0.5) + solved.chances(1, 2, 0.5, kind=1)) / 2
    assert (np.abs(got - expected) < 5 * np.sqrt(expected * (1 - expected) / n)).all()
