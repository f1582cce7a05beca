"""Parties that move: solved games at the table of each run, and what their moves are in the simulation.

Comes in: a coding of the record, a library of solved games, the case's `Coupling`. Goes out: for each run the course of
the game and the case's events under it. The history before the simulated period is as recorded and gives the belief at
its start. One way only: flows of people do not feed payoffs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from safeconduct.accounts.codings.codebook import Parties, in_names
from safeconduct.accounts.codings.coding import CodedHistory, Coding
from safeconduct.accounts.codings.restrictions import BY_KEY
from safeconduct.accounts.game.solved_prior import Cache, SolvedPrior
from safeconduct.actors import (
    ANSWERS,
    MENUS,
    MOVES,
    ROLES,
    SETTLED,
    STATUSES,
    TAKEN,
    UNKNOWN,
    Course,
    Decision,
    Floats,
    History,
    Period,
    Seat,
    SetAct,
    believed,
    coding_error,
    relive,
    replay,
    score,
)
from safeconduct.scenario import CORRIDOR, Coupling, Effect, Event, Scenario, with_acts
from safeconduct.terms import Draws, UsageError, closest, parse_time, show_time

GAMES = 300  # solved games an account, of which each run gets one by its weight
ROLE_MENUS: Mapping[str, tuple[str, ...]] = {role: MENUS[stage] for role, stage in ROLES.items()}


@dataclass(frozen=True)
class Players:
    """The game that each run plays, and how it was chosen."""

    coupling: Coupling
    coding: Coding
    history: History  # up to the month of the simulation
    seats: tuple[Seat, ...]  # [run]
    accounts: tuple[str, ...]  # [run] key of the account whose game it is
    effective: float  # effective number of games behind the runs
    uniforms: tuple[Floats, ...]  # [run] [period, stage, 5]

    @property
    def last(self) -> int:
        """The period that the simulated days are taken as."""
        return len(self.history) - 1


@dataclass(frozen=True, slots=True)
class Intervention:
    """An act that a user sets: do(party.act @ time)."""

    party: str  # key in actors.yaml
    name: str  # as the coding names it to readers
    act: str
    time: datetime
    period: int

    @property
    def words(self) -> str:
        """The act for readers."""
        return f"{self.name}: {self.act}, set at {show_time(self.time)}"


def players_of(
    coupling: Coupling, coding: Coding, library: Cache, *, n_runs: int, seed: int, is_recorded: bool
) -> Players:
    """Draw each run's game from the accounts' priors, weighted by how well it foresees the recorded history.

    Equal prior chances for all accounts of the library. Moves are given, stances and answers count: with moves scored
    as well, a handful of games would carry all the weight. is_recorded: whether the month of the simulation itself is
    part of that record; else it is left to the players.
    """
    reading, n = recorded_until(coupling, coding)
    seen = cut(reading.history, n if is_recorded else n - 1)
    shelves = [library.shelf(account) for account in library.accounts]
    weights = np.concatenate([weights_of(shelf, coding, reading, seen) for shelf in shelves])
    weights = np.exp(weights - weights.max())
    weights /= weights.sum()
    bounds = np.cumsum([len(shelf.policies) for shelf in shelves])
    draws, slots = Draws(seed), np.arange(n_runs)
    chosen = np.searchsorted(np.cumsum(weights), draws.uniform("game at the table", slots))
    history = cut(reading.history, n) if is_recorded else left_to_players(cut(reading.history, n))
    seats, accounts = [], []
    for run, game in enumerate(np.minimum(chosen, weights.size - 1)):
        shelf_number = int(np.searchsorted(bounds, game, side="right"))
        shelf = shelves[shelf_number]
        row = int(game - (bounds[shelf_number] - len(shelf.policies)))
        seat = seat_of(shelf, row, coding, reading, draws, run)
        is_resolute = float(draws.uniform("type at the table", run)) < believed(seat, seen)
        seats.append(replace(seat, is_resolute=is_resolute))
        accounts.append(shelf.account.key)
    uniforms = tuple(draws.derive(run).uniform("play", np.arange(n * 15)).reshape(n, 3, 5) for run in range(n_runs))
    effective = float(1.0 / np.square(weights).sum())
    return Players(coupling, coding, history, tuple(seats), tuple(accounts), effective, uniforms)


def recorded_until(coupling: Coupling, coding: Coding) -> tuple[CodedHistory, int]:
    """The coded record, and its number of months up to the simulated period. Raises UsageError where it ends before."""
    reading = coding.readings()[0]
    if coupling.month not in reading.months:
        raise UsageError(f"coding {coding.key} does not reach {coupling.month}, the period of coupling.yaml.")
    return reading, reading.months.index(coupling.month) + 1


def cut(history: History, n: int) -> History:
    """The first n periods of a history."""
    return History(*(column[:n] for column in columns(history)))


def columns(history: History) -> tuple[np.ndarray, ...]:
    """The columns of a history in the order of its fields."""
    return history.status, history.habit, history.stance, history.move, history.answer


def left_to_players(history: History) -> History:
    """A history whose last period is not written yet: its status and habit stand, its choices are open."""
    found = [column.copy() for column in columns(history)]
    for column in found[2:]:
        column[-1] = UNKNOWN
    return History(*found)


def levels_of(shelf: SolvedPrior, coding: Coding, reading: CodedHistory) -> np.ndarray:
    """[period] index of the level of the covariate that an account looks at."""
    ways = coding.datings.get(shelf.account.covariate, ())
    return shelf.level_index(reading.levels(ways[0] if ways else None))


def weights_of(shelf: SolvedPrior, coding: Coding, reading: CodedHistory, seen: History) -> Floats:
    """[game] log weight: the likelihood of what was seen, shared out over the games of its account."""
    error = coding_error(coding.rules.coding_error_chance)
    levels = levels_of(shelf, coding, reading)[: len(seen)]
    likely = score(shelf.policies, seen, levels, error).log_likelihood
    return np.asarray(likely + shelf.log_weight - np.log(len(shelf.policies)))


def seat_of(shelf: SolvedPrior, row: int, coding: Coding, reading: CodedHistory, draws: Draws, run: int) -> Seat:
    """One game of a shelf with one of the proteges that it may have met."""
    p = shelf.policies
    protege = int(float(draws.uniform("protege at the table", run)) * p.proteges.shape[1])
    move, answer = p.move[row].astype(np.float64), p.answer[row].astype(np.float64)
    levels = levels_of(shelf, coding, reading)
    return Seat(move, answer, p.proteges[row, protege], float(p.belief[row]), p.grid, levels, is_resolute=False)


def parse_do(text: str, coupling: Coupling, coding: Coding, scenario: Scenario) -> Intervention:
    """An act as typed, PARTY.ACT@TIME. Raises UsageError for a party, an act or a time that there is not."""
    reading, n = recorded_until(coupling, coding)
    months, history = reading.months[:n], cut(reading.history, n)
    who, dot, rest = text.partition(".")
    act, at, when = rest.partition("@")
    if not (dot and at and act and when):
        raise UsageError(f'--do is "{text}"; expected PARTY.ACT@TIME.')
    if who not in coupling.seats:
        raise UsageError(f'--do: there is no party "{who}" in the game; {closest(who, coupling.seats)}.')
    menu = [option.replace(" ", "_") for option in ROLE_MENUS[coupling.seats[who]]]
    if act not in menu:
        raise UsageError(f'--do: "{act}" is not on the menu of {who}; expected one of {", ".join(menu)}.')
    try:
        time = parse_time(when)
    except ValueError as error:
        raise UsageError(f"--do: {error}.") from None
    month = f"{time.astimezone(scenario.clock.start.tzinfo):%Y-%m}"
    is_inside = scenario.clock.start <= time <= scenario.clock.end
    if not is_inside and month not in months:
        raise UsageError(f"--do: {when} lies outside the coded months, {months[0]} to {coupling.month}.")
    period = n - 1 if is_inside else months.index(month)
    if ROLES[coupling.seats[who]] == "answer" and history.move[period] == 0:
        asked = ", ".join(months[int(t)] for t in np.flatnonzero(history.move > 0))
        raise UsageError(f"--do: nothing was there to answer in {months[period]}; months with a move: {asked}.")
    name = str(getattr(coding.rules.parties, coupling.seats[who]))
    return Intervention(who, name, ROLE_MENUS[coupling.seats[who]][menu.index(act)], time, period)


@dataclass(frozen=True)
class GameWorld:
    """How the game went in each run, and the case's events under it."""

    courses: tuple[Course, ...]  # [run]
    events: tuple[tuple[Event, ...], ...]  # [run]
    beliefs: Floats  # [run] public belief after what was done in the period of the simulation
    acts: tuple[str, ...]  # [run] what was done in that period, in words
    is_over_before: tuple[bool, ...]  # [run] all was taken before that period: the simulation has no such start
    other: tuple[tuple[str, ...], ...]  # [run] what differs from the record in it, as keys of the coupling's effects
    not_said: Mapping[str, int]  # those of which the coupling says no effect -> in how many runs


