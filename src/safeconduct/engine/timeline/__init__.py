"""What the engine adds for a case with phases: stocks, passages, transfers, return, refuge, and what is recorded.

Comes in: the case's `Timeline` and the World. Goes out: functions that `step.py` calls, and a `TimelineState`.
Does not know: data, files, screens. Start reading at `state.py` (all that changes), then `supplies.py`.
"""
