"""Forecast: the planning sheet, the page and the back-test of forecasts.

Comes in: a `Forecast` or a `Backtest`. Goes out: a folder of files. Does not know: how a forecast was made. Start
reading at `write.py`.
"""

from safeconduct.findings.forecast.backtest_page import backtest_table, tables_beside, write_backtest
from safeconduct.findings.forecast.camps import camp_backtest_table, camps_in_short, write_camp_backtest, write_camps
from safeconduct.findings.forecast.frames import by_day_and_place
from safeconduct.findings.forecast.write import forecast_in_short, write_forecast
