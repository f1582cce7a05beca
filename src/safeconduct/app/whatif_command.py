"""whatif: a case as it stands beside the same with something changed, run by run with common draws."""

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
@click.option("--set", "values", multiple=True, metavar="PARAM=VALUE", help="Changed: a parameter held at a value.")
@click.option("--event", "events", multiple=True, metavar="ID.time=TIME", help="Changed: an event at another time.")
@click.option(
    "--routes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Changed: roads added or replaced.",
)
@click.option("--hold", "held", multiple=True, metavar="PARAM=VALUE", help="One value of a parameter in both worlds.")
@click.option(
    "--do", default="", metavar="PARTY.ACT@TIME", help="Changed: an act of a party, and what follows in the game."
)
@click.option("--coding", default="", help="With --do: the coding of the record; default the case's.")
@click.option("--account", default="", help="With --do: one account of the game; default all, weighted.")
@click.option("--belief-as-trust", is_flag=True, help="With --do: the belief in the force is people's trust.")
@click.option("--at", "times", multiple=True, metavar="TIME", help="Tell arrivals at this time; default quarters.")
@click.option("--runs", "n_runs", default=200, show_default=True, type=click.IntRange(1), help="How many pairs.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Same seed, same result.")
@click.option("--workers", default=0, type=click.IntRange(0), help="Processes at a time; 0 = one per core.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Output folder; default out/CASE-whatif.")
@click.option("--from-priors", is_flag=True, help="Draw parameters from their priors, not from the fitted sample.")
@click.option("--no-report", is_flag=True, help="Write the tables, but no whatif.html.")
@click.option("--resume", is_flag=True, help="Keep the runs that an interrupted call has finished, and go on.")
def whatif(
    case: str,
    values: tuple[str, ...],
    events: tuple[str, ...],
    routes: Path | None,
    held: tuple[str, ...],
    do: str,
    coding: str,
    account: str,
    belief_as_trust: bool,
    times: tuple[str, ...],
    n_runs: int,
    seed: int,
    workers: int,
    out: Path | None,
    from_priors: bool,
    no_report: bool,
    resume: bool,
) -> None:
    """Simulate CASE as it stands and with something changed, and report the difference within each pair of runs."""
    parameters, moved = named_values(values, "--set", "PARAM=VALUE"), event_times(events)
    of_game = {"--coding": coding, "--account": account, "--belief-as-trust": belief_as_trust}
    only_with("--do PARTY.ACT@TIME", is_given=bool(do), options=of_game)
    with without_search_for_garbage():
        from safeconduct.asked import Study
        from safeconduct.study import run_whatif

    both = named_values(held, "--hold", "PARAM=VALUE")
    folder = out or Path("out") / f"{Path(case).name}-whatif"
    study = Study(
        case, n_runs, seed, workers, parameters, moved, routes, from_priors,
        held=both, coding=coding, account=account, belief_as_trust=belief_as_trust,
    )  # fmt: skip
    with progress_bar("Simulating both worlds") as progress:
        written, sentences = run_whatif(
            study,
            folder,
            times,
            command=typed_command(),
            do=do,
            report=not no_report,
            resume=resume,
            progress=progress,
            tell=lambda sentence: click.echo(sentence, err=True),
        )
    for sentence in sentences:
        click.echo(sentence)
    click.echo(f"{'Tables' if no_report else 'Report'}: {written}")
