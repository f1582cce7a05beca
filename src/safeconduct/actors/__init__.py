"""Actors: those who decide, and the equilibrium of the guarantee game.

Comes in: stakes, dates, a coded history. Goes out: solved games, the chance of every option at every node, the public
belief, likelihoods, simulated histories, and histories played again with an act set. Does not know: people and roads.
Start reading at `game.py` (a game as data), then `guarantee.py` (the game), `solve.py`, `likelihood.py`.
"""

from safeconduct.actors.game import Floats, Game, Ints, Stage, Watch
from safeconduct.actors.guarantee import (
    ANSWERS,
    DISCOUNT,
    HORIZON,
    MOVES,
    STANCES,
    STATUSES,
    Outside,
    Rules,
    Stakes,
    guarantee_core,
    guarantee_game,
)
from safeconduct.actors.history import UNKNOWN, History, Policies, policies_of
from safeconduct.actors.likelihood import Scores, Simulated, coding_error, log_likelihoods, score, simulate
from safeconduct.actors.play import (
    MENUS,
    ROLES,
    SETTLED,
    STAGES,
    TAKEN,
    Course,
    Decision,
    Period,
    Seat,
    SetAct,
    believed,
    relive,
    replay,
)
from safeconduct.actors.solve import DEFAULT_GRID, Gates, Solution, solve
