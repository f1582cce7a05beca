"""Findings: tables that programs read, and one report that people read.

Comes in: a scenario, its ensemble, its scores, its birth record. Goes out: a folder of files. Refuses to know: how
any of them was made.
Start reading at `write.py` (of a run), `whatif.py` (of two worlds), `monitor.py` (of the record alone, with no run) and
`accounts.py` and `game.py` (of why); `comparators.py` is of other ceasefires.
"""

from safeconduct.findings.accounts.accounts import AccountView, check_record, view_accounts, write_accounts
from safeconduct.findings.accounts.accounts import as_json as accounts_json
from safeconduct.findings.accounts.accounts import summary as accounts_summary
from safeconduct.findings.accounts.game import GameView, case_title, game_summary, write_game
from safeconduct.findings.comparators.comparators import (
    comparator_tables,
    shipped_comparators,
    study_comparators,
    write_comparators,
)
from safeconduct.findings.comparators.comparators import sentences as comparators_said
from safeconduct.findings.comparators.comparators import short_sentences as comparators_in_short
from safeconduct.findings.comparators.comparators import short_tables as comparators_short_tables
from safeconduct.findings.monitor.signs import said as signs_said
from safeconduct.findings.monitor.signs import sign_tables, signs_of, write_signs
from safeconduct.findings.monitor.write import (
    as_text,
    obligations_said,
    road_table,
    summary_tables,
    view_case,
    write_monitor,
)
from safeconduct.findings.simulation.assumptions import explained, first_to_measure
from safeconduct.findings.simulation.tables import in_short
from safeconduct.findings.simulation.whatif import Told, WhatIf, whatif_said, write_whatif
from safeconduct.findings.simulation.write import write_findings
