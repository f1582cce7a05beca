"""Findings: tables that programs read, and one report that people read.

Comes in: a scenario, its ensemble, its scores, its birth record. Goes out: a folder of files. Refuses to know: how
any of them was made.
Start reading at `write.py` (of a run), `whatif.py` (of two worlds) and `monitor.py` (of the record
alone, with no run).
"""

from safeconduct.findings.monitor import as_text, summary_tables, view_case, write_monitor
from safeconduct.findings.monitor_case import PASSES
from safeconduct.findings.monitor_case import TABLES as MONITOR_TABLES
from safeconduct.findings.monitor_diff import compare
from safeconduct.findings.whatif import Told, WhatIf, told, write_whatif
from safeconduct.findings.write import write_findings

__all__ = [
    "MONITOR_TABLES",
    "PASSES",
    "Told",
    "WhatIf",
    "as_text",
    "compare",
    "summary_tables",
    "told",
    "view_case",
    "write_findings",
    "write_monitor",
    "write_whatif",
]
