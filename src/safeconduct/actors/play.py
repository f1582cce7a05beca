"""Play a recorded history again, from a date on, with one act set from outside: do(answer = enforcement).

A logit choice is the largest of what an option is worth plus noise of its own (McFadden 1974). So the noise under which
an actor did what was recorded can be drawn, and kept where the situation is another (a structural counterfactual: Pearl
2009; Oberst & Sontag 2019). With the recorded act set, every later choice is the recorded one again.

Start reading at `relive`, then `replay`. Who sits in which seat belongs to a coding of a case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from safeconduct.actors.game import Floats, Ints
from safeconduct.actors.guarantee import (
    ANSWERS,
    ENFORCE,
    HEDGE,
    MOVES,
    NO_MOVE,
    OFFENSIVE,
    RELY,
    SETTLE,
    STANCES,
    STATUSES,
    STEP_UP,
)
from safeconduct.actors.history import UNKNOWN, History

STAGES = ("stance", "move", "answer")
MENUS: Mapping[str, tuple[str, ...]] = {"stance": STANCES, "move": MOVES, "answer": ANSWERS}
ROLES: Mapping[str, str] = {"protege": "stance", "challenger": "move", "guarantor": "answer"}
SETTLED, TAKEN = "settled", "taken"


@dataclass(frozen=True)
class Seat:
    """One solved game at the table: its policies, its protege, and of which type its guarantor is."""

    move: Floats  # [level, status x hedges, move, belief]
    answer: Floats  # [level, type, status x hedges x move, answer, belief]
    protege: Floats  # lean, habit, mistrust
    belief: float  # chance of the resolute type before anything was seen
    grid: Floats
    levels: Ints  # [period] of the covariate that its account looks at
    is_resolute: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What an actor chose from a menu: the chance of every option is kept."""

    stage: str
    chances: Floats  # [option of the stage's menu]
    taken: int
    is_set: bool = False  # from outside, not chosen


@dataclass(frozen=True, slots=True)
class Period:
    """What was public when a period began, and what was then decided."""

    status: int
    habit: int
    belief: float
    decisions: tuple[Decision, ...]

    def taken(self, stage: str) -> int:
        """The option taken at a stage; 0 (rely, none, nothing) where it was not reached."""
        return next((one.taken for one in self.decisions if one.stage == stage), 0)


@dataclass(frozen=True)
class Course:
    """A history as it was played, period by period."""

    periods: tuple[Period, ...]
    belief: float  # public, after the last period
    over: str = ""  # settled or taken, where the game ended before the last period or in it
    noise: Mapping[tuple[int, str], Floats] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetAct:
    """An act that is set: the option of a stage in a period."""

    period: int
    stage: str
    option: int


Choose = Callable[[int, str, Floats], Decision]


def relive(seat: Seat, history: History, uniforms: Floats) -> Course:
    """The recorded history, with what was not looked up drawn, and the noise under which each choice was made.

    uniforms: [period, stage, 5]. A stance, move or answer that is UNKNOWN is drawn from the policies. The public belief
    follows known and drawn answers; that answers may be miscoded is left aside.
    """
    noise: dict[tuple[int, str], Floats] = {}
    recorded = {"stance": history.stance, "move": history.move, "answer": history.answer}

    def choose(period: int, stage: str, chances: Floats) -> Decision:
        code, draws = int(recorded[stage][period]), uniforms[period, STAGES.index(stage)]
        drawn = free(draws) if code == UNKNOWN else abduct(chances, code, draws)
        noise[period, stage] = drawn[: chances.size]
        return Decision(stage, chances, best(chances, drawn) if code == UNKNOWN else code)

    belief, periods, over = seat.belief, [], ""
    for t in range(len(history)):
        one, belief, over = live(seat, t, int(history.status[t]), int(history.habit[t]), belief, choose)
        periods.append(one)
    return Course(tuple(periods), belief, over, noise)


def replay(seat: Seat, lived: Course, act: SetAct, uniforms: Floats, *, updates: bool = True) -> Course:
    """The history with one act set: as it was before it, played by the policies with the same noise after it.

    updates: whether the public belief takes the set act as telling of the guarantor's type; later acts always do.
    """

    def choose(period: int, stage: str, chances: Floats) -> Decision:
        if (period, stage) == (act.period, act.stage):
            return Decision(stage, chances, act.option, is_set=True)
        noise = lived.noise.get((period, stage))
        drawn = free(uniforms[period, STAGES.index(stage)]) if noise is None else noise
        return Decision(stage, chances, best(chances, drawn))

    periods = list(lived.periods[: act.period])
    start = lived.periods[act.period]
    status, habit, belief, over = start.status, start.habit, start.belief, ""
    for t in range(act.period, len(lived.periods)):
        one, after, over = live(seat, t, status, habit, belief, choose)
        is_held = not updates and t == act.period and act.stage == "answer"
        belief = belief if is_held else after
        periods.append(one)
        if over:
            break
        status, habit = following(one, lived.periods, t), one.taken("stance")
    return Course(tuple(periods), belief, over, lived.noise)