def lived(players: Players) -> tuple[Course, ...]:
    """The recorded history of each run, with the noise under which it was chosen."""
    return tuple(relive(seat, players.history, u) for seat, u in zip(players.seats, players.uniforms, strict=True))


def redone(players: Players, before: Sequence[Course], done: Intervention, *, updates: bool) -> tuple[Course, ...]:
    """The history of each run with an act set."""
    stage = ROLES[players.coupling.seats[done.party]]
    act = SetAct(done.period, stage, MENUS[stage].index(done.act))
    rows = zip(players.seats, before, players.uniforms, strict=True)
    return tuple(replay(seat, course, act, uniforms, updates=updates) for seat, course, uniforms in rows)


def as_recorded(players: Players) -> Period:
    """The period of the simulation as the coding reads the record."""
    history = players.coding.readings()[0].history
    codes = (("stance", history.stance), ("move", history.move), ("answer", history.answer))
    last = players.last
    taken = tuple(Decision(stage, np.empty(0), int(column[last])) for stage, column in codes)
    return Period(int(history.status[last]), int(history.habit[last]), float("nan"), taken)


def world_of(
    players: Players,
    scenario: Scenario,
    courses: Sequence[Course],
    recorded: Sequence[Period],
    done: Intervention | None = None,
) -> GameWorld:
    """The events of each run, where its acts in the period of the simulation differ from the recorded ones."""
    start = scenario.clock.start
    when = done.time if done and done.time >= start else start
    last, known = players.last, dict[tuple[str, ...], tuple[Event, ...]]()
    other = [tuple(other_acts(players.coupling, one, was, last)) for one, was in zip(courses, recorded, strict=True)]
    effects = {act: players.coupling.effect(*act.split(".", 1)) for acts in other for act in acts}
    for acts in set(other):
        found = [effects[act] for act in acts]
        known[acts] = with_acts(scenario, [(one, when) for one in found if isinstance(one, Effect)])
    return GameWorld(
        tuple(courses),
        tuple(known[acts] for acts in other),
        np.array([course.belief for course in courses]),
        tuple(words(players.coding.rules.parties, course, last) for course in courses),
        tuple(course.over == TAKEN and len(course.periods) <= last for course in courses),
        tuple(other),
        Counter(act for acts in other for act in acts if effects[act] is None),
    )


