"""Camps: how many people will be in each camp of a Flee folder, by what had been counted on a day.

Comes in: a `Scenario` with a walk, a day, a seed. Goes out: a `CampForecast`, its planning sheet, and its scores beside
simple rules. Does not know: screens, and how people walk. Start reading at `ahead.py`.
"""

from safeconduct.inference.camps.ahead import CampForecast, Settings, counted_by, forecast_camps
from safeconduct.inference.camps.backtest import CampOriginScore, backtest_camps
from safeconduct.inference.camps.planning import camp_doubts, plan_camps, when_of