def live(seat: Seat, t: int, status: int, habit: int, belief: float, choose: Choose) -> tuple[Period, float, str]:
    """One period: stance, move, answer; the belief after it, and why the game is over where it is."""
    level, hedges = int(seat.levels[t]), seat.move.shape[1] // len(STATUSES)
    decisions = [choose(t, "stance", stance_chances(seat, level, status, habit, belief, hedges))]
    stance = decisions[0].taken
    if stance == SETTLE:
        return Period(status, habit, belief, tuple(decisions)), belief, SETTLED
    node = status * 2 + stance if hedges == 2 else status
    decisions.append(choose(t, "move", read(seat.move[level, node], seat.grid, belief)))
    move, over = decisions[1].taken, ""
    after = belief
    if move != NO_MOVE:
        rows = seat.answer[level, :, node * len(MOVES) + move]
        chances = read(rows[0 if seat.is_resolute else 1], seat.grid, belief)
        decisions.append(choose(t, "answer", chances))
        answer = decisions[2].taken
        after = revised(belief, *(read(row, seat.grid, belief)[answer] for row in rows))
        over = TAKEN if move == OFFENSIVE and answer != ENFORCE else ""
    return Period(status, habit, belief, tuple(decisions)), after, over


def following(one: Period, lived: tuple[Period, ...], t: int) -> int:
    """The status of the corridor after a period: as recorded where all was as recorded, else as the game has it."""
    same = lived[t].status == one.status and all(lived[t].taken(s) == one.taken(s) for s in ("move", "answer"))
    if same and t + 1 < len(lived):
        return lived[t + 1].status
    if one.taken("answer") == ENFORCE and one.taken("move") != NO_MOVE:
        return 0
    return min(one.status + 1, 2) if one.taken("move") == STEP_UP else one.status


def stance_chances(seat: Seat, level: int, status: int, habit: int, belief: float, hedges: int) -> Floats:
    """[rely, hedge] chances of the protege, given how likely an offensive is to be opposed."""
    node = (status * 2 + habit if hedges == 2 else status) * len(MOVES) + OFFENSIVE
    opposed = [read(seat.answer[level, kind, node], seat.grid, belief)[ENFORCE] for kind in (0, 1)]
    doubt = 1.0 - (belief * opposed[0] + (1.0 - belief) * opposed[1])
    lean, habit_weight, mistrust = seat.protege
    hedge = 1.0 / (1.0 + np.exp(-(lean + habit_weight * habit + mistrust * doubt)))
    chances = np.zeros(2)
    chances[RELY], chances[HEDGE] = 1.0 - hedge, hedge
    return chances


def read(rows: Floats, grid: Floats, belief: float) -> Floats:
    """[option] chances at a belief, along straight lines between the grid's."""
    return np.array([float(np.interp(belief, grid, row)) for row in rows])


def revised(belief: float, resolute: float, weak: float) -> float:
    """Bayes' rule for the chance of the resolute type; unchanged by what neither type would do."""
    both = belief * resolute + (1.0 - belief) * weak
    return float(belief * resolute / both) if both > 0 else belief


def worth(chances: Floats) -> Floats:
    """What each option is worth in logit units; an option off the menu is worth nothing at all."""
    with np.errstate(divide="ignore"):
        return np.log(np.maximum(chances, 0.0))


def best(chances: Floats, noise: Floats) -> int:
    """The option with the largest worth plus noise."""
    return int(np.argmax(worth(chances) + noise[: chances.size]))


def free(draws: Floats) -> Floats:
    """Standard Gumbel noise of each option."""
    return np.asarray(-np.log(-np.log(draws[1:])))


def abduct(chances: Floats, taken: int, draws: Floats) -> Floats:
    """Noise of each option given which was taken: the largest sum is free, the others lie below it.

    Where the record has what the policies never do, the noise is free but large enough for what was recorded.
    """
    values, noise = worth(chances), free(draws)[: chances.size]
    top = -np.log(-np.log(draws[0]))  # the largest of all sums is a standard Gumbel, as chances sum to 1
    below = np.isfinite(values)
    noise[below] = -np.log(np.exp(-top) - np.log(draws[1:][: chances.size][below]) / chances[below]) - values[below]
    noise[taken] = top - values[taken] if below[taken] else np.inf
    return noise


def believed(seat: Seat, history: History) -> float:
    """The chance of the resolute type after all answers that are known."""
    belief, hedges = seat.belief, seat.move.shape[1] // len(STATUSES)
    for t in np.flatnonzero(history.is_challenge):
        stance = max(int(history.stance[t]), RELY)
        status, move = int(history.status[t]), int(history.move[t])
        node = (status * 2 + stance if hedges == 2 else status) * len(MOVES) + move
        rows = seat.answer[int(seat.levels[t]), :, node]
        belief = revised(belief, *(read(row, seat.grid, belief)[int(history.answer[t])] for row in rows))
    return belief
