"""run: simulate a case many times and write a report."""

from __future__ import annotations

from pathlib import Path

import click

from safeconduct.app.options import (
    event_times,
    named_values,
    only_with,
    progress_bar,
    typed_command,
    without_search_for_garbage,
)


@click.command()
@click.argument("case")
@click.option("--runs", "n_runs", default=200, show_default=True, type=click.IntRange(1), help="How many runs.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Same seed, same result.")
@click.option("--workers", default=0, type=click.IntRange(0), help="Processes at a time; 0 = one per core.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Output folder; default out/CASE.")
@click.option("--set", "values", multiple=True, metavar="PARAM=VALUE", help="Hold a parameter at a value.")
@click.option("--event", "events", multiple=True, metavar="ID.time=TIME", help="Move an event to another time.")
@click.option("--routes", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Roads to add or replace.")
@click.option("--from-priors", is_flag=True, help="Draw parameters from their priors, not from the fitted sample.")
@click.option("--sample", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder from fit --out.")
@click.option("--no-report", is_flag=True, help="Write the tables, but no report.html.")
@click.option("--compat", type=click.Choice(["flee"]), help="Folders in Flee's format: copy all that is odd in Flee.")
@click.option("--hasten", default=0, type=click.IntRange(0), help="Such folders: persons an agent stands for.")
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Such folders: the counts.")
@click.option(
    "--actors",
    type=click.Choice(["recorded", "strategic"]),
    default="recorded",
    help="strategic: parties' acts are drawn from the game, for the case's coupling.yaml; no planning figures.",
)
@click.option("--coding", default="", help="With --actors strategic: the coding of the record; default the case's.")
@click.option("--account", default="", help="With --actors strategic: one account; default all, weighted.")
@click.option("--belief-as-trust", is_flag=True, help="With --actors strategic: belief in the force is people's trust.")
@click.option("--resume", is_flag=True, help="Keep the runs that an interrupted call has finished, and go on.")
def run(
    case: str,
    n_runs: int,
    seed: int,
    workers: int,
    out: Path | None,
    values: tuple[str, ...],
    events: tuple[str, ...],
    routes: Path | None,
    from_priors: bool,
    sample: Path | None,
    no_report: bool,
    compat: str | None,
    hasten: int,
    data: Path | None,
    actors: str,
    coding: str,
    account: str,
    belief_as_trust: bool,
    resume: bool,
) -> None:
    """Simulate CASE (a folder, or the name of a shipped case) and write a report."""
    parameters, times = named_values(values, "--set", "PARAM=VALUE"), event_times(events)
    of_game = {"--coding": coding, "--account": account, "--belief-as-trust": belief_as_trust}
    only_with("--actors strategic", is_given=actors == "strategic", options=of_game)
    with without_search_for_garbage():
        from safeconduct.asked import Study
        from safeconduct.findings import in_short
        from safeconduct.scenario import Quirks, WalkReading
        from safeconduct.study import run_study

    folder = out or Path("out") / Path(case).name
    reading = WalkReading(Quirks.of_flee() if compat else Quirks(), hasten, data)
    study = Study(
        case, n_runs, seed, workers, parameters, times, routes, from_priors, reading, sample,
        is_strategic=actors == "strategic", coding=coding, account=account, belief_as_trust=belief_as_trust,
    )  # fmt: skip
    with progress_bar("Simulating") as progress:
        written = run_study(
            study,
            folder,
            command=typed_command(),
            report=not no_report,
            resume=resume,
            progress=progress,
            tell=lambda sentence: click.echo(sentence, err=True),
        )
    with without_search_for_garbage():  # what lives now, lives until the process ends
        for line in in_short(folder):
            click.echo(line)
        click.echo(f"{'Tables' if no_report else 'Report'}: {written}")
