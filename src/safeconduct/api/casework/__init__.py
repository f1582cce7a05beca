"""Casework: a case that people work on, as a desk needs it: its folder, its reports, what it can be asked, its pages.

Comes in: a case folder, rows, questions. Goes out: views, previews, pages, plain records of what a page shows. Does not
know: HTTP, templates, who asks. Start reading at `reports.py`.

Each name is imported when it is first used.
"""

from typing import TYPE_CHECKING

from safeconduct.terms import offered_when_used

if TYPE_CHECKING:
    from safeconduct.api.casework.asked import (
        Named,
        assumed_of,
        events,
        parameters,
        reach_of,
        readable,
        scenario_of,
        wrong_changes,
    )
    from safeconduct.api.casework.drawn import brief, story_page, warm, whole_page
    from safeconduct.api.casework.folders import (
        CLAIMS_FILE,
        About,
        about,
        can_do,
        columns_of,
        default_actions,
        faults,
        has_monitor,
        header_of,
        shipped_folders,
        zone_of,
    )
    from safeconduct.api.casework.intake import Read, new_case, read_foreign, read_text
    from safeconduct.api.casework.reports import (
        append,
        changed,
        check_rows,
        ledger_with,
        now_in,
        passes,
        preview,
        read_case,
        read_reports,
        saying,
        view_of,
        without,
    )
    from safeconduct.api.casework.seen import (
        Line,
        cells,
        claims_in,
        fits,
        line,
        monitor_seen,
        newest_first,
        referring,
        unchecked_known,
        unchecked_said,
    )
    from safeconduct.api.casework.words import STANDARDS, ForecastRecord, outcome_words, read_forecast

__getattr__ = offered_when_used(__name__, __file__)
