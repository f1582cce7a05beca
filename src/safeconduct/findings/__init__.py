"""Findings: tables that programs read, and one report that people read.

Comes in: a scenario, its ensemble, its scores, its birth record. Goes out: a folder of files. Refuses to know: how
any of them was made.
Start reading at `write.py` (of a run) and `monitor.py` (of the record alone, with no run); `comparators.py` is of other
ceasefires.
"""

from safeconduct.findings.comparators import (
    comparator_tables,
    shipped_comparators,
    study_comparators,
    write_comparators,
)
from safeconduct.findings.comparators import sentences as comparators_said
from safeconduct.findings.monitor import as_text, summary_tables, view_case, write_monitor
from safeconduct.findings.monitor_case import PASSES
from safeconduct.findings.monitor_case import TABLES as MONITOR_TABLES
from safeconduct.findings.monitor_diff import compare
from safeconduct.findings.signs import said as signs_said
from safeconduct.findings.signs import sign_tables, signs_of, write_signs
from safeconduct.findings.write import write_findings

__all__ = [
    "MONITOR_TABLES",
    "PASSES",
    "as_text",
    "comparator_tables",
    "comparators_said",
    "compare",
    "shipped_comparators",
    "sign_tables",
    "signs_of",
    "signs_said",
    "study_comparators",
    "summary_tables",
    "view_case",
    "write_comparators",
    "write_findings",
    "write_monitor",
    "write_signs",
]
