"""The guarantee game: a challenger who may step up, a guarantor of unknown resolve who answers, a protege who chooses
whether to rely on it. An instance of `Game`, built from parameters and from what holds outside the game at the date.

Each period: the protege relies, hedges or (an option) settles; the challenger does nothing, steps up, strikes or goes
for everything; the guarantor does nothing, speaks or enforces. Status of the corridor and the protege's habit are
public. Relatives: Kreps & Wilson 1982; Kilgour & Zagare 1994; McKelvey & Palfrey 1998.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from safeconduct.actors.game import BARRED, INFORMED, OVER, Floats, Game, Ints, Stage, Watch

STATUSES = ("open", "restricted", "closed")  # of the corridor
STANCES = ("rely", "hedge", "settle")  # the protege's
MOVES = ("none", "step up", "strike", "offensive")  # the challenger's
ANSWERS = ("nothing", "words", "enforcement")  # the guarantor's
RELY, HEDGE, SETTLE = range(3)
NO_MOVE, STEP_UP, STRIKE, OFFENSIVE = range(4)
NOTHING, WORDS, ENFORCE = range(3)
SEVERITY: Floats = np.array([0.0, 0.5, 0.5, 1.0])  # assumed: share of the audience cost that a move puts at stake
CHALLENGER, PROTEGE, RESOLUTE, WEAK = range(4)  # rows of a payoff table
HORIZON = 8  # periods that players look ahead (assumed; what 12 would change is in docs/game.md)
DISCOUNT = 0.95  # per period (assumed)


@dataclass(frozen=True, slots=True)
class Outside:
    """What holds outside the game at a date, 0..1 each. Players take it as lasting when they decide."""

    second_war: float = 0.0  # ties the guarantor
    challenger_value: float = 0.0  # of the challenger to the guarantor: trade, gas, treaty
    challenger_backing: float = 0.0  # the challenger's power and support from others
    exit_cost: float = 0.0  # to the protege of leaving the guarantor's bloc
    release: float = 0.0  # the protege has recognised the challenger's title
    breach: float = 0.0  # recorded breaches by the protege's side, lately


@dataclass(frozen=True, slots=True)
class Stakes:
    """Payoffs of the guarantee game in logit units (lambda = 1), all `assumed`: priors in inference/game_accounts."""

    # challenger
    flow: float = 0.3  # per period and step of the corridor's status
    prize: float = 2.0  # of taking all, once
    step_cost: float = 0.5
    strike_cost: float = 0.5
    offensive_cost: float = 1.5
    penalty: float = 1.0  # when enforced against
    backing_gain: float = 0.0  # added to the prize per unit of its backing
    breach_gain: float = 0.0  # taken off the cost of each move per unit of recorded breach
    # guarantor
    audience: float = 0.8  # cost of silence before the gravest move
    words_share: float = 0.5  # part of that cost left after words
    words_cost: float = 0.0
    value_muting: float = 0.0  # cost of words per unit of the challenger's value
    resolute_cost: float = 0.5  # of enforcing
    weak_extra: float = 1.0  # what enforcing costs the weak type more
    war_cost: float = 0.0  # added to enforcing per unit of second war
    value_cost: float = 0.0  # ... of the challenger's value
    hedge_cost: float = 0.0  # ... when the protege hedges
    loss: float = 0.8  # when all is taken
    release_effect: float = 0.0  # audience cost and loss shrink by exp(-effect * release)
    breach_excuse: float = 0.0  # share of the audience cost that a recorded breach lifts
    # protege
    lean: float = -0.5  # towards hedging
    habit: float = 1.0  # hedging after hedging
    mistrust: float = 1.0  # hedging per unit of 1 - chance that an offensive is opposed
    exit_weight: float = 0.5
    settle_worth: float = 0.0  # of settling, against relying, where it is on the menu
    settle_prize: float = 1.0  # to the challenger
    settle_loss: float = 0.0  # to the guarantor


@dataclass(frozen=True, slots=True)
class Rules:
    """What is on the menus."""

    can_settle: bool = False
    can_enforce: bool = True
    can_oppose_offensive: bool = True  # False where consent was given in private


@lru_cache(maxsize=8)
def _layout(rules: Rules) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints]:
    """Where options lead, and the indices of the guarantor's nodes."""
    status, habit = (index.ravel() for index in np.indices((3, 2)))
    stance_next = np.stack([status * 2 + RELY, status * 2 + HEDGE, np.full(6, OVER if rules.can_settle else BARRED)], 1)
    move_next = np.arange(6)[:, None] * 4 + np.arange(4)
    s, h, m = (index.ravel() for index in np.indices((3, 2, 4)))
    after = np.where(m == STEP_UP, np.minimum(s + 1, 2), s)
    answer_next = np.stack([after * 2 + h, after * 2 + h, h], axis=1)  # enforcement opens the corridor
    answer_next[m == OFFENSIVE, :ENFORCE] = OVER
    answer_next[m == NO_MOVE, WORDS:] = BARRED
    if not rules.can_enforce:
        answer_next[:, ENFORCE] = BARRED
    if not rules.can_oppose_offensive:
        answer_next[m == OFFENSIVE, ENFORCE] = BARRED
    return stance_next, move_next, answer_next, habit, s, h, m


