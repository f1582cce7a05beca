"""The chain store of Kreps & Wilson (1982): an instance of the game whose limit is known in closed form.

Entrants come one by one; each stays out (the incumbent gets a) or enters; the incumbent yields or fights. A weak
incumbent gets 0 or -1, a strong one -1 or 0, so the strong one fights. An entrant gets 0 if out, b if the incumbent
yields, b - 1 if it fights. Without noise an entrant facing n rounds (its own included) enters if the belief p that the
incumbent is strong lies below b^n and stays out above it; a weak incumbent with p below b^(n-1) fights with chance
(1 - b^(n-1)) p / ((1 - p) b^(n-1)), and for certain above it, except in the last round, where it yields.
"""

from __future__ import annotations

import numpy as np

from safeconduct.actors.game import BARRED, INFORMED, Floats, Game, Stage

IN, FIGHT = 1, 1


def chain_store(rounds: int, b: float, a: float, discount: float = 1.0) -> Game:
    """The chain store with so many entrants, entrant's gain b, incumbent's gain a from an entrant who stays out."""
    # who: entrant, strong, weak. States: entrant's stage 0; incumbent's stage 0 = nobody came, 1 = entered.
    entry = Stage(
        "entry",
        mover=0,
        menu=("out", "in"),
        payoff=np.array([[[0.0, 0.0]], [[a, 0.0]], [[a, 0.0]]]),
        next_state=np.array([[0, 1]]),
    )
    answer = Stage(
        "answer",
        mover=INFORMED,
        menu=("yield", "fight"),
        payoff=np.array([[[0.0, 0.0], [b, b - 1]], [[0.0, 0.0], [-1.0, 0.0]], [[0.0, 0.0], [0.0, -1.0]]]),
        next_state=np.array([[0, BARRED], [0, 0]]),
    )
    return Game(("entrant",), "incumbent", (entry, answer), rounds, discount, short_lived=("entrant",))


def closed_form(n: int, b: float, belief: Floats) -> tuple[Floats, Floats]:
    """(chance of entry, chance that a weak incumbent fights) with n rounds left, without noise, off the thresholds."""
    entry = np.where(belief < b**n, 1.0, 0.0)
    if n == 1:
        return entry, np.zeros_like(belief)
    bar = b ** (n - 1)
    inside = np.minimum(belief, bar * (1 - 1e-12))
    return entry, np.where(belief >= bar, 1.0, (1 - bar) * inside / ((1 - inside) * bar))
