"""Monitor: obligations, the road's calendar, acts, signs and predictions of a case as of a date.

Comes in: a case folder and its ledger. Goes out: views. Does not know: HTML. Start reading at `case.py`,
then `views.py`.
"""

from safeconduct.monitor import force, views
from safeconduct.monitor.answers import (
    RECENT_DAYS,
    SHOWN,
    answers,
    by_and_side,
    coming,
    consequences,
    delivered,
    highest,
    in_a_word,
    in_brief,
    is_met,
    last_words,
    lowest,
    recent,
    sheet_acts,
    soon,
    stands,
    tally,
    unreported,
)
from safeconduct.monitor.calendar import ONE_DAY, Stretch, days_between, say_state, widest
from safeconduct.monitor.case import TABLES as MONITOR_TABLES
from safeconduct.monitor.case import MonitorCase, read_monitor_case
from safeconduct.monitor.diff import compare
from safeconduct.monitor.names import case_names
from safeconduct.monitor.passing import in_words, show_ages, ways_said
from safeconduct.monitor.passing import last_words as silent_sides
from safeconduct.monitor.preview import Preview, preview, with_ledger
from safeconduct.monitor.saying import clause, counted, dated, joined, report_age, report_of, show_age, show_day
from safeconduct.monitor.views import NO_REPORT, Standing, View, balance, calendar, predictions, standings
from safeconduct.monitor.views import Counted as PeopleCounted
from safeconduct.monitor.watch import STALE_DAYS, age_of, influence, score_card, span_said, supplies, supply_acts, ties
