"""Assimilate: a forecast from states of the engine that agree with what was published.

Comes in: a `Scenario`, an as-of time, a seed. Goes out: a `Forecast`, its planning sheet and its doubts, a `Backtest`.
Does not know: screens. Start reading at `forecast.py`, then `sampler.py` (how states are found) and `evidence.py`.
"""

from safeconduct.inference.assimilate.backtest import (
    Backtest,
    OriginScore,
    WaitScore,
    backtest,
    every_12_hours,
    score_forecast,
)
from safeconduct.inference.assimilate.doubts import Beside, beside, doubts
from safeconduct.inference.assimilate.forecast import Forecast, make_forecast
from safeconduct.inference.assimilate.kept import KeptStages
from safeconduct.inference.assimilate.particles import setting_of
from safeconduct.inference.assimilate.planning import (
    CAPACITY,
    CASES,
    EDITION,
    EVERYWHERE,
    FOR_SHELTER,
    QUEUES,
    READY,
    SHELTERED,
    STANDARDS,
    WAITS,
    DateRange,
    PlanRow,
    Trigger,
    dates_of,
    level_days,
    most_likely_total,
    peak,
    people_at_start,
    plan,
    rounded_up,
    three_cases,
    triggers,
    unsettled,
)
from safeconduct.inference.assimilate.reached import Reached, reached, reached_by
from safeconduct.inference.assimilate.sampler import Assimilated, Effort, Stage, effort_for
