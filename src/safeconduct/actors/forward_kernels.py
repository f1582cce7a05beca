"""The compiled loops over a history: its likelihood, the public belief along it, and simulated histories."""

from __future__ import annotations

import numpy as np
from numba import njit

from safeconduct.actors.kernels import cell_of

UNKNOWN, ENFORCE, OFFENSIVE, STEP_UP = -1, 2, 3, 1


@njit(cache=True)
def between(row, cell, part):
    """A policy read along a straight line between two grid beliefs."""
    return row[cell] + part * (row[cell + 1] - row[cell])


@njit(cache=True)
def exact(stance, move, answer, belief, grid, level, status, habit, stances, moves, answers, scores_moves):
    """[draw] log likelihood where answers are coded without error: the public belief is itself the exact filter."""
    n_draws, n_periods = belief.size, moves.size
    total = np.zeros(n_draws)
    for d in range(n_draws):
        b, like = belief[d], 1.0
        for t in range(n_periods):
            cell = cell_of(grid, b)
            part = (b - grid[cell]) / (grid[cell + 1] - grid[cell])
            x, s, h, m, r = level[t], status[t], max(stances[t], 0), moves[t], answers[t]
            if stances[t] != UNKNOWN:
                like *= between(stance[d, x, s * 2 + habit[t], h], cell, part)
            if scores_moves:
                like *= between(move[d, x, s * 2 + h, m], cell, part)
            if m > 0 and r != UNKNOWN:
                node = (s * 2 + h) * 4 + m
                first = b * between(answer[d, x, 0, node, r], cell, part)
                both = first + (1.0 - b) * between(answer[d, x, 1, node, r], cell, part)
                like *= both
                b = first / both if both > 0.0 else b
            if like < 1e-200:
                total[d] += np.log(max(like, 1e-300))
                like = 1.0
        total[d] += np.log(max(like, 1e-300))
    return total


@njit(cache=True)
def spread(mass, grid, belief, weight):
    """Put a weight at a belief: shared by the two grid points beside it, so that its mean stays."""
    cell = cell_of(grid, belief)
    part = (belief - grid[cell]) / (grid[cell + 1] - grid[cell])
    mass[cell] += (1.0 - part) * weight
    mass[cell + 1] += part * weight


@njit(cache=True)
def answer_step(mass, new, grid, first, second, codes, chances):
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
def filtered(stance, move, answer, belief, grid, level, status, habit, stances, moves, answers, scores_moves, error):
    """The likelihood with coding error, period by period, by a filter over the grid of beliefs.

    error: [true answer, coded answer]. The players see the true answer, the analyst the coded one. Gives, for each
    [draw, period]: log chances of stance, move and coded answer (0 where not scored), mean belief before the answer, and
    [draw, period, answer] chances of true answers.
    """
    n_draws, n_periods, n_answers = belief.size, moves.size, error.shape[0]
    logs = np.zeros((n_draws, n_periods, 3))
    beliefs = np.zeros((n_draws, n_periods))
    predicted = np.zeros((n_draws, n_periods, n_answers))
    mass, new = np.zeros(grid.size), np.zeros(grid.size)
    codes, chances, everything = np.zeros(n_answers), np.zeros(n_answers), np.ones(n_answers)
    for d in range(n_draws):
        mass[:] = 0.0
        spread(mass, grid, belief[d], 1.0)
        for t in range(n_periods):
            x, s, h, m, r = level[t], status[t], max(stances[t], 0), moves[t], answers[t]
            for part in range(2):
                if (part == 0 and stances[t] == UNKNOWN) or (part == 1 and not scores_moves):
                    continue
                total = 0.0
                for i in range(grid.size):
                    if part == 0:
                        mass[i] *= stance[d, x, s * 2 + habit[t], h, i]
                    else:
                        mass[i] *= move[d, x, s * 2 + h, m, i]
                    total += mass[i]
                logs[d, t, part] = np.log(max(total, 1e-300))
                mass /= max(total, 1e-300)
            for i in range(grid.size):
                beliefs[d, t] += mass[i] * grid[i]
            if m > 0:
                node = (s * 2 + h) * 4 + m
                codes[:] = everything if r == UNKNOWN else error[:, r]
                total = answer_step(mass, new, grid, answer[d, x, 0, node], answer[d, x, 1, node], codes, chances)
                predicted[d, t] = chances
                logs[d, t, 2] = np.log(max(total, 1e-300)) if r != UNKNOWN else 0.0
                if total > 0.0:
                    mass[:] = new / total
    return logs, beliefs, predicted


@njit(cache=True)
def pick(row, belief_cell, part, uniform):
    """The option at which the running sum of chances passes a uniform number."""
    running, last = 0.0, 0
    for i in range(row.shape[0]):
        chance = between(row[i], belief_cell, part)
        if chance > 0.0:
            last = i
        running += chance
        if uniform < running:
            return i
    return last


@njit(cache=True)
def simulated(stance, move, answer, belief, grid, is_resolute, level, given, error, uniforms):
    """One history for each draw. given: [period] moves, or UNKNOWN where the challenger plays its policy.

    uniforms: [draw, period, 4] for stance, move, answer, code. Gives status, habit, stance, move, true and coded answer
    as [draw, period], beliefs as [draw, period], and the [draw] number of periods until all was taken or settled.
    """
    n_draws, n_periods = belief.size, given.size
    out = np.zeros((6, n_draws, n_periods), dtype=np.int64)
    beliefs = np.zeros((n_draws, n_periods))
    length = np.full(n_draws, n_periods)
    for d in range(n_draws):
        b, s, before, kind = belief[d], 0, 0, 0 if is_resolute[d] else 1
        for t in range(n_periods):
            cell = cell_of(grid, b)
            part, x = (b - grid[cell]) / (grid[cell + 1] - grid[cell]), level[t]
            beliefs[d, t] = b
            h = pick(stance[d, x, s * 2 + before], cell, part, uniforms[d, t, 0])
            if h == 2:
                length[d] = t
                break
            m = given[t] if given[t] != UNKNOWN else pick(move[d, x, s * 2 + h], cell, part, uniforms[d, t, 1])
            r = code = 0
            if m > 0:
                node = (s * 2 + h) * 4 + m
                r = pick(answer[d, x, kind, node], cell, part, uniforms[d, t, 2])
                one = b * between(answer[d, x, 0, node, r], cell, part)
                both = one + (1.0 - b) * between(answer[d, x, 1, node, r], cell, part)
                b = one / both if both > 0.0 else b
                running, code = error[r, 0], 0
                while uniforms[d, t, 3] >= running and code < error.shape[0] - 1:
                    code += 1
                    running += error[r, code]
            out[0, d, t], out[1, d, t], out[2, d, t] = s, before, h
            out[3, d, t], out[4, d, t], out[5, d, t] = m, r, code
            if m == OFFENSIVE and r != ENFORCE:
                length[d] = t + 1
                break
            s = 0 if r == ENFORCE else (min(s + 1, 2) if m == STEP_UP else s)
            before = h
    return out, beliefs, length
