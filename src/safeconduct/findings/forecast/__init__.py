"""Forecast: the planning sheet, the page and the back-test of forecasts.

Comes in: a `Forecast` or a `Backtest`. Goes out: a folder of files. Does not know: how a forecast was made. Start
reading at `write.py`.
"""

from typing import TYPE_CHECKING

from safeconduct.terms import offered_when_used

if TYPE_CHECKING:  # each is imported when it is first used
    from safeconduct.findings.forecast.backtest_page import backtest_table, tables_beside, write_backtest
    from safeconduct.findings.forecast.camps import (
        camp_backtest_table,
        camps_in_short,
        write_camp_backtest,
        write_camps,
    )
    from safeconduct.findings.forecast.frames import by_day_and_place
    from safeconduct.findings.forecast.record import BY_THE_END, IN_CAMPS, ON_THE_DAY, ForecastRecord, read_forecast
    from safeconduct.findings.forecast.write import forecast_in_short, write_forecast

__getattr__ = offered_when_used(__name__, __file__)
