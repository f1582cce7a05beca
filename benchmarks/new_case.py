"""CPU seconds of `safeconduct new` on an invented province of 500 places and 2,000 links, measured on this machine.

    python benchmarks/new_case.py

Places lie on a bent grid; each is linked to neighbours up to the wanted number of links; five crossings at the edge.
"""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from math import cos, radians, sin
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

N_PLACES, N_LINKS, N_CROSSINGS, WIDE = 500, 2000, 5, 25
CALL = "from safeconduct.app import main; main()"


def spot(number: int) -> tuple[float, float]:
    """Degrees north and east of a place: a grid of some 8 km, bent so that no two roads are alike."""
    row, column = divmod(number, WIDE)
    return 46.0 + 0.07 * row + 0.02 * sin(number), 10.0 + 0.1 * column + 0.02 * cos(3 * number)


def km(a: int, b: int) -> float:
    """A road between two places: the straight line, roughly, and a third more."""
    (north, east), (other_north, other_east) = spot(a), spot(b)
    return 1.35 * ((111.2 * (north - other_north)) ** 2 + (111.4 * cos(radians(46)) * (east - other_east)) ** 2) ** 0.5


def neighbours() -> list[tuple[int, int]]:
    """Links along rows and columns first, then across, then to the place after next."""
    rows = range(0, N_PLACES, WIDE)
    along = [pair for row in rows for pair in pairwise(range(row, row + WIDE))]
    steps = [(n, n + WIDE) for n in range(N_PLACES - WIDE)]
    steps += [(n, n + WIDE + 1) for n in range(N_PLACES - WIDE) if n % WIDE < WIDE - 1]
    steps += [(n, n + WIDE - 1) for n in range(N_PLACES - WIDE) if n % WIDE]
    far = [(n, n + 2 * WIDE) for n in range(N_PLACES - 2 * WIDE)]
    return (along + steps + far)[: N_LINKS - N_CROSSINGS]


def write_tables(folder: Path) -> None:
    """The three tables that a person would bring."""
    people = ["name,lat,lon,people"]
    people += [f"Place {n},{spot(n)[0]:.5f},{spot(n)[1]:.5f},{400 + 37 * n % 3000}" for n in range(N_PLACES)]
    kinds = ("primary", "secondary", "tertiary", "unclassified")
    links = ["from,to,km,class"]
    links += [f"Place {a},Place {b},{km(a, b):.2f},{kinds[(a + b) % 4]}" for a, b in neighbours()]
    links += [f"Place {N_PLACES - 1 - 5 * i},Gate {i},12,primary" for i in range(N_CROSSINGS)]
    gates = ["name,lat,lon"]
    gates += [
        f"Gate {i},{spot(N_PLACES - 1 - 5 * i)[0] + 0.05:.5f},{spot(N_PLACES - 1 - 5 * i)[1]:.5f}" for i in range(5)
    ]
    for name, lines in (("people", people), ("links", links), ("gates", gates)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def cpu_seconds(*words: str) -> float:
    """User and system seconds of a command; what it says is shown."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", CALL, *words], check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure it twice: the first run may compile."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_tables(folder)
        tables = (
            "--people",
            f"{folder}/people.csv",
            "--roads",
            f"{folder}/links.csv",
            "--crossings",
            f"{folder}/gates.csv",
        )
        for turn in ("first", "second"):
            seconds = cpu_seconds("new", f"{folder}/{turn}", *tables)
            print(f"{turn} call of new: {seconds:.1f} CPU s ({N_PLACES} places, {N_LINKS} links)")


if __name__ == "__main__":
    main()
