"""The output folder: written under another name, then moved into place at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.ensemble import Ensemble
from safeconduct.findings.folders import all_or_nothing
from safeconduct.findings.simulation.summaries import EnsembleSummary
from safeconduct.findings.simulation.tables import arrivals_csv, summary, write_runs, write_series
from safeconduct.findings.simulation.waits import told_by_outcome
from safeconduct.inference import Scores
from safeconduct.scenario import Scenario
from safeconduct.terms import MANIFEST, SUMMARY_FILE, RunStopped, RunSummary, as_json, hash_of, summary_text

if TYPE_CHECKING:
    from safeconduct.inference import Identifiability


def write_findings(
    folder: Path,
    scenario: Scenario,
    ensemble: Ensemble,
    scores: Scores,
    provenance: Mapping[str, object],
    *,
    left_open: Identifiability | None = None,
    report: bool = True,
) -> Path:
    """Write all results of a run to a folder; returns what to open: the report, or else the folder.

    `left_open` is what the fit behind the runs leaves open, where they were drawn from a fitted sample.

    An older report goes where none is asked for; files under other names stay. Raises RunStopped where no run
    finished, or where the disk refuses; nothing half-written is left.
    """
    with all_or_nothing(folder) as part:
        fill(part, scenario, ensemble, scores, provenance, left_open=left_open, report=report)
    return folder / "report.html" if report else folder


def fill(
    part: Path,
    scenario: Scenario,
    ensemble: Ensemble,
    scores: Scores,
    provenance: Mapping[str, object],
    *,
    left_open: Identifiability | None = None,
    report: bool = True,
) -> None:
    """Write all results of a run into a folder that is about to be put in place. Raises RunStopped without a run."""
    if not len(ensemble.runs):
        why = f": {ensemble.failures[0].sentence}" if ensemble.failures else ""
        raise RunStopped(f"No run finished, so there is nothing to write{why}")
    reading = EnsembleSummary(scenario, ensemble)
    put(part / "arrivals.csv", arrivals_csv(reading))
    write_series(reading, part / "series.parquet")
    write_runs(ensemble, part / "runs.parquet")
    put(part / SUMMARY_FILE, summary_text(summary_of(reading, scores, acts_in(provenance))))
    if scenario.timeline is not None:
        from safeconduct.findings.timeline import timeline_html, write_bands

        write_bands(scenario, ensemble, part / "bands.parquet")
        if report:
            is_fitted = scores.fitted_until is not None
            put(part / "timeline.html", timeline_html(scenario, ensemble, is_fitted=is_fitted))
    put(part / "provenance.json", as_json({**provenance, "outputs": hashes_in(part)}))
    if report:
        from safeconduct.findings.simulation.report import report_html

        put(part / "report.html", report_html(reading, scores, provenance, left_open))


def summary_of(reading: EnsembleSummary, scores: Scores, acts: Sequence[str] = ()) -> RunSummary:
    """What summary.json says, with what travellers report of outcomes; `acts`: of parties that act by a game."""
    found = summary(reading.scenario, reading.ensemble, scores, told_by_outcome(reading), acts)
    if reading.scenario.timeline is None:
        return found
    from safeconduct.findings.timeline import phases_summary

    return replace(
        found, phases=phases_summary(reading.scenario, reading.ensemble, is_fitted=scores.fitted_until is not None)
    )


def acts_in(provenance: Mapping[str, object]) -> Sequence[str]:
    """What is said of parties whose acts were drawn from a game; nothing where they are as recorded."""
    said = provenance.get("actors")
    return [str(one) for one in said] if isinstance(said, Sequence) and not isinstance(said, str) else ()


def hashes_in(part: Path) -> dict[str, str]:
    """SHA-256 of each table that was written so far."""
    return {file.name: hash_of(file) for file in sorted(part.iterdir()) if file.name != MANIFEST}


def put(path: Path, text: str) -> None:
    """Write a text file in UTF-8 with plain line ends on every machine."""
    path.write_text(text, encoding="utf-8", newline="\n")
