"""Engine: three questions a step. Who leaves, which way, and how far?

Comes in: a `Scenario`, parameter values, a seed, and what to record. Goes out: `Run`.
Does not know: data, files, screens.
Start reading at `step.py` (the order of a step), then `world.py` (all that changes) and `kernels/road.py` (vehicles).
"""

from safeconduct.engine.rules import Rule
from safeconduct.engine.run import QUANTITIES, Course, Run, Tally, advance, begin, finish, simulate
from safeconduct.engine.scale import for_everybody
from safeconduct.engine.service import SLOT_HOURS as LOG_RATE_SLOT_HOURS
from safeconduct.engine.step import ORDER
