"""Make `aqre.json`: Gambit's logit agent quantal response equilibria of random two-period reputation games.

Run once, in an environment of its own with pygambit 17.0.0b2 (GPL, never imported by the package or its tests):

    python tests/known/oracles/gambit/make.py > tests/known/oracles/gambit/aqre.json

Each game is written as EFG text and read by Gambit: chance draws the type, the informed player's information sets hold
one node, everybody else's hold both types. Payoffs of the second period are discounted to the start.
"""

import io
import json
import random
import sys

LAMBDA = 1.0
N_GAMES = 24


def random_game(seed):
    """Tables in the order of `safeconduct.actors.game`: two states, 2-3 stages, menus of 2-3, payoffs Normal(0, 1)."""
    rng = random.Random(seed)
    n_open = 1 + seed % 2
    players = [f"open{k}" for k in range(n_open)]
    n_states = [2] * (n_open + 1)
    stages = []
    for k in range(n_open + 1):
        n_actions = 2 + rng.randrange(2)
        last = k == n_open
        leads = [
            [-1 if last and rng.random() < 0.2 else rng.randrange(2) for _ in range(n_actions)]
            for _ in range(n_states[k])
        ]
        payoff = [
            [[round(rng.gauss(0, 1), 3) for _ in range(n_actions)] for _ in range(n_states[k])]
            for _ in range(n_open + 2)
        ]
        stages.append({"mover": -1 if last else k, "next_state": leads, "payoff": payoff})
    discount = 1.0 if seed % 3 else 0.9
    return {
        "players": players,
        "stages": stages,
        "discount": discount,
        "periods": 2,
        "belief": [0.3, 0.5, 0.7][seed % 3],
    }


def efg(game):
    """The game as EFG text. Every information set is a player, a public history and, for the informed one, a type."""
    informed = len(game["players"]) + 1
    names = " ".join(f'"{name}"' for name in [*game["players"], "informed"])
    lines = [f'EFG 2 R "random reputation game" {{ {names} }}', ""]
    sets, outcomes = {}, [0]

    def node(kind, history, period, k, state, total):
        stage = game["stages"][k]
        player = stage["mover"] + 1 if stage["mover"] >= 0 else informed
        key = (player, history, kind if player == informed else None)
        number = sets.setdefault(key, len(sets) + 1)
        actions = range(len(stage["next_state"][state]))
        menu = " ".join(f'"a{i}"' for i in actions)
        lines.append(f'p "" {player} {number} "{number}" {{ {menu} }} 0')
        for action in actions:
            gain = [stage["payoff"][who][state][action] * game["discount"] ** period for who in range(len(total) + 1)]
            own = gain[len(game["players"]) + kind]
            after = [t + g for t, g in zip(total, [*gain[: len(game["players"])], own], strict=True)]
            leads = stage["next_state"][state][action]
            last = k == len(game["stages"]) - 1
            if leads < 0 or (last and period == game["periods"] - 1):
                outcomes[0] += 1
                numbers = ", ".join(f"{value:.12f}" for value in after)
                lines.append(f't "" {outcomes[0]} "" {{ {numbers} }}')
            else:
                following = (kind, (*history, action), period + last, 0 if last else k + 1, leads, after)
                node(*following)

    b = game["belief"]
    lines.append(f'c "" 1 "type" {{ "first" {b} "second" {1 - b:.12f} }} 0')
    for kind in (0, 1):
        node(kind, (), 0, 0, 0, [0.0] * informed)
    return "\n".join(lines) + "\n"


def solve(game):
    """Chances at every information set: [player, public history, type or null, chances]."""
    import pygambit

    text = efg(game)
    read = pygambit.read_efg(io.BytesIO(text.encode()))
    profile = pygambit.qre.logit_solve_lambda(read, lam=[LAMBDA])[0].profile
    answers = []
    for index, player in enumerate(read.players, start=1):
        kinds = {"first": 0, "second": 1} if player == "informed" else dict.fromkeys(("first", "second"))
        for reached, chances in profile[player]:
            kind, *public = reached.actions
            history = [int(action[1:]) for action in public]
            answers.append([index, history, kinds[kind], [float(chance) for _, chance in chances]])
    return answers


def main():
    games = [random_game(seed) for seed in range(N_GAMES)]
    made = {"made_with": "pygambit 17.0.0b2", "lambda": LAMBDA, "games": [{**g, "aqre": solve(g)} for g in games]}
    json.dump(made, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
