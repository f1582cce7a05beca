"""Findings: tables that programs read, and one report that people read.

Comes in: a scenario, its ensemble, its scores, its birth record. Goes out: a folder of files. Refuses to know: how
any of them was made.
Start reading at `write.py`.
"""

from safeconduct.findings.write import write_findings

__all__ = ["write_findings"]
