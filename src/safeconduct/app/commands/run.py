"""run: simulate a case many times and write a report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from safeconduct.app.options import progress_bar, typed_command, without_search_for_garbage
from safeconduct.app.panels import any_size_option, command, gathered
from safeconduct.app.study_options import FOLDER, StudyOptions, game_options, kept_part, study_options
from safeconduct.app.tables import say
from safeconduct.terms import UsageError

ACTS = "Parties' acts drawn from the game, with --actors strategic"
WINDOW = "A window on the case"


@command()
@click.argument("case")
@study_options(out="out/CASE")
@gathered(
    "--actors", type=click.Choice(["recorded", "strategic"]), default="recorded", under=ACTS,
    help="strategic: the parties act by the case's coupling.yaml; such runs are no planning figures.",
)  # fmt: skip
@gathered("--from", "since", default="", metavar="TIME", under=WINDOW, help="Write what follows this time.")
@gathered("--until", default="", metavar="TIME", under=WINDOW, help="End the runs at this time.")
@gathered(
    "--start-from", type=FOLDER, under=WINDOW,
    help="Finished runs of the longer case that starts.yaml of CASE names: start from the state that they reached.",
)  # fmt: skip
@game_options(under=ACTS)
@any_size_option
def run(
    asked: StudyOptions,
    case: str,
    actors: str,
    since: str,
    until: str,
    start_from: Path | None,
    coding: str,
    account: str,
    belief_as_trust: bool,
) -> None:
    """Simulate CASE (a folder, or the name of a shipped case) and write a report."""
    of_game = {"--coding": coding, "--account": account, "--belief-as-trust": belief_as_trust}
    asked.needs("--actors strategic", is_given=actors == "strategic", options=of_game)
    with without_search_for_garbage():
        from safeconduct import api

    with asked.mistakes:
        if start_from and (asked.sample or asked.from_priors):
            raise UsageError("--start-from gives the values; expected neither --sample nor --from-priors beside it.")
    folder = asked.out_folder(api.out_folder(case))
    request = replace(
        asked.request(case), since=since, until=until, start_from=start_from,
        is_strategic=actors == "strategic", coding=coding, account=account, belief_as_trust=belief_as_trust,
    )  # fmt: skip
    with api.output(folder, case):
        with progress_bar("Simulating") as progress:
            runs = api.run(request, watch=asked.watch(progress), store=folder / api.STORE, resume=asked.resume)
        if asked.part:
            say(kept_part(asked.part, len(runs), folder))
            return
        written = runs.write(folder, report=not asked.no_report, command=typed_command())
    with without_search_for_garbage():  # what lives now, lives until the process ends
        for line in runs.sentences():
            say(line)
        click.echo(f"{'Tables' if asked.no_report else 'Report'}: {written}")
