"""Call every command on generated bad input and say how each call ended: python benchmarks/attack.py [--most 2500].

    --most N       how many attacks, spread over all classes and commands [2500]; 0 = all
    --only TEXT    only those whose class, subject or command holds this text
    --seed N       which of them [0]
    --part I/N     every N-th of them, beginning with the I-th, so that parts can run side by side
    --light        only commands that simulate nothing, without compiling first
    --simulating   only the others
    --rows FILE    add each call as a line of JSON there; with --tell, make the table from these lines alone
    --page FILE    write the table of classes and outcomes there
    --show         print each call that ended wrongly, with the end of what it said

Every 25th call is a process of its own, as a user starts it; the others are forked. An input ends well with exit code 2 and a sentence, or
with exit code 0 where it may be believed; without a traceback, a signal, a file left behind, 10 CPU seconds or 1 GB.
"""

# ruff: noqa: E501
from __future__ import annotations

import argparse
import json
import platform
import random
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "attack"))
from forked import Ended, ended, warm
from inputs import BASES, SIMULATING, Attack, all_attacks, with_files

LIGHT = ("check", "monitor", "accounts", "diff", "export", "new", "read", "ledger list", "ledger conflicts",
         "ledger export", "ledger import", "ledger show", "ledger trace", "convert", "cases", "desk")  # fmt: skip


def chosen(most: int, seed: int, only: str, *, is_light: bool = False, simulates: bool = False) -> list[Attack]:
    """Attacks spread evenly over classes and commands: one of each in turn until there are enough."""
    found = [one for one in all_attacks() if only in f"{one.kind} {one.what} {' '.join(one.words)}"]
    if is_light:
        found = [one for one in found if one.command in LIGHT and "MB" not in one.what + one.kind]
    if simulates:
        found = [one for one in found if one.command not in LIGHT]
    if not most or len(found) <= most:
        return found
    groups: dict[tuple[str, str], list[Attack]] = defaultdict(list)
    for one in found:
        groups[one.kind, one.command].append(one)
    for group in groups.values():
        random.Random(seed).shuffle(group)
    taken: list[Attack] = []
    while len(taken) < most:
        for group in groups.values():
            if group:
                taken.append(group.pop())
    return taken[:most]


@dataclass(frozen=True)
class Line:
    """How a call ended, as it is kept."""

    kind: str
    what: str
    words: list[str]
    code: int
    cpu: float
    mib: int
    faults: list[str]
    left: list[str]
    err: str

    @classmethod
    def of(cls, one: Ended) -> Line:
        """What is kept of a call."""
        words = [word[:80] for word in one.attack.words]
        cpu, mib = round(one.cpu_seconds, 2), one.peak_bytes >> 20
        return cls(
            one.attack.kind, one.attack.what, words, one.code, cpu, mib, one.faults, list(one.left[:5]), one.err[-600:]
        )


def row_of(kind: str, calls: list[Line]) -> str:
    """A row of the table: how the calls of a class ended."""
    n_refused = sum(one.code == 2 for one in calls)
    n_taken = sum(one.code == 0 for one in calls)
    wrong = Counter(fault for one in calls for fault in one.faults)
    told = "; ".join(f"{fault} {n}" for fault, n in wrong.most_common()) or "none"
    cpu, peak = max(one.cpu for one in calls), max(one.mib for one in calls)
    n_wrong = sum(bool(one.faults) for one in calls)
    return f"| {kind} | {len(calls)} | {n_refused} | {n_taken} | {n_wrong} | {told} | {cpu:.1f} | {peak:,.0f} |"


def table(calls: list[Line]) -> str:
    """The table of classes."""
    by_kind: dict[str, list[Line]] = defaultdict(list)
    for one in calls:
        by_kind[one.kind.partition(":")[0]].append(one)
    head = [
        "| Input | Calls | Refused, exit code 2 | Taken, exit code 0 | Ended wrongly | How | Most CPU s | Most MiB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(row_of(kind, by_kind[kind]) for kind in sorted(by_kind)), row_of("all", calls)])


def main() -> None:
    """Attack, print, and write the page where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--page", type=Path)
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--light", action="store_true")
    parser.add_argument("--simulating", action="store_true")
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--tell", action="store_true")
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    if asked.tell:
        lines = [json.loads(line) for line in asked.rows.read_text("utf-8").splitlines()]
        tell([Line(**line) for line in lines], asked)
        return
    warm()
    calls: list[Line] = []
    first, every = map(int, asked.part.split("/"))
    with tempfile.TemporaryDirectory() as place:
        for words in (
            *BASES.values(),
            ("run", "flee", *SIMULATING[0][2:]),
        ):  # machine code is compiled once, which no bad input is to blame for
            ended(Attack("", "", words, with_files), Path(place))
        for number, attack in enumerate(
            chosen(asked.most, asked.seed, asked.only, is_light=asked.light, simulates=asked.simulating)[first::every]
        ):
            line = Line.of(ended(attack, Path(place), is_forked=number % 25 != 24))
            calls.append(line)
            if asked.rows:
                with asked.rows.open("a") as file:
                    file.write(json.dumps(asdict(line)) + "\n")
            if asked.show and line.faults:
                print(json.dumps(asdict(line), indent=1), flush=True)
    tell(calls, asked)


def tell(calls: list[Line], asked: argparse.Namespace) -> None:
    """Print the table, and put it into the page where one is named; exit code 1 where a call ended wrongly."""
    shown = table(calls)
    print(shown)
    print(f"{platform.machine()}, Python {platform.python_version()}, seed {asked.seed}")
    if asked.page:
        old = asked.page.read_text("utf-8")
        start, end = "<!-- attacks -->\n", "<!-- end of attacks -->"
        before, _, rest = old.partition(start)
        asked.page.write_text(f"{before}{start}\n{shown}\n\n{end}{rest.partition(end)[2]}", "utf-8")
    sys.exit(any(one.faults for one in calls))


if __name__ == "__main__":
    main()
