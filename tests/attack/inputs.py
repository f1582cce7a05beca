"""Bad input, generated: every column, key, option and file with values that no case has, each as a command to call.

An attack prepares a folder and says which command reads it. `must_refuse` marks values that no reader may believe; the
others may be refused or taken. What a column holds - numbers, times or words - is learned from the shipped files.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from ruamel.yaml import YAML

CASES = Path(__file__).parents[2] / "src" / "safeconduct" / "cases"
Words = tuple[str, ...]
IN_CASE = "case"  # the folder that an attack prepares, in its working folder

NUMBERS = {  # name -> text, whether no reader may believe it
    "integer of 400 digits": ("9" * 400, True),
    "1e308": ("1e308", True),
    "-1e308": ("-1e308", True),
    "NaN": ("nan", True),
    "infinite": ("inf", True),
    "negative": ("-7", False),
    "tiny": ("1e-300", False),
    "digits of another script": ("\u0661\u0662", False),
    "huge": ("1e15", False),
    "zero": ("0", False),
    "fraction": ("0.5", False),
    "empty": ("", False),
}
TIMES = {
    "year 1": ("0001-01-01T00:00+00:00", True),
    "year 9999": ("9999-12-31T23:59+00:00", True),
    "30 February": ("2030-02-30", True),
    "1e308": ("1e308", True),
    "integer of 400 digits": ("9" * 400, True),
    "offset of 99 hours": ("2030-05-06T10:00+99:00", True),
    "empty": ("", False),
}
TEXTS = {
    "NUL": ("a\0b", True),
    "escape sequence": ("a\x1b[2Jb", True),
    "C1 control": ("a\x9b31mb", False),
    "surrogate": ("a\udc80b", True),
    "4,000 characters": ("x" * 4000, False),
    "name of 26 digits": ("1" * 26, False),
    "reversed by U+202E": ("a\u202eb", False),
    "path out of the folder": ("../../../etc/passwd", False),
    "markup": ("<script>alert(1)</script>", False),
    "formula": ("=1+1", False),
    "empty": ("", False),
}
YAML_SHAPES: dict[str, object] = {
    "list": [1, 2],
    "mapping": {"a": 1},
    "nothing": None,
    "yes or no": True,
    "empty": "",
    "4,000 characters": "x" * 4000,
}


@dataclass(frozen=True)
class Attack:
    """One bad input: what it is, how it is made, and the command that gets it."""

    kind: str  # class of input, a row of the table
    what: str  # which column, key, option or file
    words: Words
    prepare: Callable[[Path], None]
    must_refuse: bool = False

    @property
    def command(self) -> str:
        """The command, with its sub-command."""
        return " ".join(self.words[:2]) if self.words[0] == "ledger" else self.words[0]


def nothing(folder: Path) -> None:
    """An attack that needs no file of its own."""


# ---- cases that are spoiled, and the commands that read them -------------------------------------------------------

AFTER_CHECK: dict[str, tuple[Words, ...]] = {  # file -> commands that read it, beside check
    "claims.csv": (
        ("monitor", IN_CASE),
        ("ledger", "list", "--case", IN_CASE),
        ("ledger", "conflicts", "--case", IN_CASE),
        ("ledger", "export", "--case", IN_CASE),
        ("story", IN_CASE),
        ("diff", IN_CASE, "--from", "2030-05-01", "--to", "2030-05-09"),
        ("forecast", IN_CASE, "--as-of", "2030-05-07T12:00+02:00", "--particles", "20", "--workers", "1"),
    ),
    "monitor.yaml": (("monitor", IN_CASE), ("story", IN_CASE)),
    "agreement.csv": (("monitor", IN_CASE),),
    "accounts.yaml": (("accounts", IN_CASE),),
    "story.yaml": (("story", IN_CASE),),
    "coupling.yaml": (("check", IN_CASE),),  # runs that draw from the game solve it first: some 15 CPU s
    "quantities.csv": (("monitor", IN_CASE), ("ledger", "list", "--case", IN_CASE)),
    "reporters.csv": (("monitor", IN_CASE),),
    "names.csv": (("monitor", IN_CASE),),
    "actions.csv": (("monitor", IN_CASE),),
    "actors.yaml": (("monitor", IN_CASE),),
}
SIMULATED = ("case.yaml", "places.csv", "routes.csv", "people.csv", "checkpoints.csv", "supplies.csv", "events.csv")
SIMULATING: tuple[Words, ...] = (
    ("run", IN_CASE, "--runs", "1", "--workers", "1", "--no-report"),
    ("run", IN_CASE, "--runs", "1", "--workers", "1"),
    ("export", IN_CASE, "--out", "out/export"),
    ("whatif", IN_CASE, "--runs", "1", "--workers", "1", "--no-report", "--set", "trust=0.5"),
)


def spoiled_files() -> Iterator[tuple[str, Path, Words]]:
    """Every file of the invented cases, with the command that checks the folder."""
    for case in ("demo-valley", "demo-ceasefire"):
        for path in sorted((CASES / case).rglob("*")):
            if path.suffix in (".csv", ".yaml"):
                yield case, path.relative_to(CASES / case), ("check", IN_CASE)
    for path in sorted((CASES / "comparators").glob("*.csv")):
        yield "comparators", path.relative_to(CASES / "comparators"), ("check", IN_CASE)


def readers_of(case: str, name: str) -> tuple[Words, ...]:
    """Commands beside check that read a file of a case."""
    if case == "comparators":
        return (("comparators", IN_CASE),)
    return AFTER_CHECK.get(name) or SIMULATING


def surely_reads(words: Words, name: str) -> bool:
    """Whether a command reads a file of a case for certain."""
    return words[0] in ("check", "comparators") or name in AFTER_CHECK or name in SIMULATED


def with_case(case: str, change: Callable[[Path], None]) -> Callable[[Path], None]:
    """Copy a shipped case into the working folder and change it."""

    def prepare(folder: Path) -> None:
        shutil.copytree(CASES / case, folder / IN_CASE)
        if case == "demo-ceasefire":  # its claims are those of the case beside it
            shutil.copytree(CASES / "demo-valley", folder / "demo-valley")
        change(folder / IN_CASE)

    return prepare


def parsed(path: Path) -> tuple[str, list[list[str]]]:
    """The comment above a table, and its rows, the header first."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    n = next(i for i, line in enumerate(lines) if not line.lstrip('"').startswith("#"))
    return "".join(lines[:n]), list(csv.reader(io.StringIO("".join(lines[n:]))))


