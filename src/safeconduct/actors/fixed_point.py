"""The compiled fixed point of consistent beliefs, at one node of the informed player.

At a node of the informed player the unknown is `ell[action]` = log of how much likelier the first type is to take that
action than the second. It fixes the posterior after each action, hence the continuation values, hence both types'
logit choices, hence `ell` again. The map is solved by Newton's method with its exact derivative.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit

from safeconduct.actors.game import BARRED, Floats, Ints
from safeconduct.terms import keep_machine_code

Function = TypeVar("Function", bound=Callable[..., Any])
TOLERANCE = 1e-11  # of the fixed point, in units of log odds, times 1 + lambda
MOST_NEWTON, MOST_DAMPED, MOST_HALVINGS = 100, 400, 40
SAME = 1e-6  # two solutions whose posteriors differ by less are one

keep_machine_code()


def leaf(function: Function) -> Function:
    """Compile a function that is given its arrays and makes none: no references to arrays are counted in it."""
    compiled: Function = njit(cache=True, _nrt=False, error_model="numpy")(function)  # type: ignore[call-overload]  # stubs lack _nrt
    return compiled


@leaf
def cell_of(grid: Floats, belief: float) -> int:
    """Index of the grid cell that holds a belief."""
    last = grid.size - 2
    cell = min(int(belief * (last + 1)), last)  # right where the grid is even; else a place to look from
    while cell > 0 and grid[cell] > belief:
        cell -= 1
    while cell < last and grid[cell + 1] <= belief:
        cell += 1
    return cell


@leaf
def posterior(odds: float, ell: float) -> float:
    """Bayes' rule: the belief after an action whose log likelihood ratio is ell; odds are the log odds before it."""
    return float(1.0 / (1.0 + np.exp(-min(max(odds + ell, -700.0), 700.0))))


@leaf
def log_odds(belief: float) -> float:
    """Log odds of a belief, infinite at certainty."""
    if belief <= 0.0:
        return -np.inf
    return np.inf if belief >= 1.0 else np.log(belief / (1.0 - belief))


@leaf
def choices(worth: Floats, next_state: Ints, chance: Floats) -> float:
    """Logit choice over the options that are not barred, into `chance`; gives the log of the normaliser."""
    top = -np.inf
    for i in range(worth.size):
        if next_state[i] != BARRED:
            top = max(top, worth[i])
    total = 0.0
    for i in range(worth.size):
        chance[i] = np.exp(worth[i] - top) if next_state[i] != BARRED else 0.0
        total += chance[i]
    for i in range(worth.size):
        chance[i] /= total
    return float(top + np.log(total))


@leaf
def respond(
    ell: Floats,
    odds: float,
    grid: Floats,
    noise: float,
    discount: float,
    pay: Floats,
    value: Floats,
    next_state: Ints,
    chance: Floats,
    slope: Floats,
    worth: Floats,
    answer: Floats,
) -> float:
    """One application of the map to `ell`, into `answer`; fills both types' chances and slopes d worth / d ell."""
    n = ell.size
    for i in range(n):
        if next_state[i] == BARRED:
            continue
        after = posterior(odds, ell[i])
        for kind in range(2):
            worth[kind, i] = noise * pay[kind, i]
            slope[kind, i] = 0.0
        if next_state[i] >= 0:
            j = cell_of(grid, after)
            width = grid[j + 1] - grid[j]
            part = (after - grid[j]) / width
            for kind in range(2):
                left, right = value[kind, next_state[i], j], value[kind, next_state[i], j + 1]
                worth[kind, i] += noise * discount * (left + part * (right - left))
                slope[kind, i] = noise * discount * (right - left) / width * after * (1.0 - after)
    first = choices(worth[0], next_state, chance[0])
    second = choices(worth[1], next_state, chance[1])
    gap = 0.0
    for i in range(n):
        if next_state[i] == BARRED:
            answer[i] = 0.0
            continue
        answer[i] = worth[0, i] - first - worth[1, i] + second
        gap = max(gap, abs(answer[i] - ell[i]))
    return gap


