"""Findings of a case with phases: measures by phase, charts, the timeline's page, what each phase assumes.

Comes in: a scenario with a timeline, an ensemble. Goes out: parts of a run's folder, sentences.
Does not know: how a run is computed. Start reading at `phases.py`.
"""

from typing import TYPE_CHECKING

from safeconduct.terms import offered_when_used

if TYPE_CHECKING:  # each is imported when it is first used
    from safeconduct.findings.timeline.assumptions import explained_phases
    from safeconduct.findings.timeline.bands import write_bands
    from safeconduct.findings.timeline.page import timeline_html
    from safeconduct.findings.timeline.phases import phases_summary

__getattr__ = offered_when_used(__name__, __file__)
