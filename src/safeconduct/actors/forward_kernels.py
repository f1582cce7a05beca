"""The compiled loops over a history: its likelihood, the public belief along it, and simulated histories.

`stakes` of a protege are (lean, habit, mistrust); it hedges with logit chance of lean + habit * (it hedged before) +
mistrust * (1 - chance that an offensive is opposed).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from safeconduct.actors.fixed_point import cell_of
from safeconduct.actors.game import Floats, Ints

Singles = NDArray[np.float32]
Bools = NDArray[np.bool_]

UNKNOWN, HEDGE, ENFORCE, STEP_UP, OFFENSIVE, N_MOVES = -1, 1, 2, 1, 3, 4
TINY = 1e-300


@njit(cache=True)
def between(row: Floats, cell: int, part: float) -> float:
    """A policy read along a straight line between two grid beliefs."""
    return float(row[cell] + part * (row[cell + 1] - row[cell]))


@njit(cache=True)
def node_of(status: int, stance: int, hedges: int) -> int:
    """The challenger's node; the guarantor's is this times four plus the move."""
    return status * 2 + stance if hedges == 2 else status


@njit(cache=True)
def hedge_chance(stakes: Floats, habit: float, opposed: float) -> float:
    """Chance that a protege hedges."""
    return float(1.0 / (1.0 + np.exp(-(stakes[0] + stakes[1] * habit + stakes[2] * (1.0 - opposed)))))


@njit(cache=True)
def meet(proteges: Floats, likes: Floats, habit: float, stance: int, opposed: float) -> float:
    """Multiply each protege's likelihood by its chance of a stance; gives the mean over proteges."""
    total = 0.0
    for k in range(likes.size):
        chance = hedge_chance(proteges[k], habit, opposed)
        likes[k] *= max(chance if stance == HEDGE else 1.0 - chance, 1e-8)
        total += likes[k]
    return total / likes.size


@njit(cache=True)
def exact(
    move: Singles,
    answer: Singles,
    proteges: Floats,
    belief: Floats,
    grid: Floats,
    level: Ints,
    status: Ints,
    habit: Ints,
    stances: Ints,
    moves: Ints,
    answers: Ints,
    scores_moves: bool,
) -> Floats:
    """[draw] log likelihood where answers are coded without error: the public belief is itself the exact filter."""
    n_draws, n_periods, hedges = belief.size, moves.size, move.shape[2] // 3
    total, likes = np.zeros(n_draws), np.ones(proteges.shape[1])
    for d in range(n_draws):
        b, like, mean = belief[d], 1.0, 1.0
        likes[:] = 1.0
        for t in range(n_periods):
            cell = cell_of(grid, b)
            part = (b - grid[cell]) / (grid[cell + 1] - grid[cell])
            x, h, m, r = level[t], max(stances[t], 0), moves[t], answers[t]
            if stances[t] != UNKNOWN:
                top = node_of(status[t], habit[t], hedges) * N_MOVES + OFFENSIVE
                opposed = b * between(answer[d, x, 0, top, ENFORCE], cell, part)
                opposed += (1.0 - b) * between(answer[d, x, 1, top, ENFORCE], cell, part)
                mean = meet(proteges[d], likes, habit[t], h, opposed)
            node = node_of(status[t], h, hedges)
            if scores_moves:
                like *= between(move[d, x, node, m], cell, part)
            if m > 0 and r != UNKNOWN:
                first = b * between(answer[d, x, 0, node * N_MOVES + m, r], cell, part)
                both = first + (1.0 - b) * between(answer[d, x, 1, node * N_MOVES + m, r], cell, part)
                like *= both
                b = first / both if both > 0.0 else b
        total[d] = np.log(max(like, TINY)) + np.log(max(mean, TINY))
    return total


@njit(cache=True)
def spread(mass: Floats, grid: Floats, belief: float, weight: float) -> None:
    """Put a weight at a belief: shared by the two grid points beside it, so that its mean stays."""
    cell = cell_of(grid, belief)
    part = (belief - grid[cell]) / (grid[cell + 1] - grid[cell])
    mass[cell] += (1.0 - part) * weight
    mass[cell + 1] += part * weight


@njit(cache=True)
def answer_step(
    mass: Floats, new: Floats, grid: Floats, first: Floats, second: Floats, codes: Floats, chances: Floats
) -> float:
    """Filter one answer. codes[true]: chance that it is coded as it was. Fills the chances of true answers; gives the
    chance of the code."""
    new[:] = 0.0
    chances[:] = 0.0
    seen = 0.0
    for i in range(grid.size):
        if mass[i] <= 0.0:
            continue
        for r in range(codes.size):
            one = grid[i] * first[r, i]
            both = one + (1.0 - grid[i]) * second[r, i]
            chances[r] += mass[i] * both
            weight = mass[i] * both * codes[r]
            if weight > 0.0:
                seen += weight
                spread(new, grid, one / both, weight)
    return seen


