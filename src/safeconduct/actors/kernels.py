"""The compiled backward induction over all nodes; where one is informed, beliefs are a fixed point (`fixed_point`)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from safeconduct.actors.fixed_point import (
    cell_of,
    choices,
    has_another,
    is_surely_single,
    log_odds,
    posterior,
    settle,
)
from safeconduct.actors.game import BARRED, Floats
from safeconduct.terms import keep_machine_code

Packed = tuple[Any, ...]  # see solve.packed_tables

keep_machine_code()


@njit(cache=True)
def play_informed(
    k: int,
    t: int,
    tables: Packed,
    grid: Floats,
    noise: float,
    discount: Floats,
    after: Floats,
    now: Floats,
    policy: Floats,
    ell: Floats,
    is_warm: bool,
    starts: Floats,
    faults: Floats,
) -> None:
    """The informed player's stage at every state and belief: fixed points, policies and everybody's values."""
    payoff, next_state, n_states, n_actions = tables[0], tables[1], tables[2], tables[3]
    n, n_who = n_actions[k], payoff.shape[1]
    chance, slope, worth = np.zeros((2, n)), np.zeros((2, n)), np.zeros((2, n))
    answer, move, trial, other = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    matrix = np.zeros((n, n))
    pads = (chance, slope, worth, answer, matrix, move, trial)
    own = discount[n_who - 1]
    for s in range(n_states[k]):
        pay, leads = payoff[k, n_who - 2 :, s, :n], next_state[k, s, :n]
        value = after[n_who - 2 :]
        surely = is_surely_single(grid, noise, own, value, leads)
        x, last = np.zeros(n), np.zeros(n)
        for g in range(grid.size):
            belief, odds = grid[g], log_odds(grid[g])
            for i in range(n):  # start from the last lambda, the period solved before, or the last two beliefs' line
                if is_warm:
                    guess = ell[t, k, s, g, i]
                elif t + 1 < ell.shape[0]:
                    guess = ell[t + 1, k, s, g, i]
                else:
                    guess = x[i] + (x[i] - last[i] if g > 2 else 0.0)
                last[i], x[i] = x[i], guess
            gap = settle(
                x, odds, grid, noise, own, pay, value, leads,
                chance, slope, worth, answer, matrix, move, trial,
            )  # fmt: skip
            ell[t, k, s, g, :n] = x
            faults[0] = max(faults[0], gap)
            for i in range(n):
                policy[t, k, 0, s, i, g], policy[t, k, 1, s, i, g] = chance[0, i], chance[1, i]
            now[:, s, g] = 0.0
            for i in range(n):
                if leads[i] == BARRED:
                    continue
                moved = posterior(odds, x[i])
                j = cell_of(grid, moved)
                part = (moved - grid[j]) / (grid[j + 1] - grid[j])
                public = belief * chance[0, i] + (1.0 - belief) * chance[1, i]
                for who in range(n_who):
                    gain = payoff[k, who, s, i]
                    if leads[i] >= 0:
                        left, right = after[who, leads[i], j], after[who, leads[i], j + 1]
                        gain += discount[who] * (left + part * (right - left))
                    now[who, s, g] += (public if who < n_who - 2 else chance[who - n_who + 2, i]) * gain
            if not surely and 0.0 < belief < 1.0 and starts.shape[0] > 0:
                other[:] = 0.0
                if has_another(x, odds, grid, noise, own, pay, value, leads, starts, other, pads):
                    faults[1] += 1.0


@njit(cache=True)
def play_open(
    k: int,
    t: int,
    tables: Packed,
    grid: Floats,
    noise: float,
    discount: Floats,
    after: Floats,
    now: Floats,
    policy: Floats,
) -> None:
    """A stage of a player without secrets, at every state and belief: its policy and everybody's values."""
    payoff, next_state, n_states, n_actions, mover = tables[:5]
    watch_stage, watch_action, watch_node, watch_weight = tables[6:]
    n, n_who, who = n_actions[k], payoff.shape[1], mover[k]
    worth, chance = np.zeros(n), np.zeros(n)
    for s in range(n_states[k]):
        leads = next_state[k, s, :n]
        for g in range(grid.size):
            seen = 0.0
            if watch_stage[k] >= 0:
                j, node, action = watch_stage[k], watch_node[k, s], watch_action[k]
                seen = grid[g] * policy[t, j, 0, node, action, g] + (1.0 - grid[g]) * policy[t, j, 1, node, action, g]
            for i in range(n):
                if leads[i] == BARRED:
                    continue
                worth[i] = payoff[k, who, s, i] + watch_weight[k, s, i] * seen
                if leads[i] >= 0:
                    worth[i] += discount[who] * after[who, leads[i], g]
                worth[i] *= noise
            choices(worth, leads, chance)
            for i in range(n):
                policy[t, k, 0, s, i, g] = policy[t, k, 1, s, i, g] = chance[i]
            for w in range(n_who):
                total = 0.0
                for i in range(n):
                    if leads[i] != BARRED:
                        follow = after[w, leads[i], g] if leads[i] >= 0 else 0.0
                        total += chance[i] * (payoff[k, w, s, i] + discount[w] * follow)
                now[w, s, g] = total


@njit(cache=True)
def induct(
    tables: Packed, grid: Floats, noise: Floats, ell: Floats, is_warm: bool, starts: Floats
) -> tuple[Floats, Floats, Floats]:
    """Backward induction over all periods. noise: [period] lambda of each.

    Gives policy [period, stage, type, state, action, belief], value [who, state, belief] at the start, and
    (largest gap left, nodes with another fixed point).
    """
    payoff, n_stages = tables[0], tables[0].shape[0]
    n_periods, n_who, n_states, n_actions = noise.size, payoff.shape[1], payoff.shape[2], payoff.shape[3]
    policy = np.zeros((n_periods, n_stages, 2, n_states, n_actions, grid.size))
    values = np.zeros((n_stages + 1, n_who, n_states, grid.size))
    within, faults = np.ones(n_who), np.zeros(2)
    for t in range(n_periods - 1, -1, -1):
        values[n_stages] = values[0]  # zero before the last period has been solved
        for k in range(n_stages - 1, -1, -1):
            factor = tables[5] if k == n_stages - 1 else within
            after, now = values[k + 1], values[k]
            if tables[4][k] >= 0:
                play_open(k, t, tables, grid, noise[t], factor, after, now, policy)
            else:
                play_informed(k, t, tables, grid, noise[t], factor, after, now, policy, ell, is_warm, starts, faults)
    return policy, values[0], faults
