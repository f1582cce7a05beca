"""The forecast method on simulated truth: ranks of truths among particles, and of a method that misreads counts.

    python benchmarks/rank_uniformity.py [--truths 500] [--broken 100]

For each figure (parameters, vehicles standing, people still to come): how many truths have each of ten ranks, and the
chance of ranks as uneven if all were as likely (chi-squared). About one CPU second a truth.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import process_time

import numpy as np

TESTS = Path(__file__).parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "inference")]

from simulated_truth import N_RANKED, chance_if_uniform, misread, ranks  # noqa: E402


def show(title: str, found: dict[str, np.ndarray]) -> None:
    """A table of ranks."""
    print(f"\n{title}\n| figure | {' | '.join(map(str, range(N_RANKED + 1)))} | chance if uniform |")
    print("| --- |" + " ---: |" * (N_RANKED + 2))
    for name, one in found.items():
        counts = np.bincount(one, minlength=N_RANKED + 1)
        print(f"| {name} | {' | '.join(map(str, counts))} | {chance_if_uniform(one):.3g} |")


def main() -> None:
    """Print both tables and what they cost."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--truths", type=int, default=500)
    options.add_argument("--broken", type=int, default=100, help="truths of the method that misreads counts")
    options.add_argument("--seed", type=int, default=7)
    said, start = options.parse_args(), process_time()
    show(f"{said.truths} truths", ranks(said.seed, said.truths))
    show(f"{said.broken} truths, counts read two fifths too high", ranks(said.seed, said.broken, misread))
    print(f"\n{process_time() - start:.0f} CPU seconds")


if __name__ == "__main__":
    main()
