"""Pages of the accounts of why, and of their game.

Comes in: an account table or a game's comparison. Goes out: pages and JSON. Does not know: how they were computed.
Start reading at `accounts.py`, then `game.py`.
"""

from safeconduct.findings.accounts.accounts import AccountView, check_record, view_accounts
from safeconduct.findings.accounts.accounts import as_json as accounts_json
from safeconduct.findings.accounts.accounts import summary as accounts_summary
from safeconduct.findings.accounts.game import GameView, case_title, game_summary
from safeconduct.findings.accounts.game_page import write_game
from safeconduct.findings.accounts.page import write_accounts
