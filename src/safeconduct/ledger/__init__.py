"""Ledger: everything as said by someone.

Comes in: reports and tables. Goes out: `Claim`, `Ledger`, `Observation`, disagreements, traces. Does not know: any
model. Start reading at `types.py`, then `observe.py` (what may be used) and `conflicts.py` (where reports disagree).
"""

from typing import TYPE_CHECKING

from safeconduct.terms import offered_when_used

if TYPE_CHECKING:  # each is imported when it is first used
    from safeconduct.ledger.appending import append_claims, with_rows
    from safeconduct.ledger.conflicts import Conflict, Pair, find_conflicts
    from safeconduct.ledger.figures import is_lower_bound, stated_ends
    from safeconduct.ledger.formats import (
        HEADINGS,
        ORDERS,
        ForeignTable,
        Format,
        Heading,
        Imported,
        Intake,
        Line,
        PlaceFinder,
        TableClaims,
        ask_headings,
        formats,
        import_files,
        places_of,
        read_claims,
        read_headings,
        sheets_of,
        sniff,
        terms_of_use,
        unknown_sheet,
        write_headings,
    )
    from safeconduct.ledger.observe import by_time, claims_about, left_out, observe, observe_each
    from safeconduct.ledger.publication import as_of, undated
    from safeconduct.ledger.rows.again import read_ledger
    from safeconduct.ledger.rows.columns import CLAIMS, GROUPS
    from safeconduct.ledger.rows.write import to_csv, to_json, to_rows
    from safeconduct.ledger.store import Query, count, find, open_index
    from safeconduct.ledger.trace import RunRecord, Step, read_run, trace
    from safeconduct.ledger.types import (
        NO_ADDRESS,
        PASSES,
        Action,
        Claim,
        Ledger,
        Observation,
        PlaceName,
        Quantity,
        Reporter,
        Terms,
    )
    from safeconduct.ledger.views import (
        BAR_WIDTH,
        Table,
        balance_table,
        claim_table,
        conflict_table,
        figure_table,
        hedged_words,
        is_day_only,
        plot_figures,
        positions,
        show_figure,
        show_known,
        show_number,
        show_saying,
        show_source,
        show_when,
    )
    from safeconduct.ledger.vocabulary import TABLES_OF_TERMS, VOCABULARY_TABLES, own_quantities

__getattr__ = offered_when_used(__name__, __file__)
