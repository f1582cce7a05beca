"""explain: what a case assumes, in plain sentences, the most influential first."""

from __future__ import annotations

import click

from safeconduct.app.options import progress_bar
from safeconduct.app.panels import any_size_option, command, option
from safeconduct.app.tables import say


@command()
@click.argument("case")
@option("--quick", is_flag=True, help="One run at each end in place of three, and only what has a prior.")
@any_size_option
def explain(case: str, quick: bool) -> None:
    """List what CASE (a folder or a shipped case) assumes, the most influential first, each with its source."""
    from safeconduct import api
    from safeconduct.findings.simulation import explained
    from safeconduct.findings.timeline import explained_phases

    request = api.RunRequest(case)
    scenario = api.scenario_of(request)
    if scenario.timeline is not None:
        for paragraph in explained_phases(scenario):
            say(paragraph + "\n")
        return
    with progress_bar("Measuring") as progress:
        found = api.sensitivities(scenario, n_seeds=1 if quick else 3, also_fixed=not quick, progress=progress)
    for paragraph in explained(scenario, found, has_sample=api.sample_for(request, scenario) is not None):
        say(paragraph + "\n")