def guarantee_game(
    stakes: Stakes, outside: Outside | None = None, rules: Rules | None = None, periods: int = HORIZON
) -> Game:
    """The guarantee game at one date."""
    outside, rules = outside or Outside(), rules or Rules()
    stance_next, move_next, answer_next, habit, s, h, m = _layout(rules)
    answer = Stage("answer", INFORMED, ANSWERS, _answer_payoff(stakes, outside, s, h, m), answer_next)
    move = Stage("move", CHALLENGER, MOVES, _move_payoff(stakes, outside), move_next)
    stance = Stage(
        "stance",
        PROTEGE,
        STANCES,
        _stance_payoff(stakes, outside, habit),
        stance_next,
        watch=Watch(2, np.arange(6) * 4 + OFFENSIVE, ENFORCE, _watch_weight(stakes)),
    )
    return Game(("challenger", "protege"), "guarantor", (stance, move, answer), periods, DISCOUNT, ("protege",))


def guarantee_core(
    stakes: Stakes, outside: Outside | None = None, rules: Rules | None = None, periods: int = HORIZON
) -> Game:
    """The same game without the protege's stage: the same policies wherever its stance enters no other payoff.

    States are the three statuses; the guarantor's nodes are status x move.
    """
    full = guarantee_game(stakes, outside, rules, periods)
    _, move, answer = full.stages
    kept = np.arange(0, 6, 2)
    nodes = (kept[:, None] * 4 + np.arange(4)).ravel()
    leads = answer.next_state[nodes]
    reduced = replace(answer, payoff=answer.payoff[:, nodes], next_state=np.where(leads >= 0, leads // 2, leads))
    opening = np.arange(3)[:, None] * 4 + np.arange(4)
    return replace(full, stages=(replace(move, payoff=move.payoff[:, kept], next_state=opening), reduced))


def _stance_payoff(stakes: Stakes, outside: Outside, habit: Ints) -> Floats:
    payoff = np.zeros((4, 6, 3))
    payoff[PROTEGE, :, HEDGE] = (
        stakes.lean + stakes.habit * habit + stakes.mistrust - stakes.exit_weight * outside.exit_cost
    )
    payoff[PROTEGE, :, SETTLE] = stakes.settle_worth
    payoff[CHALLENGER, :, SETTLE] = stakes.settle_prize
    payoff[RESOLUTE:, :, SETTLE] = -stakes.settle_loss
    return payoff


def _watch_weight(stakes: Stakes) -> Floats:
    weight = np.zeros((6, 3))
    weight[:, HEDGE] = -stakes.mistrust
    return weight


def _move_payoff(stakes: Stakes, outside: Outside) -> Floats:
    payoff = np.zeros((4, 6, 4))
    costs = np.array([stakes.step_cost, stakes.strike_cost, stakes.offensive_cost])
    payoff[CHALLENGER, :, 1:] = stakes.breach_gain * outside.breach - costs
    return payoff


def _answer_payoff(stakes: Stakes, outside: Outside, s: Ints, h: Ints, m: Ints) -> Floats:
    payoff = np.zeros((4, 24, 3))
    unopposed = payoff[CHALLENGER, :, :ENFORCE]
    unopposed[:] = (stakes.flow * np.where(m == STEP_UP, np.minimum(s + 1, 2), s))[:, None]
    unopposed[m == OFFENSIVE] += stakes.prize + stakes.backing_gain * outside.challenger_backing
    payoff[CHALLENGER, :, ENFORCE] = -stakes.penalty
    released = np.exp(-stakes.release_effect * outside.release)
    audience = stakes.audience * released * (1.0 - stakes.breach_excuse * outside.breach) * SEVERITY[m]
    lost = stakes.loss * released * (m == OFFENSIVE)
    spoken = stakes.words_cost + stakes.value_muting * outside.challenger_value
    enforcing = (
        stakes.resolute_cost
        + stakes.war_cost * outside.second_war
        + stakes.value_cost * outside.challenger_value
        + stakes.hedge_cost * h
    )
    for kind, extra in ((RESOLUTE, 0.0), (WEAK, stakes.weak_extra)):
        payoff[kind, :, NOTHING] = -audience - lost
        payoff[kind, :, WORDS] = -stakes.words_share * audience - spoken - lost
        payoff[kind, :, ENFORCE] = -(enforcing + extra)
    return payoff