def kind_of_column(cells: list[str]) -> dict[str, tuple[str, bool]]:
    """The values to try in a column: by what its filled cells hold."""
    filled = [cell for cell in cells if cell]
    if filled and all(re.fullmatch(r"[-+]?[\d.]+([eE]-?\d+)?|=\w+", cell) for cell in filled):
        return NUMBERS
    if filled and all(re.match(r"\d{4}-\d\d", cell) for cell in filled):
        return TIMES
    return TEXTS


def cell_set(name: Path, column: int, value: str) -> Callable[[Path], None]:
    """Put a value into a column of a table, in the first row that has that cell filled, else in the first."""

    def change(folder: Path) -> None:
        head, rows = parsed(folder / name)
        row = next((one for one in rows[1:] if one[column]), rows[1] if len(rows) > 1 else None)
        if row is not None:
            row[column] = value
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        (folder / name).write_bytes((head + out.getvalue()).encode("utf-8", "surrogateescape"))

    return change


def table_attacks() -> Iterator[Attack]:
    """Every column of every table with every value of its kind: checked, and read by one command in turn."""
    turn = 0
    for case, name, check in spoiled_files():
        if name.suffix != ".csv":
            continue
        _, rows = parsed(CASES / case / name)
        readers = readers_of(case, str(name))
        for column, heading in enumerate(rows[0]):
            is_said = heading == "clause" or (case == "comparators" and heading in ("start", "end"))  # words
            kind = TEXTS if is_said else kind_of_column([row[column] for row in rows[1:]])
            for value_name, (value, must) in kind.items():
                turn += 1
                words = check if turn % 2 else readers[turn // 2 % len(readers)]
                prepare = with_case(case, cell_set(name, column, value))
                sure = must and surely_reads(words, str(name))
                yield Attack(f"cell: {value_name}", f"{case}/{name}:{heading}", words, prepare, sure)


# ---- YAML ------------------------------------------------------------------------------------------------------------


def leaves(value: object, where: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Every value of a document, with its path."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*where, key))
    elif isinstance(value, list):
        yield where, value
        for n, one in enumerate(value[:1]):
            yield from leaves(one, (*where, n))
    else:
        yield where, value


def yaml_set(name: Path, where: tuple[str | int, ...], text: str) -> Callable[[Path], None]:
    """Put a text of YAML in place of a value of a document, which is written anew in flow style."""

    def change(folder: Path) -> None:
        document = YAML(typ="safe", pure=True).load((folder / name).read_text("utf-8"))
        at = document
        for key in where[:-1]:
            at = at[key]
        at[where[-1]] = "@@@"
        written = json.dumps(document, ensure_ascii=False, default=str).replace('"@@@"', text)
        (folder / name).write_bytes(written.encode("utf-8", "surrogateescape"))

    return change


def yaml_values(value: object) -> Iterator[tuple[str, str, bool]]:
    """Values to try in place of one of YAML: name, text, whether no reader may believe it."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        for name, (text, must) in NUMBERS.items():
            yield name, {"nan": ".nan", "inf": ".inf", "": '""'}.get(text, text), must
    elif isinstance(value, str) and not re.match(r"\d{4}-\d\d", value):
        for name, (text, must) in TEXTS.items():
            yield name, json.dumps(text, ensure_ascii=name in ("NUL", "escape sequence")), must
    elif value is not None and not isinstance(value, list):
        for name, (text, must) in TIMES.items():
            yield name, json.dumps(text), must
    for name, shape in YAML_SHAPES.items():
        if not isinstance(value, list) or name != "list":
            yield name, json.dumps(shape), False


def yaml_attacks() -> Iterator[Attack]:
    """Every key of every YAML file with values of its kind and of others."""
    turn = 0
    for case, name, check in spoiled_files():
        if name.suffix != ".yaml":
            continue
        document = YAML(typ="safe", pure=True).load((CASES / case / name).read_text("utf-8"))
        readers = readers_of(case, str(name))
        seen: set[tuple[str | int, ...]] = set()
        for where, value in leaves(document):
            like = tuple(one for one in where[:2]) + where[-1:]
            if where and like not in seen:
                seen.add(like)
                for value_name, text, must in yaml_values(value):
                    turn += 1
                    words = check if turn % 2 else readers[turn // 2 % len(readers)]
                    prepare = with_case(case, yaml_set(name, where, text))
                    what, sure = f"{case}/{name}:{'.'.join(map(str, where))}", must and surely_reads(words, str(name))
                    yield Attack(f"YAML: {value_name}", what, words, prepare, sure)


# ---- files that are no files, or torn --------------------------------------------------------------------------------


def bytes_set(make: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Change the bytes of a file."""
    return lambda path: path.write_bytes(make(path.read_bytes())) and None


def in_place_of(make: Callable[[Path], object]) -> Callable[[Path], None]:
    """Remove a file and make something else in its place."""

    def change(path: Path) -> None:
        path.unlink()
        make(path)

    return change


SPOILED: dict[str, tuple[Callable[[Path], None], bool]] = {
    "empty": (bytes_set(lambda old: b""), False),
    "cut off in the middle": (bytes_set(lambda old: old[: len(old) // 2]), False),
    "UTF-16": (bytes_set(lambda old: old.decode().encode("utf-16")), True),
    "Latin-1": (bytes_set(lambda old: old + "caf\u00e9".encode("latin-1")), True),
    "NUL bytes": (bytes_set(lambda old: old + b"\0" * 50), True),
    "random bytes": (bytes_set(lambda old: bytes(range(256)) * 40), True),
    "a workbook's first bytes": (bytes_set(lambda old: b"PK\x03\x04" + old), True),
    "open quote": (bytes_set(lambda old: old + b'"' + b"x" * 200_000), False),
    "line of 2 MB": (bytes_set(lambda old: old + b"y" * 2_000_000 + b"\n"), False),
    "500 kB of control characters": (bytes_set(lambda old: old + b"\x01" * 500_000), True),
    "10,000 headings": (bytes_set(lambda old: b"h," * 10_000 + b"\n" + old), False),
    "header twice": (bytes_set(lambda old: old + old), False),
    "carriage returns alone": (bytes_set(lambda old: old.replace(b"\n", b"\r")), False),
    "10 MB of line breaks": (bytes_set(lambda old: old + b"\n" * 10_000_000), False),
    "folder": (in_place_of(lambda path: path.mkdir()), True),
    "pipe": (in_place_of(os.mkfifo), True),
    "/dev/zero": (in_place_of(lambda path: path.symlink_to("/dev/zero")), True),
    "symlink to itself": (in_place_of(lambda path: path.symlink_to(path.name)), True),
    "symlink to nothing": (in_place_of(lambda path: path.symlink_to("nothing")), False),
    "no such file": (in_place_of(lambda path: None), False),
}


def file_attacks() -> Iterator[Attack]:
    """Every file of the cases spoiled as a whole."""
    turn = 0
    for case, name, check in spoiled_files():
        readers = readers_of(case, str(name))
        for kind, (spoil, must) in SPOILED.items():
            turn += 1
            words = check if turn % 2 else readers[turn // 2 % len(readers)]

            def change(folder: Path, spoil: Callable[[Path], None] = spoil, name: Path = name) -> None:
                spoil(folder / name)

            sure = must and surely_reads(words, str(name))
            yield Attack(f"file: {kind}", f"{case}/{name}", words, with_case(case, change), sure)


# ---- options ---------------------------------------------------------------------------------------------------------

BASES: dict[str, Words] = {  # a call of each command that is right but for the option that is tried
    "run": ("run", "demo-valley", "--runs", "1", "--workers", "1", "--no-report"),
    "whatif": ("whatif", "demo-valley", "--runs", "1", "--workers", "1", "--no-report", "--set", "trust=0.5"),
    "forecast": (
        "forecast", "demo-valley", "--as-of", "2030-05-07T12:00+02:00", "--particles", "20", "--workers", "1",
    ),
    "backtest": (
        "backtest", "demo-valley", "--origins", "2030-05-07T12:00+02:00", "--particles", "20", "--workers", "1",
    ),
    "fit": (
        "fit", "demo-valley", "--until", "2030-05-08T12:00+02:00", "--param", "trust", "--rounds", "1", "--per-round",
        "10", "--keep", "2", "--workers", "1", "--out", "out/fit",
    ),
    "fit-phases": ("fit-phases", "demo-ceasefire", "--runs", "10", "--keep", "2", "--workers", "1", "--out", "out/fit"),
    "explain": ("explain", "demo-valley", "--quick"),
    "sensitivity": (
        "sensitivity", "demo-valley", "--paths", "2", "--rows", "2", "--keep", "1", "--workers", "1",
    ),
    "monitor": ("monitor", "demo-valley"),
    "story": ("story", "demo-valley"),
    "diff": ("diff", "demo-valley", "--from", "2030-05-01", "--to", "2030-05-09"),
    "accounts": ("accounts", "demo-valley"),
    "comparators": ("comparators",),
    "export": ("export", "demo-valley", "--out", "out/export"),
    "check": ("check", "demo-valley"),
    "cases": ("cases",),
    "convert": ("convert", "flee", "out/converted"),
    "new": ("new", "out/made", "--people", "people.csv", "--roads", "roads.csv", "--no-measure"),
    "read": ("read", "article.txt", "--case", "demo-valley", "--no-parser"),
    "desk": ("desk", "out/desk", "--no-browser", "--host", "127.0.0.1", "--add-person", "nobody"),
    "ledger list": ("ledger", "list", "--case", "demo-valley"),
    "ledger show": ("ledger", "show", "deaths", "--case", "demo-valley"),
    "ledger conflicts": ("ledger", "conflicts", "--case", "demo-valley"),
    "ledger trace": ("ledger", "trace", "nothing", "--case", "demo-valley"),
    "ledger export": ("ledger", "export", "--case", "demo-valley"),
    "ledger import": ("ledger", "import", "reports.csv", "--case", "case", "--dry-run"),
}  # fmt: skip
INTEGERS = ("9" * 400, "-1", "1e6", "nan", "", "1000000000000", "1.5", "0x10", "\u0661")
REALS = ("9" * 400, "nan", "inf", "-inf", "1e308", "-1", "", "1e-320", "1,5")
MOMENTS = (
    "0001-01-01T00:00+00:00", "9999-12-31T23:59+00:00", "2030-02-30", "2030-05-06T10:00", "now", "", "9" * 400,
    "0001-01-01", "9999-12-31",
)  # fmt: skip
STRINGS = ("a\udc80b", "a\x1b[2Jb", "x" * 4000, "", "--", "../../etc", "=1+1", "a=", "=", "trust=nan", "trust=1e308")
PATHS = (
    "nothing-here",
    "article.txt",
    "pipe",
    "loop",
    "/dev/zero",
    "/dev/null",
    "x" * 4000,
    "",
    "a\udc80b",
    "/proc",
    "deep",
)


def with_files(folder: Path) -> None:
    """What the calls in `BASES` name, and things that are no files."""
    shutil.copytree(CASES / "demo-valley", folder / IN_CASE)
    (folder / "people.csv").write_text("name,lat,lon,people\nUpper,46.6,10.1,900\nLower,46.5,10.2,800\n")
    (folder / "roads.csv").write_text("from,to,km\nUpper,Lower,12\n")
    (folder / "article.txt").write_text("On 6 May 2030 the guard said 40 people were hurt in Upper Village.\n")
    (folder / "reports.csv").write_text("reporter,source_title\nOne office,assumed\n")
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to("loop")
    (folder / "deep").mkdir()
    (folder / "deep" / "case.yaml").write_text("a: " + "[" * 5000)
    flee(folder / "flee")


def flee(folder: Path) -> None:
    """A small folder in Flee's format."""
    (folder / "input_csv").mkdir(parents=True)
    (folder / "source_data").mkdir()
    tables = {
        "locations.csv": "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
        "A,r,c,10.0,20.0,conflict_zone,0,100000\nB,r,c,10.5,20.5,town,,20000\nZ,r,d,11.0,21.0,camp,,5000\n",
        "routes.csv": "#name1,name2,distance,forced_redirection\nA,B,80,0\nB,Z,90,0\n",
        "closures.csv": "#closure_type,name1,name2,closure_start,closure_end\n",
        "conflicts.csv": "#Day,A\n0,1\n1,1\n2,1\n",
        "registration_corrections.csv": "",
        "sim_period.csv": "StartDate,2013-01-01\nLength,3\n",
    }
    for name, text in tables.items():
        (folder / "input_csv" / name).write_text(text)
    (folder / "source_data" / "data_layout.csv").write_text("total,refugees.csv\nZ,d-z.csv\n")
    (folder / "source_data" / "refugees.csv").write_text("2013-01-01,0\n2013-01-04,100\n")
    (folder / "source_data" / "d-z.csv").write_text("2013-01-01,0\n2013-01-04,100\n")


def commands() -> dict[str, click.Command]:
    """Every command and sub-command by its words."""
    from safeconduct.app import main

    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    ledger = found.pop("ledger")
    assert isinstance(ledger, click.Group)
    return {k: v for k, v in (*found.items(), *((f"ledger {n}", c) for n, c in ledger.commands.items())) if v}


def option_attacks() -> Iterator[Attack]:
    """Every option and argument of every command with values of its kind."""
    for name, command in commands().items():
        base = BASES.get(name, (*name.split(), "demo-valley"))
        for one in command.params:
            if isinstance(one, click.Option) and not one.is_flag:
                for kind, value in values_of(one):
                    yield Attack(
                        f"option: {kind}", f"{name} {one.opts[-1]}", (*base, f"{one.opts[-1]}={value}"), with_files
                    )
            elif isinstance(one, click.Argument):
                first = 2 if name.startswith("ledger ") else 1
                for value in (*PATHS, "<script>"):
                    words = (*base[:first], value, *base[first + 1 :]) if len(base) > first else (*base, value)
                    yield Attack("option: odd path or name", f"{name} {one.name}", words, with_files)


def values_of(one: click.Option) -> Iterator[tuple[str, str]]:
    """Values to try for an option, by its type and by the word for what it takes."""
    kind, metavar = one.type, one.metavar or ""
    if isinstance(kind, click.types.IntParamType | click.IntRange):
        return (("odd count", value) for value in INTEGERS)
    if isinstance(kind, click.types.FloatParamType | click.FloatRange):
        return (("odd number", value) for value in REALS)
    if isinstance(kind, click.Path) or metavar in ("FILE", "FOLDER", "CASE"):
        return (("odd path or name", value) for value in PATHS)
    if "TIME" in metavar or "DAY" in metavar:
        return (("odd time", value) for value in MOMENTS)
    return (("odd text", value) for value in STRINGS)


# ---- much work -------------------------------------------------------------------------------------------------------


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Replace a text of a file, which must be there."""

    def change(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text, f"{name} has no {old}"
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return change


def all_of(*changes: Callable[[Path], None]) -> Callable[[Path], None]:
    """Several changes, in order."""

    def change(folder: Path) -> None:
        for one in changes:
            one(folder)

    return change


def claims_added(n: int, row: Callable[[int], dict[str, str]]) -> Callable[[Path], None]:
    """Add rows to the claims of a case, with the columns that they need."""

    def change(folder: Path) -> None:
        head, rows = parsed(folder / "claims.csv")
        more = [name for name in row(1) if name not in rows[0]]
        header = [*rows[0], *more]
        out = io.StringIO()
        write = csv.writer(out, lineterminator="\n")
        write.writerows([header, *([*old, *[""] * len(more)] for old in rows[1:])])
        write.writerows([[row(i).get(name, "") for name in header] for i in range(n)])
        (folder / "claims.csv").write_text(head + out.getvalue(), "utf-8")

    return change


def figure(i: int, **more: str) -> dict[str, str]:
    """A claim that gives a figure."""
    return {
        "id": f"k{i}", "reporter": "Lakes radio (invented)", "published": "2030-05-08", "source_title": "assumed",
        "kind": "figure", "quantity": "cum_arrivals_persons", "best": str(i + 1), "unit": "persons",
        "time": "2030-05-07T14:00+02:00", "place": "pass_gate",
    } | more  # fmt: skip


def appended(name: str, text: bytes) -> Callable[[Path], None]:
    """Add bytes to a file."""

    def change(folder: Path) -> None:
        with (folder / name).open("ab") as file:
            file.write(text)

    return change


PRIOR_OUT = replaced("case.yaml", "    prior: {normal: [4000, 300]}\n", "")


def work_attacks() -> Iterator[Attack]:
    """Cases that ask for more work or memory than a machine has, and rings."""
    changes: dict[str, Callable[[Path], None]] = {
        "10^12 persons": all_of(PRIOR_OUT, replaced("case.yaml", "value: 4000", "value: 1000000000000")),
        "10^9 persons": all_of(PRIOR_OUT, replaced("case.yaml", "value: 4000", "value: 1000000000")),
        "10^7 convoys": appended(
            "events.csv",
            b"big,2030-05-07T08:00+02:00,convoy,middle,10000000,pass_gate,1,invented,assumed,\n",
        ),
        "10^7 buses of a shuttle": appended(
            "events.csv",
            b"big,2030-05-07T08:00+02:00,shuttle,middle,10000000,pass_gate,1,invented,assumed,\n",
        ),
        "ten years of one-minute steps": all_of(
            replaced("case.yaml", "step_minutes: 30", "step_minutes: 1"),
            replaced("case.yaml", "end: 2030-05-09", "end: 2040-05-03"),
        ),
        "checkpoint of 10^-9 seconds": replaced("checkpoints.csv", ",2,20,", ",1000,0.000000001,"),
        "YAML comment of 200 MB": lambda folder: appended("case.yaml", b"#" + b"c" * 200_000_000)(folder),
        "YAML of 50 MB of line breaks": lambda folder: appended("case.yaml", b"\n" * 50_000_000)(folder),
        "YAML list of 20 MB": lambda folder: appended("case.yaml", b"more: [" + b"1," * 10_000_000 + b"1]\n")(folder),
        "YAML nested 100,000 deep": appended("case.yaml", b"more: " + b"[" * 100_000),
        "YAML aliases that multiply": appended(
            "case.yaml",
            b"more:\n  a: &a [x,x,x,x,x,x,x,x,x]\n"
            + b"".join(b"  %c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 9)) for c in range(98, 110)),
        ),
        "retelling chain of 20,000": claims_added(
            20_000, lambda i: figure(i, best="7", retells=f"k{i - 1}" if i else "")
        ),
        "ring of retelling": claims_added(3, lambda i: figure(i, best="7", retells=f"k{(i + 1) % 3}")),
        "ring of supersession": claims_added(3, lambda i: figure(i, supersedes=f"k{(i + 1) % 3}")),
        "claim that supersedes itself": claims_added(1, lambda i: figure(i, supersedes="k0")),
        "2,000 claims of one quantity": claims_added(2_000, figure),
        "until before time": claims_added(1, lambda i: figure(i, until="2030-05-01")),
        "more killed than people live": claims_added(1, lambda i: figure(i, killed_persons="1e15")),
        "road closed for 10^9 days": claims_added(1, lambda i: figure(i, road_out="everyone", road_days="1e9")),
        "claims outside the folder": appended("case.yaml", b"claims: ../../../etc\n"),
    }  # fmt: skip
    refused = {"YAML", "ring", "until", "more killed", "road closed", "claim that", "claims outside", "10^12"}
    for what, change in changes.items():
        must = any(what.startswith(one) for one in refused)
        for words in (
            ("check", IN_CASE),
            SIMULATING[0],
            ("monitor", IN_CASE),
            ("ledger", "conflicts", "--case", IN_CASE),
        ):
            is_read = words[0] != "ledger" or "claim" in what or "retelling" in what or "supersession" in what
            if is_read and not (what.startswith("10^") and words[0] == "monitor"):
                sure = must and words[0] == "check" and not what.startswith("10^")
                yield Attack("much work, or a ring", what, words, with_case("demo-valley", change), sure)


def flee_attacks() -> Iterator[Attack]:
    """Every cell of a folder in Flee's format."""
    for values, kind in ((NUMBERS, "number"), (TEXTS, "text")):
        for table, line, column, what in (
            ("locations.csv", 1, 7, "population"), ("locations.csv", 1, 3, "latitude"),
            ("routes.csv", 1, 2, "distance"), ("locations.csv", 3, 7, "capacity"),
            ("locations.csv", 1, 6, "conflict_date"), ("locations.csv", 1, 0, "name"),
            ("locations.csv", 1, 5, "type"), ("routes.csv", 1, 3, "forced_redirection"),
            ("routes.csv", 1, 0, "name1"), ("conflicts.csv", 1, 1, "intensity"),
            ("sim_period.csv", 1, 1, "Length"), ("sim_period.csv", 0, 1, "StartDate"),
        ):  # fmt: skip
            for name, (value, must) in values.items():
                if (kind == "text") == (what in ("name", "name1", "type", "StartDate")):

                    def prepare(
                        folder: Path, table: str = table, line: int = line, column: int = column, value: str = value
                    ) -> None:
                        flee(folder / IN_CASE)
                        path = folder / IN_CASE / "input_csv" / table
                        rows = [one.split(",") for one in path.read_text().splitlines()]
                        rows[line][column] = value
                        path.write_bytes(
                            "\n".join(",".join(r) for r in rows).encode("utf-8", "surrogateescape") + b"\n"
                        )

                    for words in (("check", IN_CASE), SIMULATING[0]):
                        yield Attack(f"Flee: {name}", f"{table}:{what}", words, prepare, must and words[0] == "check")


def import_attacks() -> Iterator[Attack]:
    """Spoiled tables given to `new`, `ledger import` and `read`."""
    for name, words in (
        ("people.csv", BASES["new"]), ("roads.csv", BASES["new"]), ("reports.csv", BASES["ledger import"]),
        ("article.txt", BASES["read"]),
    ):  # fmt: skip
        for kind, (spoil, must) in SPOILED.items():

            def prepare(folder: Path, spoil: Callable[[Path], None] = spoil, name: str = name) -> None:
                with_files(folder)
                spoil(folder / name)

            sure = must and name != "article.txt"
            yield Attack(f"file: {kind}", f"{words[0]} {name}", words, prepare, sure)
        if name.endswith(".csv"):
            head = {"people.csv": 4, "roads.csv": 3, "reports.csv": 2}[name]
            for column in range(head):
                for kind, (value, must) in (NUMBERS | TEXTS).items():

                    def cell(folder: Path, name: str = name, column: int = column, value: str = value) -> None:
                        with_files(folder)
                        cell_set(Path(name), column, value)(folder)

                    sure = must and value.isascii() and kind in ("NUL", "escape sequence", "surrogate")
                    yield Attack(f"cell: {kind}", f"{words[0]} {name}:{column}", words, cell, sure)


def all_attacks() -> list[Attack]:
    """All of them, in a fixed order."""
    return [
        *work_attacks(), *option_attacks(), *flee_attacks(), *import_attacks(), *file_attacks(), *table_attacks(),
        *yaml_attacks(),
    ]  # fmt: skip