@njit(cache=True)
def filtered(
    move: Singles,
    answer: Singles,
    proteges: Floats,
    belief: Floats,
    grid: Floats,
    level: Ints,
    status: Ints,
    habit: Ints,
    stances: Ints,
    moves: Ints,
    answers: Ints,
    scores_moves: bool,
    error: Floats,
) -> tuple[Floats, Floats, Floats]:
    """The likelihood with coding error, period by period, by a filter over the grid of beliefs.

    error: [true answer, coded answer]. The players see the true answer, the analyst the coded one. Stances are scored
    at the mean belief and do not move the filter. Gives, for each [draw, period]: log chances of stance, move and coded
    answer (0 where not scored), mean belief before the answer, and [draw, period, answer] chances of true answers.
    """
    n_draws, n_periods, n_answers, hedges = belief.size, moves.size, error.shape[0], move.shape[2] // 3
    logs = np.zeros((n_draws, n_periods, 3))
    beliefs = np.zeros((n_draws, n_periods))
    predicted = np.zeros((n_draws, n_periods, n_answers))
    mass, new = np.zeros(grid.size), np.zeros(grid.size)
    codes, chances, everything = np.zeros(n_answers), np.zeros(n_answers), np.ones(n_answers)
    likes = np.ones(proteges.shape[1])
    for d in range(n_draws):
        mass[:] = 0.0
        spread(mass, grid, belief[d], 1.0)
        likes[:] = 1.0
        before = 1.0
        for t in range(n_periods):
            x, h, m, r = level[t], max(stances[t], 0), moves[t], answers[t]
            if stances[t] != UNKNOWN:
                top = node_of(status[t], habit[t], hedges) * N_MOVES + OFFENSIVE
                opposed = 0.0
                for i in range(grid.size):
                    first, second = answer[d, x, 0, top, ENFORCE, i], answer[d, x, 1, top, ENFORCE, i]
                    opposed += mass[i] * (grid[i] * first + (1.0 - grid[i]) * second)
                now = meet(proteges[d], likes, habit[t], h, opposed)
                logs[d, t, 0] = np.log(max(now, TINY)) - np.log(max(before, TINY))
                before = now
            node = node_of(status[t], h, hedges)
            if scores_moves:
                total = 0.0
                for i in range(grid.size):
                    mass[i] *= move[d, x, node, m, i]
                    total += mass[i]
                logs[d, t, 1] = np.log(max(total, TINY))
                mass /= max(total, TINY)
            for i in range(grid.size):
                beliefs[d, t] += mass[i] * grid[i]
            if m > 0:
                codes[:] = everything if r == UNKNOWN else error[:, r]
                first, second = answer[d, x, 0, node * N_MOVES + m], answer[d, x, 1, node * N_MOVES + m]
                total = answer_step(mass, new, grid, first, second, codes, chances)
                predicted[d, t] = chances
                logs[d, t, 2] = np.log(max(total, TINY)) if r != UNKNOWN else 0.0
                if total > 0.0:
                    mass[:] = new / total
    return logs, beliefs, predicted


@njit(cache=True)
def pick(row: Floats, cell: int, part: float, uniform: float) -> int:
    """The option at which the running sum of chances passes a uniform number."""
    running, last = 0.0, 0
    for i in range(row.shape[0]):
        chance = between(row[i], cell, part)
        if chance > 0.0:
            last = i
        running += chance
        if uniform < running:
            return i
    return last


@njit(cache=True)
def code_of(row: Floats, uniform: float) -> int:
    """The code that an answer gets."""
    running, code = row[0], 0
    while uniform >= running and code < row.size - 1:
        code += 1
        running += row[code]
    return code


@njit(cache=True)
def simulated(
    move: Singles,
    answer: Singles,
    proteges: Floats,
    belief: Floats,
    grid: Floats,
    is_resolute: Bools,
    level: Ints,
    given: Ints,
    error: Floats,
    uniforms: Floats,
    start: Ints,
) -> tuple[Ints, Floats, Ints]:
    """One history for each draw. given: [period] moves, or UNKNOWN where the challenger plays its policy.

    uniforms: [draw, period, 4] for stance, move, answer, code. start: [draw] protege that each game meets. Gives
    status,
    habit, stance, move, true and coded answer as [draw, period], beliefs as [draw, period], and the [draw] number of
    periods until all was taken.
    """
    n_draws, n_periods, hedges = belief.size, given.size, move.shape[2] // 3
    out = np.zeros((6, n_draws, n_periods), dtype=np.int64)
    beliefs = np.zeros((n_draws, n_periods))
    length = np.full(n_draws, n_periods)
    for d in range(n_draws):
        b, s, before, kind = belief[d], 0, 0, 0 if is_resolute[d] else 1
        for t in range(n_periods):
            cell = cell_of(grid, b)
            part, x = (b - grid[cell]) / (grid[cell + 1] - grid[cell]), level[t]
            beliefs[d, t] = b
            top = node_of(s, before, hedges) * N_MOVES + OFFENSIVE
            opposed = b * between(answer[d, x, 0, top, ENFORCE], cell, part)
            opposed += (1.0 - b) * between(answer[d, x, 1, top, ENFORCE], cell, part)
            h = int(uniforms[d, t, 0] < hedge_chance(proteges[d, start[d]], before, opposed))
            node = node_of(s, h, hedges)
            m = given[t] if given[t] != UNKNOWN else pick(move[d, x, node], cell, part, uniforms[d, t, 1])
            r = code = 0
            if m > 0:
                at = node * N_MOVES + m
                r = pick(answer[d, x, kind, at], cell, part, uniforms[d, t, 2])
                one = b * between(answer[d, x, 0, at, r], cell, part)
                both = one + (1.0 - b) * between(answer[d, x, 1, at, r], cell, part)
                b = one / both if both > 0.0 else b
                code = code_of(error[r], uniforms[d, t, 3])
            out[0, d, t], out[1, d, t], out[2, d, t] = s, before, h
            out[3, d, t], out[4, d, t], out[5, d, t] = m, r, code
            if m == OFFENSIVE and r != ENFORCE:
                length[d] = t + 1
                break
            s = 0 if r == ENFORCE else (min(s + 1, 2) if m == STEP_UP else s)
            before = h
    return out, beliefs, length
