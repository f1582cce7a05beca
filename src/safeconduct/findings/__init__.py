"""Findings: tables that programs read, and pages that people read. One subfolder a product; shared pieces beside them.

Comes in: results as values. Goes out: files. Refuses to know: how a result was computed.
Start reading at the door of a product: `simulation`, `monitor`, `accounts`, `comparators`.
"""

from safeconduct.findings.words import outcome_words