def other_acts(coupling: Coupling, course: Course, was: Period, last: int) -> list[str]:
    """What differs from the record in the last period, as keys of the coupling's effects."""
    if course.over == SETTLED:
        return [f"{coupling.party('protege')}.settle"]
    if len(course.periods) <= last:
        return []
    now, found = course.periods[last], []
    if now.status != was.status:
        found.append(f"{CORRIDOR}.{STATUSES[now.status]}")
    for role, stage in (("challenger", "move"), ("guarantor", "answer")):
        is_reached = stage == "move" or now.taken("move") > 0
        if is_reached and now.taken(stage) != was.taken(stage):
            found.append(f"{coupling.party(role)}.{MENUS[stage][now.taken(stage)]}")
    return found


def words(parties: Parties, course: Course, last: int) -> str:
    """What was done in the period of the simulation, by the parties' names in the coding."""
    if course.over == SETTLED:
        return f"{parties.protege}: settlement"
    if len(course.periods) <= last:
        return "all was over in the game before the simulated period"
    now = course.periods[last]
    move = f"{parties.challenger}: {MOVES[now.taken('move')]}"
    answer = f"; {parties.guarantor}: {ANSWERS[now.taken('answer')]}" if now.taken("move") else ""
    return f"{move}{answer}; road {STATUSES[now.status]} when the period begins"


def counted(world: GameWorld) -> list[str]:
    """How often each course of the period was played, the most frequent first."""
    n = len(world.acts)
    return [f"{one} ({many} of {n} runs)" for one, many in Counter(world.acts).most_common()]


def not_said_words(world: GameWorld) -> list[str]:
    """Acts that change nothing, as no table says what they would change."""
    n = len(world.acts)
    return [
        f"The case's coupling.yaml has no entry {act}, so nothing says which dated event that act changes: it changes "
        f"none ({many} of {n} runs). That nothing is otherwise there says nothing of the act; add the entry to ask."
        for act, many in sorted(world.not_said.items())
    ]


