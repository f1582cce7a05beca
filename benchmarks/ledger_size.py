"""Import, index and query many claims: python benchmarks/ledger_size.py [COUNT]."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

from safeconduct.ledger import Query, find, import_files, open_index, to_csv

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))


def main() -> None:
    """Print seconds for each step."""
    from hand_claims import NOON, said

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        os.environ["SAFECONDUCT_CACHE"] = str(Path(name) / "cache")
        source, target = Path(name) / "new.csv", Path(name) / "claims.csv"
        made = (said(f"C{n:07d}", float(n), of=f"quantity{n % 200}", hours=n / 9) for n in range(count))
        source.write_text(
            to_csv(replace(c, words=f"report {c.id} of the valley", place=f"place{hash(c.id) % 50}") for c in made)
        )
        timed(f"import of {count} claims", lambda: import_files(target, [source]))
        timed("index built", lambda: open_index(target))
        for told, query in (
            ("one quantity at one place", Query(quantity="quantity7", place="place3")),
            ("words", Query(text="C0012345")),
            ("the first 50", Query(limit=50)),
            ("one quantity, known by a date", Query(quantity="quantity7", known_at=NOON)),
        ):
            timed(f"query: {told}", partial(answer, target, query))


def answer(target: Path, query: Query) -> object:
    """What a query finds, the index opened for it."""
    return find(open_index(target), query)


def timed(what: str, work: Callable[[], object]) -> None:
    """Do it and print how long it took, opening the index included."""
    start = perf_counter()
    found = work()
    many = f", {len(found)} found" if isinstance(found, tuple) else ""
    print(f"{what}: {perf_counter() - start:.3f} s{many}")


if __name__ == "__main__":
    main()
