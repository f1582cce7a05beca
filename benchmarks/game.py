"""Long runs of the guarantee game, whose results are frozen in docs/game.md.

python benchmarks/game.py recovery CASE_CODINGS [--games 1800] [--truths 200]  one ceasefire, and five pooled
python benchmarks/game.py plot PRINTED_RECOVERY SVG                            its calibration, as a picture
python benchmarks/game.py gates [--games 200]                                  how often equilibria are several
python benchmarks/game.py speed CASE_CODINGS                                   solve, likelihood, one comparison
"""

from __future__ import annotations

import argparse
from ast import literal_eval
from datetime import date
from pathlib import Path
from time import process_time

import numpy as np

from safeconduct.accounts.codings.codebook import Dating, Span
from safeconduct.accounts.codings.coding import CodedHistory, read_codings
from safeconduct.accounts.codings.restrictions import ACCOUNTS, BY_KEY, Account, draw_stakes
from safeconduct.accounts.game.compare import compare_accounts
from safeconduct.accounts.game.recovery import Design, Recovery, recover
from safeconduct.accounts.game.solved_prior import DRAWS, Cache
from safeconduct.actors import History, Outside, coding_error, guarantee_core, guarantee_game, log_likelihoods, solve
from safeconduct.terms import Draws

PERIODS, CHALLENGES = 36, 12


