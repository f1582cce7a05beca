"""Monitor pages: what was promised and done, for people and for programs.

Comes in: a monitor view. Goes out: pages, JSON, CSV. Does not know: any simulation. Start reading at `write.py`.
"""

from safeconduct.findings.monitor.signs import said as signs_said
from safeconduct.findings.monitor.signs import sign_tables, signs_of
from safeconduct.findings.monitor.signs_page import write_signs
from safeconduct.findings.monitor.write import (
    as_text,
    brief_page,
    monitor_page,
    obligations_said,
    road_chart,
    road_table,
    summary_tables,
    view_case,
    write_monitor,
)