def as_recorded_words(world: GameWorld) -> list[str]:
    """How many runs have nothing but the record in the simulated period, whatever was set."""
    counted_runs = [acts for acts, is_over in zip(world.other, world.is_over_before, strict=True) if not is_over]
    n_same = sum(not acts for acts in counted_runs)
    if not n_same:
        return []
    return [
        f"In {n_same} of {len(counted_runs)} runs the road, the moves and the answers of the simulated period are the "
        "recorded ones after the act too, so it changes no dated event there; a difference of 0 says no more than that."
    ]


def played_words(players: Players, world: GameWorld, *, is_trust: bool) -> list[str]:
    """What is said of runs whose parties act by the game."""
    return [*loud_words(world), *counted(world), *table_words(players, is_trust=is_trust)]


def loud_words(world: GameWorld) -> list[str]:
    """What must not be overlooked of such runs: they are no planning figures, and some acts may change nothing."""
    loud = "THE PARTIES' ACTS IN THESE RUNS ARE DRAWN FROM A GAME, NOT TAKEN FROM THE RECORD."
    return [f"{loud} These are no planning figures.", *not_said_words(world)]


def table_words(players: Players, *, is_trust: bool) -> list[str]:
    """Where the players come from, in sentences."""
    seated = players.coding.rules.parties
    titles = {key: in_names(BY_KEY[key].title, seated) for key in players.accounts}
    shares = ", ".join(f"{titles[key]} {many}" for key, many in Counter(players.accounts).most_common())
    parties = "; ".join((seated.challenger, seated.guarantor, seated.protege))
    return [
        f"At the table of the game: {parties}, as the coding reads them. Each has a menu, stakes and a logit chance of "
        "every option; nothing in it shows a motive, and one ceasefire separates very few accounts.",
        f"Each run has one solved game, drawn by how likely it makes the answers under the coding {players.coding.key} "
        f"({players.coding.hash}); {players.effective:.0f} effective games. Runs by account: {shares}.",
        "What an act does to the dated events of the case is written in its coupling.yaml and assumed; flows of people "
        "do not feed back into the parties' stakes.",
        "People's trust is the public belief that the force is of the resolute type (asked for, assumed)."
        if is_trust
        else "People's trust is the parameter of the case; the belief of the game does not touch it.",
    ]


@dataclass(frozen=True)
class Games:
    """The parties' game in the factual world, and with an act set: belief revised, then held where that differs."""

    factual: GameWorld
    others: tuple[GameWorld, ...]
    changes: tuple[str, ...]
    conditions: tuple[str, ...]
    held_words: str
    without_effect: tuple[str, ...]  # why the act that was set changes no dated event, in sentences

    @property
    def touched(self) -> dict[str, int]:
        """Events that are otherwise in the world with the act set: in how many runs; new ones of coupling.yaml too."""
        known = set(self.factual.events[0])
        changed = [known ^ set(events) for events in self.others[0].events]
        return dict(Counter(key for one in changed for key in {event.id for event in one}))

    @property
    def left_out(self) -> frozenset[int]:
        """Runs in which all was over in the game before the simulated period began."""
        return frozenset(k for world in self.others for k, is_over in enumerate(world.is_over_before) if is_over)


def games(players: Players, case: Scenario, changed: Scenario, done: Intervention, *, is_trust: bool) -> Games:
    """Play the recorded history again with an act set. With the recorded act every later act is the recorded one."""
    before = lived(players)
    was = [course.periods[-1] for course in before]
    factual = world_of(players, case, before, was)
    revised, held = (
        world_of(players, changed, redone(players, before, done, updates=updates), was, done)
        for updates in (True, False)
    )
    is_same = revised.events == held.events and not (is_trust and (revised.beliefs != held.beliefs).any())
    conditions = table_words(players, is_trust=is_trust)
    if n_over := sum(revised.is_over_before):
        conditions.append(f"{n_over} runs are left out: in them all was over in the game before the simulated period.")
    return Games(
        factual,
        (revised,) if is_same else (revised, held),
        (done.words, *(f"then, in the simulated period - {one}" for one in counted(revised))),
        tuple(conditions),
        "Where the set act carries no information on the force's resolve (belief held), "
        + ("the parties act alike in every run, so every figure is the same." if is_same
           else "the parties act thus: " + "; ".join(counted(held)) + "."),
        (*not_said_words(revised), *as_recorded_words(revised)),
    )  # fmt: skip
