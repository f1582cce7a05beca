"""The parts of the documentation that are read from the code, so that they cannot disagree with it.

In a page, ```{from-code} NAME``` stands for the Markdown that the function of that name gives below. House
tests call the same functions.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
NOT_THEORY = ("test_case_", "test_findings_")  # tests of reading and writing, told on other pages


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def first_sentence(text: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((text or "").strip().split("\n\n")[0].split())


def one_step() -> str:
    """The phases of a step, in order, each with what it says of itself."""
    from safeconduct.engine import ORDER

    return table(
        ("", "Phase", "What it does"),
        ((turn, f"`{phase.__name__}`", first_sentence(phase.__doc__)) for turn, phase in enumerate(ORDER, start=1)),
    )


def parameters() -> str:
    """Every parameter of the model, with unit, prior and source, and how many are assumed."""
    from safeconduct.scenario import MODEL_PARAMETERS, TIMELINE_PARAMETERS

    every = (*MODEL_PARAMETERS, *TIMELINE_PARAMETERS)  # the second only in a case with phases
    n_assumed = sum(parameter.is_assumed for parameter in every)
    rows = (
        (f"`{p.name}` {p.note}", f"{p.value:g} {p.unit if p.unit != '1' else ''}", _shown(p.prior), p.source)
        for p in every
    )
    told = f"{n_assumed} of the {len(every)} parameters are assumed: they have no published source."
    return told + "\n\n" + table(("Name, and what it is", "Value", "Prior", "Source"), rows)


def _shown(prior: Any) -> str:
    return "" if prior.kind == "fixed" else str(prior)


def open_places() -> str:
    """Every comment of the source that starts with OPEN: what its author was not sure of."""
    rows = list(_open_comments())
    return table(("Where", "What is open"), rows) if rows else "No place in the source is marked open."


def _open_comments() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "src").rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if "OPEN:" in line:
                yield f"`{path.relative_to(ROOT / 'src')}:{number}`", line.split("OPEN:", 1)[1].strip()


def known_answers() -> str:
    """The tests against theory: one table a file, each test by what it says of itself."""
    parts = []
    for path in sorted((ROOT / "tests" / "known").glob("test_*.py")):
        if path.name.startswith(NOT_THEORY):
            continue
        module = ast.parse(path.read_text(encoding="utf-8"))
        tests = [node for node in module.body if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_"]
        rows = ((_words(test.name), first_sentence(ast.get_docstring(test))) for test in tests)
        parts.append(f"**`{path.name}`.** {first_sentence(ast.get_docstring(module))}\n\n")
        parts.append(table(("Test", "Setting and tolerance"), rows) + "\n\n")
    return "".join(parts)


def _words(name: str) -> str:
    return name.removeprefix("test_").replace("_", " ")


def road_bottlenecks() -> str:
    """The engine beside UXsim at one bottleneck."""
    import answers

    head = (
        "Bottleneck: where, vehicles an hour, departures",
        "Vehicles",
        "UXsim, hours",
        "Engine, hours",
        "Arrivals apart",
    )
    return table(head, answers.bottlenecks())


def road_merges() -> str:
    """The engine beside UXsim where a queue grows back past a junction, with UXsim's own error."""
    import answers

    head = ("Case, side road's turns", "Town", "Vehicles", "UXsim, hours", "Engine, hours", "Arrivals apart")
    return table(head, answers.merges())


def road_picture() -> str:
    """Arrivals at two merges as a picture."""
    import answers

    return f"<div>\n{answers.arrivals_picture()}\n</div>"


def cascade_picture() -> str:
    """The share that leaves by threat, theory and engine, as a picture."""
    import answers

    return f"<div>\n{answers.cascade_picture()}\n</div>"


def observation_rules() -> str:
    """The rules by which claims become observations."""
    return _rules("observe")


def publication_rules() -> str:
    """The rules by which a time of publication is found."""
    return _rules("publication")


def conflict_rules() -> str:
    """When two reports disagree, by kind of quantity."""
    return _rules("conflicts")


def _rules(module: str) -> str:
    """The table of rules in the docstring of a module of the ledger: a word, two or more spaces, a text."""
    source = (ROOT / f"src/safeconduct/ledger/{module}.py").read_text(encoding="utf-8")
    told = ast.get_docstring(ast.parse(source)) or ""
    rows: list[list[str]] = []
    for line in told.splitlines():
        word, _, text = line.strip().partition("  ")
        if text and not line.startswith("    "):
            rows.append([f"**{word}**", text.strip()])
        elif rows and line.startswith("    "):
            rows[-1][1] += " " + line.strip()
    return table(("Rule", "What it says"), rows)


def ledger_tables() -> str:
    """The reviewed tables beside the claims, column by column."""
    from safeconduct.ledger import VOCABULARY_TABLES

    return _columns(VOCABULARY_TABLES)


def foreign_formats() -> str:
    """The formats of other people's tables, how each is told, and where its column names were found."""
    from safeconduct.ledger import formats

    rows = (
        (f"`{one.name}`", one.title, ", ".join(f"`{name}`" for name in one.needs), one.found_in) for one in formats()
    )
    return table(("Name", "Format", "Told by the headings", "Columns found in"), rows)


