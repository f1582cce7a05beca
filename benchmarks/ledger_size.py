"""Import, index, query, compare, view and monitor many claims: python benchmarks/ledger_size.py [COUNT ...].

With several counts the last lines are the cost of a claim at each, against the first: a ratio within one run. The
monitor is that of the invented demo case, its reports repeated over three years: acts, disputes, the road, obligations.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import process_time

from safeconduct.findings.monitor import monitor_page, view_case
from safeconduct.ledger import (
    Claim,
    Ledger,
    Query,
    as_of,
    find,
    find_conflicts,
    import_files,
    open_index,
    read_ledger,
    to_csv,
)
from safeconduct.monitor import View
from safeconduct.scenario import shipped_cases

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))


def main() -> None:
    """Print seconds for each step of each count, then the cost of a claim against that of the first count."""
    counts = [int(word) for word in sys.argv[1:]] or [100_000]
    costs = {count: steps(count) for count in counts}
    first = costs[counts[0]]
    for count in counts[1:]:
        told = ", ".join(f"{name} {costs[count][name] / first[name]:.2f}" for name in first)
        print(f"cost of a claim at {count:,} against {counts[0]:,}: {told}")


def steps(count: int) -> dict[str, float]:
    """Seconds a claim of each step that reads all claims."""
    from hand_claims import NOON, said

    spent: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        os.environ["SAFECONDUCT_CACHE"] = str(Path(name) / "cache")
        source, target = Path(name) / "new.csv", Path(name) / "claims.csv"
        made = (said(f"C{n:07d}", float(n), of=f"quantity{n % 200}", hours=n / 9) for n in range(count))
        with source.open("w") as file:
            for n, one in enumerate(made):
                row = replace(one, words=f"report {one.id} of the valley", place=f"place{n % 50}")
                file.write(to_csv([row], header=n == 0))
        spent["import"] = timed(f"import of {count:,} claims", lambda: import_files(target, [source]))
        spent["index"] = timed("index built", lambda: open_index(target))
        for told, query in (
            ("one quantity at one place", Query(quantity="quantity7", place="place7")),
            ("words", Query(text="C0001234")),
            ("the first 50", Query(limit=50)),
            ("one quantity, known by a date", Query(quantity="quantity7", known_at=NOON)),
        ):
            timed(f"query: {told}", partial(answer, target, query))
        held: list[Ledger] = []
        spent["reading"] = timed("reading", lambda: held.append(read_ledger(target)))
        spent["as of a date"] = timed("as of a date", lambda: as_of(held[0], NOON + timedelta(hours=count / 18)))
        spent["conflicts"] = timed("conflicts", lambda: find_conflicts(held[0]))
        held.clear()
        spent |= monitoring(Path(name) / "case", count)
    return {what: seconds / count for what, seconds in spent.items()}


def monitoring(folder: Path, count: int) -> dict[str, float]:
    """Seconds to read a monitored case of so many claims, and to write its page."""
    shutil.copytree(shipped_cases() / "demo-valley", folder)
    settings = (folder / "monitor.yaml").read_text()
    (folder / "monitor.yaml").write_text(settings.replace("2030-05-09", "2033-05-01"))
    claims = [claim for claim in read_ledger(folder).claims if claim.published]
    copies = (moved(claims[n % len(claims)], n // len(claims)) for n in range(count - count % len(claims)))
    (folder / "claims.csv").write_text(to_csv(copies), encoding="utf-8")
    held: list[View] = []
    pages: list[str] = []
    spent = {"reading a case": timed("monitored case read", lambda: held.append(view_case(folder, None)))}
    spent["monitor"] = timed("monitor page", lambda: pages.append(monitor_page(held[0])))
    print(f"the page: {len(pages[0]) / 1e6:.1f} MB of {len(held[0].known):,} claims")
    return spent


def moved(claim: Claim, n: int) -> Claim:
    """A copy of a claim on another day of three years, its links to the copies of the same day."""
    by = timedelta(days=n * 7919 % 1000)

    def later(moment: datetime | None) -> datetime | None:
        return moment + by if moment else None

    return replace(
        claim, id=f"{claim.id}x{n}", time=later(claim.time), until=later(claim.until), published=later(claim.published),
        due=None, disputes=copied(claim.disputes, n), responds_to=copied(claim.responds_to, n),
        outcome_of=copied(claim.outcome_of, n), retells=(), supersedes=(),
        best=None if claim.best is None else claim.best + n,
    )  # fmt: skip


def copied(names: tuple[str, ...], n: int) -> tuple[str, ...]:
    """The ids of copies."""
    return tuple(f"{name}x{n}" for name in names)


def answer(target: Path, query: Query) -> object:
    """What a query finds, the index opened for it."""
    return find(open_index(target), query)


def timed(what: str, work: Callable[[], object]) -> float:
    """Do it, print and hand back how many CPU seconds it took, opening the index included."""
    start = process_time()
    found = work()
    many = f", {len(found)} found" if isinstance(found, tuple) else ""
    seconds = process_time() - start
    print(f"{what}: {seconds:.3f} s{many}", flush=True)
    return seconds


if __name__ == "__main__":
    main()
