"""Words of outcomes, standards of needs and what a forecast says in short, for pages that show results."""

from safeconduct.findings import outcome_words as outcome_words
from safeconduct.findings.forecast import ForecastRecord as ForecastRecord
from safeconduct.findings.forecast import read_forecast as read_forecast
from safeconduct.inference.assimilate import STANDARDS as STANDARDS
