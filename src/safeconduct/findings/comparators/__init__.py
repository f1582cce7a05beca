"""The page of other guaranteed ceasefires.

Comes in: comparisons and a compared case. Goes out: a page and tables. Does not know: how they were computed.
Start reading at `comparators.py`.
"""

from safeconduct.findings.comparators.comparators import comparator_tables, shipped_comparators, study_comparators
from safeconduct.findings.comparators.comparators import sentences as comparators_said
from safeconduct.findings.comparators.comparators import short_sentences as comparators_in_short
from safeconduct.findings.comparators.comparators import short_tables as comparators_short_tables
from safeconduct.findings.comparators.page import write_comparators
