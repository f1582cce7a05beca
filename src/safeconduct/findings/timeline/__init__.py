"""Findings of a case with phases: measures by phase, charts, the timeline's page, what each phase assumes.

Comes in: a scenario with a timeline, an ensemble. Goes out: parts of a run's folder, sentences.
Does not know: how a run is computed. Start reading at `phases.py`.
"""

from safeconduct.findings.timeline.assumptions import explained_phases
