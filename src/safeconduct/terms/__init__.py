"""Terms: the words that every other package uses.

Comes in: nothing. Goes out: time with a zone, rates and chances, priors, random draws by name, the family of errors,
and how a table of plain text is read so that every mistake in it is reported.
Does not know: places, people, models.
Start reading at `faults.py` (how a mistake is reported) and `draws.py` (why a run repeats itself).
"""

from typing import TYPE_CHECKING

from safeconduct.terms import cells
from safeconduct.terms.cells import as_written, guarded, inert, plain_letters
from safeconduct.terms.clock import Clock, hours_between, parse_day, parse_time, show_time, within_years
from safeconduct.terms.draws import Draws, stream_number
from safeconduct.terms.faults import CaseError, Fault, Mistakes, RunStopped, SafeconductError, UsageError, closest
from safeconduct.terms.files import MANIFEST, check_result, hash_of, hash_of_files, locked, put_in_place, write_whole
from safeconduct.terms.offers import collection_paused, offered_when_used
from safeconduct.terms.priors import ARGUMENTS as PRIOR_ARGUMENTS
from safeconduct.terms.priors import Prior
from safeconduct.terms.results import SUMMARY_FILE, VERSION, RunSummary, as_json, read_summary, summary_text
from safeconduct.terms.sheets import (
    Column,
    Need,
    Row,
    Table,
    is_comment,
    json_of,
    read_loosely,
    read_rows,
    read_text,
    records,
    separator_of,
    shown,
    text_of,
    unseen,
    yaml_fault,
)

if TYPE_CHECKING:  # imported when first used: few commands need them
    from safeconduct.terms.cache import cache_folder, has_machine_code, keep_machine_code, own_secret
    from safeconduct.terms.grids import (
        Grid,
        Record,
        archive_fault,
        content_of,
        is_there,
        is_workbook,
        pick_sheet,
        read_sheets,
        size_fault,
        table_file,
    )
    from safeconduct.terms.neutral import role_words_in, verdict_words_in
    from safeconduct.terms.normal import log_standard_normal, normal_chance, normal_quantile
    from safeconduct.terms.rates import chance_within, per_day, rate_from_half_life

__getattr__ = offered_when_used(__name__, __file__)