def synthetic_design(draws: Draws, number: int) -> Design:
    """36 months, 12 challenges of which the last is the offensive, every covariate with a date of its own."""
    rank = np.argsort(draws.uniform(f"months {number}", np.arange(PERIODS - 1)))
    move = np.zeros(PERIODS, dtype=np.int64)
    kinds = 1 + (draws.uniform(f"kinds {number}", np.arange(CHALLENGES - 1)) < 0.7)
    move[rank[: CHALLENGES - 1]] = kinds
    move[-1] = 3
    zeros = np.zeros(PERIODS, dtype=np.int64)
    months = [(2001 + t // 12, t % 12 + 1) for t in range(PERIODS)]
    reading = CodedHistory(
        History(zeros, zeros, zeros, move, zeros),
        tuple(f"{y}-{m:02d}" for y, m in months),
        tuple(date(y, m, 15) for y, m in months),
        tuple(() for _ in months),
    )
    starts = 8 + np.floor(20 * draws.uniform(f"dates {number}", np.arange(5))).astype(int)
    names = ("second_war", "challenger_value", "challenger_backing", "release", "breach")
    datings = {
        name: Dating(name=name, spans=(Span(**{"from": date(*months[start], 1), "level": 1}),))
        for name, start in zip(names, starts, strict=True)
    }
    return Design(reading, datings, coding_error(0.05))


def case_design(folder: Path) -> Design:
    """The design of the case's strict coding."""
    (coding,) = read_codings(folder, ("strict",))
    datings = {name: ways[0] for name, ways in coding.datings.items() if ways}
    return Design(coding.readings()[0], datings, coding_error(coding.rules.coding_error_chance))


def show(title: str, recovery: Recovery) -> None:
    """Print a recovery as rows of a table."""
    (rate, error), (mean, mean_error) = recovery.rate, recovery.posterior_on_truth
    n = recovery.truth.size
    print(f"\n{title}: {n} histories, first {rate:.3f} ({error:.3f}), posterior {mean:.3f} ({mean_error:.3f})")
    sizes = recovery.effective_size
    print(f"effective size: median {np.median(sizes):.0f}, below 400 in {(sizes < 400).mean():.0%}")
    print("calibration", [tuple(round(x, 3) for x in row) for row in recovery.calibration(10)])
    for i, key in enumerate(recovery.accounts):
        own = recovery.truth == i
        hit = (recovery.log_evidence[own].argmax(axis=1) == i).astype(float)
        error = hit.std(ddof=1) / hit.size**0.5
        given = recovery.posterior[own].mean(axis=0)
        rival = recovery.accounts[int(np.argsort(-np.where(np.arange(given.size) == i, -1, given))[0])]
        print(f"| {key} | {own.sum()} | {hit.mean():.2f} ({error:.2f}) | {given[i]:.2f} | {rival} |")
    for blur in recovery.blurs():
        if blur.is_blurred:
            print(f"blur {blur.first} / {blur.second}: {blur.log_factor:.2f} ({blur.standard_error:.2f})")


def run_recovery(folder: Path, games: int, truths: int, cache: Path | None) -> None:
    """Recovery of the case's design, of one other ceasefire and of five pooled."""
    library, draws = Cache(0, games, cache), Draws(1)
    library.fill()
    show("the case's design", recover(library, (case_design(folder),), draws, truths=40, games=games))
    designs = [synthetic_design(draws, number) for number in range(5)]
    single = recover(library, designs, draws, truths=truths, games=games)
    show("one ceasefire", single)
    show("five ceasefires pooled", single.pooled(5))


def run_plot(printed: Path, picture: Path) -> None:
    """Draw the calibration of a printed recovery: how often an account is true to which a probability was given."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "game", "font.size": 9})
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(4.2, 4.0), layout="constrained")
    axis.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    title = ""
    for line in printed.read_text().splitlines():
        title = line.split(":")[0] if " histories, " in line else title
        if line.startswith("calibration"):
            given, true, n = np.array(literal_eval(line.removeprefix("calibration "))).T
            error = np.sqrt(np.maximum(true * (1 - true), 0.01) / n)
            axis.errorbar(given, true, yerr=2 * error, marker="o", markersize=4, capsize=2, linewidth=1, label=title)
    axis.set(
        xlabel="probability given to an account", ylabel="share of those accounts that were true", ylim=(-0.05, 1.2)
    )
    axis.legend(frameon=False, loc="upper left")
    figure.savefig(picture, metadata={"Date": None})


def n_several(account: Account, games: int, scale: float, seed: int) -> int:
    """Of so many draws of an account, how many have several equilibria at some level of its covariate."""
    stakes, _ = draw_stakes(account, Draws(seed), games)
    build = guarantee_game if "hedge_cost" in account.changes else guarantee_core
    outsides = [Outside(**{account.covariate: x}) if account.covariate else Outside() for x in account.levels]
    solutions = ([solve(build(s, o, account.rules).scaled(scale)) for o in outsides] for s in stakes)
    return sum(any(one.gates.n_nodes_with_another for one in levels) for levels in solutions)


def run_gates(games: int) -> None:
    """How often equilibria are several: of each account at each payoff scale, and of the shared priors by seed."""
    for account in ACCOUNTS:
        told = [f"x{scale} {n_several(account, games, scale, 7)}" for scale in (1, 2, 4, 8)]
        print(f"{account.key}, {games} draws, several equilibria: " + ", ".join(told), flush=True)
    for seed in (1, 2, 3, 5, 7, 11):
        print(f"hollow, seed {seed}: x8 {n_several(BY_KEY['hollow'], games, 8, seed)}", flush=True)


def run_speed(folder: Path, games: int) -> None:
    """CPU time of a solve, of a likelihood and of one comparison from a cold cache."""
    stakes, _ = draw_stakes(ACCOUNTS[1], Draws(3), 200)
    for build in (guarantee_game, guarantee_core):
        solve(build(stakes[0]))
        started = process_time()
        for stake in stakes:
            solve(build(stake))
        print(f"{build.__name__}: {(process_time() - started) / 200 * 1e3:.2f} ms a solve")
    started = process_time()
    library = Cache(0, games)
    coding, *others = read_codings(folder, ("strict", "broad", "obligations"))
    result = compare_accounts(coding, library, others=others)
    print(f"one comparison, {games} games of each prior, cold: {process_time() - started:.0f} CPU s")
    print(f"the whole process so far: {process_time():.0f} CPU s")
    policies, history = library.shelf(ACCOUNTS[1]).policies, result.reading.history
    level = np.zeros(len(history), dtype=np.int64)
    log_likelihoods(policies, history, level)
    started = process_time()
    for _ in range(20):
        log_likelihoods(policies, history, level)
    print(
        f"{(process_time() - started) / 20 / len(policies) * 1e6:.2f} microseconds a likelihood, {len(history)} periods"
    )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("recovery", "plot", "gates", "speed"))
    parser.add_argument("codings", type=Path, nargs="?")
    parser.add_argument("picture", type=Path, nargs="?")
    parser.add_argument("--games", type=int)
    parser.add_argument("--truths", type=int, default=200)
    parser.add_argument("--cache", type=Path)
    asked = parser.parse_args()
    if asked.what == "recovery":
        run_recovery(asked.codings, asked.games or 1800, asked.truths, asked.cache)
    elif asked.what == "plot":
        run_plot(asked.codings, asked.picture)
    elif asked.what == "gates":
        run_gates(asked.games or 200)
    else:
        run_speed(asked.codings, asked.games or DRAWS)


if __name__ == "__main__":
    main()
