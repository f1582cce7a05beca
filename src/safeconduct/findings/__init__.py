"""Findings: tables that programs read, and one report that people read.

Comes in: a scenario, its ensemble, its scores, its birth record. Goes out: a folder of files. Refuses to know: how
any of them was made.
Start reading at `write.py` (of a run), `whatif.py` (of two worlds), `monitor.py` (of the record alone, with no run) and
`accounts.py` and `game.py` (of why); `comparators.py` is of other ceasefires.
"""

from typing import TYPE_CHECKING

from safeconduct.findings.tables import in_short
from safeconduct.findings.whatif import Told, WhatIf, told, write_whatif
from safeconduct.findings.write import write_findings
from safeconduct.terms import later

if TYPE_CHECKING:
    from safeconduct.findings.accounts import AccountView, check_record, view_accounts, write_accounts
    from safeconduct.findings.accounts import as_json as accounts_json
    from safeconduct.findings.accounts import summary as accounts_summary
    from safeconduct.findings.assumptions import explained, first_to_measure
    from safeconduct.findings.comparators import (
        comparator_tables,
        shipped_comparators,
        study_comparators,
        write_comparators,
    )
    from safeconduct.findings.comparators import sentences as comparators_said
    from safeconduct.findings.comparators import short_sentences as comparators_in_short
    from safeconduct.findings.comparators import short_tables as comparators_short_tables
    from safeconduct.findings.game import GameView, case_title, game_summary, write_game
    from safeconduct.findings.monitor import (
        as_text,
        obligations_said,
        road_table,
        summary_tables,
        view_case,
        write_monitor,
    )
    from safeconduct.findings.monitor_case import PASSES
    from safeconduct.findings.monitor_case import TABLES as MONITOR_TABLES
    from safeconduct.findings.monitor_diff import compare
    from safeconduct.findings.signs import said as signs_said
    from safeconduct.findings.signs import sign_tables, signs_of, write_signs

__getattr__ = later(
    __name__,
    {
        "AccountView": "accounts",
        "GameView": "game",
        "MONITOR_TABLES": "monitor_case:TABLES",
        "PASSES": "monitor_case",
        "accounts_json": "accounts:as_json",
        "accounts_summary": "accounts:summary",
        "as_text": "monitor",
        "case_title": "game",
        "check_record": "accounts",
        "comparator_tables": "comparators",
        "comparators_in_short": "comparators:short_sentences",
        "comparators_said": "comparators:sentences",
        "comparators_short_tables": "comparators:short_tables",
        "compare": "monitor_diff",
        "explained": "assumptions",
        "first_to_measure": "assumptions",
        "game_summary": "game",
        "obligations_said": "monitor",
        "road_table": "monitor",
        "shipped_comparators": "comparators",
        "sign_tables": "signs",
        "signs_of": "signs",
        "signs_said": "signs:said",
        "study_comparators": "comparators",
        "summary_tables": "monitor",
        "view_accounts": "accounts",
        "view_case": "monitor",
        "write_accounts": "accounts",
        "write_comparators": "comparators",
        "write_game": "game",
        "write_monitor": "monitor",
        "write_signs": "signs",
    },
)  # a run needs none of these

__all__ = [
    "MONITOR_TABLES",
    "PASSES",
    "AccountView",
    "GameView",
    "Told",
    "WhatIf",
    "accounts_json",
    "accounts_summary",
    "as_text",
    "case_title",
    "check_record",
    "comparator_tables",
    "comparators_in_short",
    "comparators_said",
    "comparators_short_tables",
    "compare",
    "explained",
    "first_to_measure",
    "game_summary",
    "in_short",
    "obligations_said",
    "road_table",
    "shipped_comparators",
    "sign_tables",
    "signs_of",
    "signs_said",
    "study_comparators",
    "summary_tables",
    "told",
    "view_accounts",
    "view_case",
    "write_accounts",
    "write_comparators",
    "write_findings",
    "write_game",
    "write_monitor",
    "write_signs",
    "write_whatif",
]