@leaf
def newton_step(
    ell: Floats, answer: Floats, chance: Floats, slope: Floats, next_state: Ints, matrix: Floats, move: Floats
) -> bool:
    """Solve (I - J) move = answer - ell by elimination with pivots, J being the derivative of the map."""
    n = ell.size
    for i in range(n):
        for j in range(n):
            matrix[i, j] = chance[1, j] * slope[1, j] - chance[0, j] * slope[0, j]
            matrix[i, j] = -matrix[i, j]
        matrix[i, i] += 1.0 - (slope[0, i] - slope[1, i])
        move[i] = answer[i] - ell[i]
        if next_state[i] == BARRED:
            for j in range(n):
                matrix[i, j] = 1.0 if i == j else 0.0
            move[i] = 0.0
    for i in range(n):
        best = i
        for j in range(i + 1, n):
            if abs(matrix[j, i]) > abs(matrix[best, i]):
                best = j
        if abs(matrix[best, i]) < 1e-14:
            return False
        if best != i:
            for j in range(n):
                matrix[i, j], matrix[best, j] = matrix[best, j], matrix[i, j]
            move[i], move[best] = move[best], move[i]
        for j in range(i + 1, n):
            factor = matrix[j, i] / matrix[i, i]
            if factor != 0.0:
                for k in range(i, n):
                    matrix[j, k] -= factor * matrix[i, k]
                move[j] -= factor * move[i]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            move[i] -= matrix[i, j] * move[j]
        move[i] /= matrix[i, i]
    return True


@leaf
def settle(
    ell: Floats,
    odds: float,
    grid: Floats,
    noise: float,
    discount: float,
    pay: Floats,
    value: Floats,
    next_state: Ints,
    chance: Floats,
    slope: Floats,
    worth: Floats,
    answer: Floats,
    matrix: Floats,
    move: Floats,
    trial: Floats,
) -> float:
    """Bring `ell` to a fixed point: Newton with halving, then damped steps; gives the gap that is left."""
    enough = TOLERANCE * (1.0 + noise)
    gap = respond(ell, odds, grid, noise, discount, pay, value, next_state, chance, slope, worth, answer)
    for _ in range(MOST_NEWTON):
        if gap <= enough:
            return gap
        if not newton_step(ell, answer, chance, slope, next_state, matrix, move):
            break
        size, is_better = 1.0, False
        for _ in range(MOST_HALVINGS):
            for i in range(ell.size):
                trial[i] = ell[i] + size * move[i]
            new_gap = respond(trial, odds, grid, noise, discount, pay, value, next_state, chance, slope, worth, answer)
            if new_gap < gap:
                is_better = True
                break
            size *= 0.5
        if not is_better:
            break
        for i in range(ell.size):
            ell[i] = trial[i]
        gap = new_gap
    weight = 0.5
    gap = respond(ell, odds, grid, noise, discount, pay, value, next_state, chance, slope, worth, answer)
    for _ in range(MOST_DAMPED):
        if gap <= enough:
            return gap
        for i in range(ell.size):
            ell[i] += weight * (answer[i] - ell[i])
        new_gap = respond(ell, odds, grid, noise, discount, pay, value, next_state, chance, slope, worth, answer)
        if new_gap > gap:
            weight = max(0.7 * weight, 1e-4)
        gap = new_gap
    return gap


@leaf
def is_surely_single(grid: Floats, noise: float, discount: float, value: Floats, next_state: Ints) -> bool:
    """True where the map is a contraction whatever the belief: then its fixed point is the only one.

    Rows of the derivative sum to at most |g0 - g1| + max g0 + max g1 with g = noise * discount * V' * b(1-b), where b
    is the posterior; in a cell of the grid b(1-b) is largest where b is closest to 1/2.
    """
    apart, first, second = 0.0, 0.0, 0.0
    for i in range(next_state.size):
        s = next_state[i]
        if s < 0:
            continue
        for j in range(grid.size - 1):
            width = grid[j + 1] - grid[j]
            most = min(max(0.5, grid[j]), grid[j + 1])
            spread = most * (1.0 - most)
            rise0 = (value[0, s, j + 1] - value[0, s, j]) / width * spread
            rise1 = (value[1, s, j + 1] - value[1, s, j]) / width * spread
            apart, first, second = max(apart, abs(rise0 - rise1)), max(first, abs(rise0)), max(second, abs(rise1))
    return noise * discount * (apart + first + second) < 1.0


@leaf
def has_another(
    ell: Floats,
    odds: float,
    grid: Floats,
    noise: float,
    discount: float,
    pay: Floats,
    value: Floats,
    next_state: Ints,
    starts: Floats,
    work: Floats,
    pads: tuple[Floats, ...],
) -> bool:
    """True where another start ends at a different fixed point of the same node."""
    chance, slope, worth, answer, matrix, move, trial = pads
    for n in range(starts.shape[0]):
        other = work
        for i in range(ell.size):
            other[i] = starts[n, i] * (1.0 + np.log(1.0 + noise))
        gap = settle(
            other, odds, grid, noise, discount, pay, value, next_state,
            chance, slope, worth, answer, matrix, move, trial,
        )  # fmt: skip
        if gap > 1e-8 * (1.0 + noise):
            continue
        for i in range(ell.size):
            if next_state[i] != BARRED and abs(posterior(odds, other[i]) - posterior(odds, ell[i])) > SAME:
                return True
    return False
