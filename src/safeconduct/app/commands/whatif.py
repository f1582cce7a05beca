"""whatif: a case as it stands beside the same with something changed, run by run with common draws."""

from __future__ import annotations

from dataclasses import replace

import click

from safeconduct.app.options import named_values, progress_bar, typed_command, without_search_for_garbage
from safeconduct.app.panels import any_size_option, command, gathered
from safeconduct.app.study_options import StudyOptions, game_options, kept_part, study_options
from safeconduct.app.tables import json_option, print_table, say, tell
from safeconduct.terms import UsageError

PAIRS = "Two worlds"
ACTS = "An act of a party, with --do"


@command()
@click.argument("case")
@study_options(out="out/CASE-whatif")
@gathered(
    "--hold", "held", multiple=True, metavar="PARAM=VALUE", under=PAIRS,
    help="One value of a parameter in both worlds; --set, --event, --routes and --do change the second one only.",
)  # fmt: skip
@gathered(
    "--at", "times", multiple=True, metavar="TIME", under=PAIRS,
    help="Report arrivals at this time; default: after each quarter of the period.",
)  # fmt: skip
@gathered(
    "--do", default="", metavar="PARTY.ACT@TIME", under=ACTS,
    help="Set an act, such as guard.words@2030-05-06T10:00+02:00; what follows in the game is played. "
    "In a case with phases, acts of its act_effects.csv, several joined by +.",
)  # fmt: skip
@gathered(
    "--declared", is_flag=True, under=ACTS,
    help="Every act of the case's counterfactuals.yaml, each in a folder of its own.",
)  # fmt: skip
@game_options(under=ACTS)
@json_option(under=PAIRS)
@any_size_option
def whatif(
    asked: StudyOptions,
    case: str,
    held: tuple[str, ...],
    times: tuple[str, ...],
    do: str,
    declared: bool,
    coding: str,
    account: str,
    belief_as_trust: bool,
) -> None:
    """Simulate CASE as it stands and with something changed, and report the difference within each pair of runs."""
    of_game = {"--coding": coding, "--account": account, "--belief-as-trust": belief_as_trust}
    asked.needs("--do PARTY.ACT@TIME", is_given=bool(do), options=of_game)
    with without_search_for_garbage():
        from safeconduct import api
        from safeconduct.ledger import Table

    folder = asked.out_folder(api.out_folder(case, "-whatif"))
    request = replace(
        asked.request(case), held=named_values(held, "--hold", "PARAM=VALUE", asked.mistakes),
        coding=coding, account=account, belief_as_trust=belief_as_trust,
    )  # fmt: skip
    with asked.mistakes:
        if do and declared:
            raise UsageError("--do and --declared exclude each other; expected one of them; leave one out.")
    with api.output(folder, case):
        if declared:
            with progress_bar("Simulating all worlds") as progress:
                watch, store = asked.watch(progress), folder / api.STORE
                every = api.whatif_declared(request, watch=watch, store=store, resume=asked.resume)
            if asked.part:
                say(kept_part(asked.part, min(one.found.n_pairs for one in every.worlds.values()), folder))
                return
            tables = every.write(folder, command=typed_command())
            for line in every.assumed():
                say(line)
            heads, rows = every.rows()
            print_table(Table("Who would still live inside at the end", heads[:-1], tuple(row[:-1] for row in rows)))
            for line in every.depends():
                say(line)
            tell(f"Tables: {tables}")
            return
        if do and api.has_phases(case):
            with progress_bar("Simulating both worlds") as progress:
                watch, store = asked.watch(progress), folder / api.STORE
                worlds = api.whatif_acts(request, do, watch=watch, store=store, resume=asked.resume)
            if asked.part:
                say(kept_part(asked.part, worlds.found.n_pairs, folder))
                return
            tables = worlds.write(folder, command=typed_command())
            for line in worlds.said():
                say(line)
            tell(f"Tables: {tables}")
            return
        with progress_bar("Simulating both worlds") as progress:
            watch, store = asked.watch(progress), folder / api.STORE
            found = api.whatif(request, do=do, times=times, watch=watch, store=store, resume=asked.resume)
        if asked.part:
            say(kept_part(asked.part, len(found), folder))
            return
        written = found.write(folder, report=not asked.no_report, command=typed_command())
    head, table, tail = found.said()
    for sentence in head:
        say(sentence)
    if table.rows:
        print_table(table)
    for sentence in tail:
        say(sentence)
    tell(f"{'Tables' if asked.no_report else 'Report'}: {written}")
