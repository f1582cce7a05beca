"""A two-type reputation game as data: stages of a period, who moves, what each option pays, where it leads.

A period is a short list of stages. At each stage one player picks from a menu, everybody sees the pick, payoffs are
booked and play goes to a state of the next stage; after the last stage the next period begins at the first. One player,
the informed one, is of one of two types that only it knows; the others hold a public belief, the chance that it is the
first type. Every two-type reputation game of this shape is an instance: the guarantee game, the chain store.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

OVER = -1  # in `next_state`: the game ends here; what is lost or won by that stands in the payoff
BARRED = -2  # in `next_state`: the option is not on the menu in this state
INFORMED = -1  # as `mover`: the player whose type is private

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Watch:
    """What a mover reads off the informed player's policy: the chance of one action at one node, times a weight."""

    stage: int  # of the same period, later than the mover's
    node: Ints  # [state of the mover's stage] state of the watched stage
    action: int
    weight: Floats  # [state, action] added to the mover's payoff per unit of that chance


@dataclass(frozen=True)
class Stage:
    """One decision of a period."""

    name: str
    mover: int  # index of a player, or INFORMED
    menu: tuple[str, ...]
    payoff: Floats  # [who, state, action]; who = players in order, then the informed player's two types
    next_state: Ints  # [state, action] state of the following stage, OVER or BARRED
    watch: Watch | None = None


@dataclass(frozen=True)
class Game:
    """A repeated game with one informed player. Raises ValueError where its tables do not fit together."""

    players: tuple[str, ...]  # without the informed one
    informed: str
    stages: tuple[Stage, ...]
    periods: int  # how far the players look ahead
    discount: float  # per period
    short_lived: tuple[str, ...] = ()  # players who look no further than their own period

    def __post_init__(self) -> None:
        for faults in map(self._faults, range(len(self.stages))):
            if faults:
                raise ValueError(faults)

    def _faults(self, k: int) -> str:
        stage, following = self.stages[k], self.stages[(k + 1) % len(self.stages)]
        shape = stage.next_state.shape
        if stage.payoff.shape != (len(self.players) + 2, *shape) or shape[1] != len(stage.menu):
            return f"stage {stage.name}: payoff is {stage.payoff.shape}; expected [who, state, action] of {shape}"
        if stage.next_state.max() >= following.next_state.shape[0]:
            return f"stage {stage.name}: leads to a state that stage {following.name} does not have"
        if (stage.next_state == BARRED).all(axis=1).any():
            return f"stage {stage.name}: a state has an empty menu"
        if stage.watch is not None and stage.watch.stage <= k:
            return f"stage {stage.name}: watches a stage that is not later in the period"
        return ""

    def scaled(self, factor: float) -> Game:
        """The same game with every payoff times a factor, which is the same as that much less noise."""
        return replace(self, stages=tuple(_scaled(stage, factor) for stage in self.stages))


def _scaled(stage: Stage, factor: float) -> Stage:
    watch = stage.watch and replace(stage.watch, weight=stage.watch.weight * factor)
    return replace(stage, payoff=stage.payoff * factor, watch=watch)


@dataclass(frozen=True)
class GameArrays:
    """A game's stages padded to one shape, as the kernels read them."""

    payoff: Floats  # [stage, who, state, action]
    next_state: Ints  # [stage, state, action]
    n_states: Ints  # [stage]
    n_actions: Ints  # [stage]
    mover: Ints  # [stage]
    discount: Floats  # [who] per period
    watch_stage: Ints  # [stage] -1: watches nothing
    watch_action: Ints  # [stage]
    watch_node: Ints  # [stage, state]
    watch_weight: Floats  # [stage, state, action]


def tables_of(game: Game) -> GameArrays:
    """Pad the stages of a game to common numbers of states and actions."""
    n_stages, n_who = len(game.stages), len(game.players) + 2
    n_states = np.array([stage.next_state.shape[0] for stage in game.stages])
    n_actions = np.array([len(stage.menu) for stage in game.stages])
    states, actions = int(n_states.max()), int(n_actions.max())
    tables = GameArrays(
        payoff=np.zeros((n_stages, n_who, states, actions)),
        next_state=np.full((n_stages, states, actions), BARRED),
        n_states=n_states,
        n_actions=n_actions,
        mover=np.array([stage.mover for stage in game.stages]),
        discount=np.array([0.0 if p in game.short_lived else game.discount for p in (*game.players, "", "")]),
        watch_stage=np.full(n_stages, -1),
        watch_action=np.zeros(n_stages, dtype=np.int64),
        watch_node=np.zeros((n_stages, states), dtype=np.int64),
        watch_weight=np.zeros((n_stages, states, actions)),
    )
    for k, stage in enumerate(game.stages):
        s, a = stage.next_state.shape
        tables.payoff[k, :, :s, :a] = stage.payoff
        tables.next_state[k, :s, :a] = stage.next_state
        if stage.watch is not None:
            tables.watch_stage[k], tables.watch_action[k] = stage.watch.stage, stage.watch.action
            tables.watch_node[k, :s] = stage.watch.node
            tables.watch_weight[k, :s, :a] = stage.watch.weight
    return tables
