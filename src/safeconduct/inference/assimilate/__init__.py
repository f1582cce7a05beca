"""Assimilate: a forecast from a state of the engine that agrees with what was published.

Comes in: a `Scenario`, an as-of time, a seed. Goes out: `Assimilated` particles and their runs, a `Forecast`.
Does not know: screens, files. Start reading at `sampler.py`, then `shard.py` and `evidence.py`.
"""
