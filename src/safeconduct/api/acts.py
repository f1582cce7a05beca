"""The parties of the guarantee game in a simulated case: who acts, by which coding, and one act that a user sets.

Imported only where a request draws acts from the game or sets one: the game is a quarter of the code.
"""

from __future__ import annotations

from safeconduct.accounts import (
    ACCOUNTS,
    GAMES,
    ROLE_MENUS,
    Cache,
    Coding,
    Games,
    GameWorld,
    Intervention,
    Players,
    as_recorded,
    coding_names,
    games,
    lived,
    loud_words,
    parse_do,
    played_words,
    players_of,
    read_codings,
    world_of,
)
from safeconduct.api.requests import RunRequest
from safeconduct.findings.simulation import GameNotes
from safeconduct.inference import PairedEnsemble
from safeconduct.scenario import Coupling, Scenario, read_coupling
from safeconduct.terms import Mistakes, UsageError, cache_folder, closest

GAMES_OF_ONE = 400  # solved games of a single account


def coded(asked: RunRequest, scenario: Scenario, mistakes: Mistakes) -> tuple[Coupling, Coding]:
    """How game and case meet, and the coding of the record; an unknown name is noted and left aside."""
    coupling = read_coupling(scenario.folder, scenario, ROLE_MENUS)
    codings = coding_names(coupling.codings.parent)
    accounts = [account.key for account in ACCOUNTS]
    for option, name, known in (("--coding", asked.coding, codings), ("--account", asked.account, accounts)):
        with mistakes:
            if name and name not in known:
                raise UsageError(f'{option}: there is no "{name}" in the game; {closest(name, known)}.')
    coding = asked.coding if asked.coding in codings else coupling.coding
    return coupling, read_codings(coupling.codings, [coding])[0]


def act_of(asked: RunRequest, do: str, scenario: Scenario, mistakes: Mistakes) -> Intervention:
    """The act of a party that `do` sets, before any game is solved. Raises UsageError or CaseError."""
    return parse_do(do, *coded(asked, scenario, mistakes), scenario)


def players(asked: RunRequest, scenario: Scenario, *, is_recorded: bool) -> Players:
    """The parties of the game, one solved game a run. Raises UsageError or CaseError."""
    mistakes = Mistakes()
    coupling, coding = coded(asked, scenario, mistakes)
    mistakes.tell()
    accounts = tuple(account for account in ACCOUNTS if asked.account in ("", account.key))
    library = Cache(asked.seed, GAMES if len(accounts) > 1 else GAMES_OF_ONE, cache_folder("games"), accounts)
    return players_of(coupling, coding, library, n_runs=asked.n_runs, seed=asked.seed, is_recorded=is_recorded)


def strategic(asked: RunRequest, scenario: Scenario) -> tuple[GameWorld, list[str]]:
    """The game left to the parties in the simulated period, the history before it as recorded; and words on it."""
    found = players(asked, scenario, is_recorded=False)
    world = world_of(found, scenario, lived(found), [as_recorded(found)] * asked.n_runs)
    return world, played_words(found, world, is_trust=asked.belief_as_trust)


def cautions(world: GameWorld) -> tuple[str, ...]:
    """What a reader must know before any figure of such runs."""
    return tuple(loud_words(world))


def replayed(asked: RunRequest, case: Scenario, changed: Scenario, done: Intervention) -> Games:
    """The recorded history with an act set, in every run's game."""
    return games(players(asked, case, is_recorded=True), case, changed, done, is_trust=asked.belief_as_trust)


def notes_of(game: Games, held: tuple[PairedEnsemble, ...]) -> GameNotes:
    """What a report says of a game in which an act was set; `held`: the pairs of the world with the belief held."""
    return GameNotes(
        changes=game.changes,
        without_effect=game.without_effect,
        conditions=game.conditions,
        held_words=game.held_words,
        held=held,
        touched=game.touched,
    )
