"""Accounts: rival explanations of one record, what each expects, and their game.

Comes in: a case's codings and accounts. Goes out: the account table, the game's comparison, its
recovery, parties that act. Does not know: HTML. Start reading at `table.py`, then `game/compare.py`.
"""

from typing import TYPE_CHECKING

from safeconduct.terms import offered_when_used

if TYPE_CHECKING:  # each is imported when it is first used
    from safeconduct.accounts.codings.acts import RECORDED_ANSWERS, Act
    from safeconduct.accounts.codings.codebook import Parties, in_names
    from safeconduct.accounts.codings.coding import CODINGS, Coding, in_codings, read_codings
    from safeconduct.accounts.codings.held import COUNTS, HELD, HeldAccount, read_comparators, read_held_accounts
    from safeconduct.accounts.codings.restrictions import ACCOUNTS
    from safeconduct.accounts.file import AccountCase, Way, read_accounts
    from safeconduct.accounts.flips import Firmness, Flip, all_flips
    from safeconduct.accounts.game.case import (
        GUARANTEES,
        NOT_CODINGS,
        GameCase,
        GameRequest,
        coding_names,
        play_case,
        read_game,
    )
    from safeconduct.accounts.game.compare import AccountComparison, Parting
    from safeconduct.accounts.game.importance_sampling import AIMED_SHARE
    from safeconduct.accounts.game.pooled import PooledComparison
    from safeconduct.accounts.game.refusal import LEAST_SIZE
    from safeconduct.accounts.game.result import AccountResult
    from safeconduct.accounts.game.solved_prior import Cache
    from safeconduct.accounts.game.strategic import (
        GAMES,
        ROLE_MENUS,
        Games,
        GameWorld,
        Intervention,
        Players,
        as_recorded,
        games,
        lived,
        loud_words,
        parse_do,
        played_words,
        players_of,
        world_of,
    )
    from safeconduct.accounts.table import WORDS as SEEN_WORDS
    from safeconduct.accounts.table import Account, AccountTable, Cell, Count, Expects, Reported, Seen, stands
    from safeconduct.accounts.table import Observation as AccountRow

__getattr__ = offered_when_used(__name__, __file__)
