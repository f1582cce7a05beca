"""The solver against what theory says, without any data.

Kreps & Wilson (1982), chain store with n rounds left, belief p that the incumbent is strong, entrant's gain b: the
entrant
enters if p < b^n and stays out if p > b^n; a weak incumbent fights with chance (1 - b^(n-1)) p / ((1 - p) b^(n-1))
below b^(n-1), for certain above it, never in the last round. At finite lambda a mixing type needs log odds of its mixed
chance from a payoff difference that is zero in the limit, so the distance from the limit falls as log(odds) / lambda.
"""

import numpy as np
import pytest
from chain_store import chain_store, closed_form

from safeconduct.actors import DEFAULT_GRID, Outside, Rules, Stakes, guarantee_core, guarantee_game, solve

OFFENSIVE_NODE = 3
STANCE, MOVE, ANSWER = range(3)


@pytest.mark.parametrize(("n", "b", "a"), [(4, 0.5, 2.0), (3, 0.3, 3.0), (5, 0.7, 1.5), (2, 0.4, 1.2)])
def test_chain_store_reaches_the_closed_form_without_noise(n, b, a):
    """Tolerance 1e-3 at lambda 64000, away from the thresholds b^k, where the limit jumps.

    Values jump at b^k, and a straight line smears a jump over its cell: so the grid has cells of width 4e-4 b^k there
    (at most 2.2e-4 off).
    """
    thresholds = b ** np.arange(1, n + 1)
    steps = np.array([-1e-3, -2e-4, 2e-4, 1e-3])
    plain = np.linspace(0.0, 1.0, 201)
    plain = plain[np.all([np.abs(plain - bar) > 1e-3 * bar for bar in thresholds], axis=0)]
    grid = np.unique(np.concatenate([plain, (thresholds[:, None] * (1 + steps)).ravel()]))
    solved = solve(chain_store(n, b, a), grid=grid, lambda_=64000.0, homotopy=60, look_for_others=False)
    assert solved.gates.largest_gap < 1e-10 and solved.gates.branch_gap < 1e-3
    away = np.all([np.abs(grid - b**k) > 3e-3 * b**k for k in range(n + 1)], axis=0) & (grid > 0)
    for period in range(n):
        entry, fight = closed_form(n - period, b, grid)
        assert np.abs(solved.policy[period, 0, 0, 0, 1] - entry)[away].max() < 1e-3
        assert np.abs(solved.policy[period, 1, 1, 1, 1] - fight)[away].max() < 1e-3


def test_a_wrong_closed_form_would_be_noticed():
    """The same comparison with the rounds miscounted by one fails by much more than the tolerance."""
    grid = np.linspace(0.0, 1.0, 201)
    solved = solve(chain_store(3, 0.5, 2.0), grid=grid, lambda_=1000.0, homotopy=40, look_for_others=False)
    entry, _ = closed_form(2, 0.5, grid)
    assert np.abs(solved.policy[0, 0, 0, 0, 1] - entry).max() > 0.9


def test_no_lambda_no_strategy():
    """Lambda near 0: every option that is on the menu has the same chance."""
    solved = solve(guarantee_game(Stakes()), lambda_=1e-9)
    assert np.allclose(solved.chances(STANCE, 0, 0.5), [0.5, 0.5, 0.0])
    assert np.allclose(solved.chances(MOVE, 0, 0.5), 0.25)
    assert np.allclose(solved.chances(ANSWER, OFFENSIVE_NODE, 0.5, kind=1), 1 / 3)


def test_beliefs_stay_where_types_are_equal():
    solved = solve(guarantee_game(Stakes(weak_extra=0.0)))
    assert np.abs(solved.ell).max() == 0.0
    assert np.array_equal(solved.policy[:, :, 0], solved.policy[:, :, 1])


def test_beliefs_move_where_types_differ():
    assert np.abs(solve(guarantee_game(Stakes(weak_extra=1.0))).ell).max() > 0.1


def test_the_core_is_the_game_where_the_stance_enters_no_payoff_of_others():
    """Chances of moves and answers agree to rounding (1e-12), whatever the protege's own stakes."""
    stakes = Stakes(mistrust=2.0, habit=3.0, war_cost=1.0)
    outside = Outside(second_war=1.0)
    full = solve(guarantee_game(stakes, outside)).policy[0]
    core = solve(guarantee_core(stakes, outside)).policy[0]
    answers = full[ANSWER, :, :24, :3].reshape(2, 3, 2, 4, 3, -1)
    for stance in (0, 1):
        assert np.allclose(answers[:, :, stance], core[1, :, :12, :3].reshape(2, 3, 4, 3, -1), atol=1e-12)
    assert np.allclose(full[MOVE, 0, :6:2, :4], core[0, 0, :3, :4], atol=1e-12)


def test_a_hedging_cost_makes_answers_depend_on_the_stance():
    answers = solve(guarantee_game(Stakes(hedge_cost=2.0))).policy[0, ANSWER, 0, :24, 2].reshape(3, 2, 4, -1)
    assert (answers[:, 1, 1:] < answers[:, 0, 1:]).all()


def test_settlement_is_absorbing_and_only_where_it_is_on_the_menu():
    """A protege to whom settling is worth much settles; then the game is worth the settlement to the others."""
    stakes = Stakes(settle_worth=50.0, settle_prize=1.5, settle_loss=0.7)
    settled = solve(guarantee_game(stakes, rules=Rules(can_settle=True)))
    assert np.allclose(settled.chances(STANCE, 0, 0.4), [0.0, 0.0, 1.0])
    assert np.allclose(settled.value[0, 0], 1.5)
    assert np.allclose(settled.value[2:, 0], -0.7)
    assert solve(guarantee_game(stakes)).chances(STANCE, 0, 0.4)[2] == 0.0


@pytest.mark.parametrize(
    ("rules", "node"), [(Rules(can_enforce=False), 1), (Rules(can_oppose_offensive=False), OFFENSIVE_NODE)]
)
def test_what_is_barred_is_never_done(rules, node):
    assert solve(guarantee_game(Stakes(), rules=rules)).chances(ANSWER, node, 0.5)[2] == 0.0


@pytest.mark.slow
def test_equilibria_are_single_at_the_priors_scale_and_not_at_eight_times():
    """Of 200 draws from the shared priors none fails a gate at scale 1; three in ten have several equilibria at 8."""
    from safeconduct.accounts.codings.restrictions import BY_KEY, draw_stakes
    from safeconduct.terms import Draws

    stakes, _ = draw_stakes(BY_KEY["hollow"], Draws(5), 200)
    assert all(solve(guarantee_core(one)).is_usable for one in stakes)
    several = sum(solve(guarantee_core(one).scaled(8)).gates.n_nodes_with_another > 0 for one in stakes)
    assert several >= 60  # other seeds: 58 to 71 of 200


def test_the_default_grid_is_fine_enough_for_the_priors():
    """A straight line over cells of 1/20 misses chances by less than 2e-3 against a grid ten times as fine."""
    coarse = solve(guarantee_core(Stakes(hedge_cost=0.0, weak_extra=2.0)))
    fine = solve(guarantee_core(Stakes(hedge_cost=0.0, weak_extra=2.0)), grid=np.linspace(0, 1, 201))
    assert np.abs(coarse.policy[0] - fine.policy[0][..., ::10]).max() < 2e-3
    assert DEFAULT_GRID.size == 21
