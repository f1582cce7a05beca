"""Findings: tables that programs read, and pages that people read. One subfolder a product; shared pieces beside them.

Comes in: results as values. Goes out: files. Does not know: how a result was computed.
Start reading at the `__init__` of a product: `simulation`, `monitor`, `accounts`, `comparators`.
"""

from safeconduct.findings.words import event_words, outcome_words