def heading_table() -> str:
    """The columns of a header mapping."""
    from safeconduct.ledger import HEADINGS

    return _columns((HEADINGS,))


def commands() -> str:
    """Every command with its help, arguments and options, as the command line itself gives them."""
    return "\n\n".join(_command(name, command) for name, command in command_tree())


def command_tree() -> list[tuple[str, Any]]:
    """Every command that does something, by its full name."""
    import click

    from safeconduct.app import main

    def below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        if not isinstance(command, click.Group):
            yield name, command
            return
        with click.Context(command) as context:
            for part in command.list_commands(context):
                child = command.get_command(context, part)
                if child is not None and not child.hidden:
                    yield from below(f"{name} {part}", child)

    return list(below("safeconduct", main))


def _command(name: str, command: Any) -> str:
    import click

    from safeconduct.app.panels import FIRST, by_heading

    context = click.Context(command, help_option_names=["-h", "--help"])  # a command keeps the first it is given
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    usage = " ".join([name, *(p.make_metavar(context) for p in arguments)])
    parts = [f"**`{usage}`**\n\n{(command.help or '').strip()}"]
    for heading, options in by_heading(command, context).items():
        told = [p for p in options if p is not command.get_help_option(context)]
        rows = [(f"`{', '.join(p.opts)}{_takes(p, context)}`", _helped(p)) for p in told]
        if rows:
            parts.append(table(("Option" if heading == FIRST else heading, "What it does"), rows))
    return "\n\n".join(parts)


def _takes(option: Any, context: Any) -> str:
    return "" if option.is_flag else " " + option.make_metavar(context).replace("INTEGER RANGE", "N")


def _helped(option: Any) -> str:
    return f"{option.help or ''}{f' Default {option.default}.' if option.show_default else ''}"


def monitor_tables() -> str:
    """The tables that only the monitor reads, column by column."""
    from safeconduct.monitor import MONITOR_TABLES

    return _columns(MONITOR_TABLES)


def comparator_tables() -> str:
    """The tables of other ceasefires, column by column."""
    from safeconduct.comparators import CEASEFIRE_TABLES

    return _columns(CEASEFIRE_TABLES)


def _columns(tables: Iterable[Any]) -> str:
    parts = []
    for one in tables:
        rows = ((f"`{c.name}`", c.need.value, c.unit or "-", c.meaning) for c in one.columns)
        parts.append(f"**`{one.file}`.** {one.about}\n\n" + table(("column", "", "unit", "meaning"), rows))
    return "\n\n".join(parts)


def monitor_categories() -> str:
    """Who may pass, as the calendar words it."""
    from safeconduct.ledger import PASSES

    return table(("word", "who"), ((f"`{word}`", who) for word, who in PASSES.items()))


def new_tables() -> str:
    """The tables that `new` reads: columns, what they mean, and other headings under which each is known."""
    from safeconduct.scenario.build.links import LINKS_TABLE
    from safeconduct.scenario.build.places import PEOPLE_TABLE, SITES_TABLE

    parts = []
    for option, one in (("--people", PEOPLE_TABLE), ("--crossings", SITES_TABLE), ("--roads", LINKS_TABLE)):
        rows = (
            (f"`{c.name}`", c.need.value, c.unit or "-", c.meaning, ", ".join(one.also.get(c.name, "").split()))
            for c in one.columns
        )
        parts.append(f"**`{option}`.** {one.about}\n\n" + table(("column", "", "unit", "meaning", "also headed"), rows))
    return "\n\n".join(parts)


def new_defaults() -> str:
    """What `new` fills in, with its range and source."""
    from safeconduct.scenario import filled_in

    rows = ((f"`{p.name}` {p.note}", f"{p.value:g} {p.unit if p.unit != '1' else ''}", str(p.prior), p.source)
            for p in filled_in().values())  # fmt: skip
    return table(("Name, and what it is", "Value", "Prior", "Source"), rows)


SECTIONS = {
    f.__name__: f
    for f in (
        one_step,
        parameters,
        open_places,
        known_answers,
        road_bottlenecks,
        road_merges,
        road_picture,
        cascade_picture,
        observation_rules,
        publication_rules,
        conflict_rules,
        ledger_tables,
        foreign_formats,
        heading_table,
        monitor_tables,
        comparator_tables,
        monitor_categories,
        new_tables,
        new_defaults,
        commands,
    )
}


def setup(app: Any) -> dict[str, bool]:
    """Give Sphinx the directive `from-code`."""
    from docutils import nodes
    from docutils.statemachine import StringList
    from sphinx.util.docutils import SphinxDirective

    class FromCode(SphinxDirective):
        """Put in what a function of this file gives."""

        required_arguments = 1

        def run(self) -> list[Any]:
            """Parse the section's Markdown where the directive stands."""
            self.env.note_reread()  # the code may have changed though the page has not
            holder = nodes.container()
            lines = SECTIONS[self.arguments[0]]().splitlines()
            self.state.nested_parse(StringList(lines, source=self.arguments[0]), self.content_offset, holder)
            return holder.children

    app.add_directive("from-code", FromCode)
    return {"parallel_read_safe": True}
