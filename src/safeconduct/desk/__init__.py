"""Desk: the local web application, where today's reports go in and dated, sourced answers come out.

Comes in: a folder of cases and requests from one browser. Goes out: pages, new rows of claims.csv, journals, files to
send on. Does not know: how anything is computed. Start reading at `web.py` (what a request passes), then `pages/`.
"""

from safeconduct.desk.case.workspace import OWN
from safeconduct.desk.door.sessions import ROLES, add_person
from safeconduct.desk.serve import Start, serve
