"""Call every command on generated bad input and say how each call ended: python benchmarks/attack.py [--most 2500].

    --most N       how many attacks, spread over all classes and commands [2500]; 0 = all
    --only TEXT    only those whose class, subject or command holds this text
    --seed N       which of them [0]
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
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "attack"))
from forked import Ended, ended, warm
from inputs import BASES, SIMULATING, Attack, all_attacks, with_files


def chosen(most: int, seed: int, only: str) -> list[Attack]:
    """Attacks spread evenly over classes and commands: one of each in turn until there are enough."""
    found = [one for one in all_attacks() if only in f"{one.kind} {one.what} {' '.join(one.words)}"]
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


def row_of(kind: str, calls: list[Ended]) -> str:
    """A row of the table: how the calls of a class ended."""
    n_refused = sum(one.code == 2 for one in calls)
    n_taken = sum(one.code == 0 for one in calls)
    wrong = Counter(fault for one in calls for fault in one.faults)
    told = "; ".join(f"{fault} {n}" for fault, n in wrong.most_common()) or "none"
    cpu, peak = max(one.cpu_seconds for one in calls), max(one.peak_bytes for one in calls)
    n_wrong = sum(bool(one.faults) for one in calls)
    return f"| {kind} | {len(calls)} | {n_refused} | {n_taken} | {n_wrong} | {told} | {cpu:.1f} | {peak / 2**20:,.0f} |"


def table(calls: list[Ended]) -> str:
    """The table of classes."""
    by_kind: dict[str, list[Ended]] = defaultdict(list)
    for one in calls:
        by_kind[one.attack.kind].append(one)
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
    parser.add_argument("--rows", type=Path, help="write each call as a line of JSON there")
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    warm()
    calls: list[Ended] = []
    with tempfile.TemporaryDirectory() as place:
        for words in (
            *BASES.values(),
            ("run", "flee", *SIMULATING[0][2:]),
        ):  # machine code is compiled once, which no bad input is to blame for
            ended(Attack("", "", words, with_files), Path(place))
        for number, attack in enumerate(chosen(asked.most, asked.seed, asked.only)):
            one = ended(attack, Path(place), is_forked=number % 25 != 24)
            calls.append(one)
            line = {
                "kind": attack.kind, "what": attack.what, "words": [w[:80] for w in attack.words], "code": one.code,
                "cpu": round(one.cpu_seconds, 2), "mib": one.peak_bytes >> 20, "faults": one.faults,
                "left": one.left[:5], "err": one.err[-600:],
            }  # fmt: skip
            if asked.rows:
                with asked.rows.open("a") as file:
                    file.write(json.dumps(line) + "\n")
            if asked.show and one.faults:
                print(json.dumps(line, indent=1), flush=True)
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
