"""Findings of a case with phases: measures by phase, and the series of the whole timeline.

Comes in: a scenario with a timeline, an ensemble. Goes out: the part `phases` of summary.json.
Does not know: how a run is computed. Start reading at `phases.py`.
"""
