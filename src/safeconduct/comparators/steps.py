"""The chance of a further step within so many days, from simple baselines and from the comparators, as of past dates.

A forecast made on a day uses acts that had been published by that day and nothing else; what came of it is looked up in
the whole record afterwards. The comparators serve as they stood before the first forecast, so they never change under
it. Dates a month apart with windows of three months overlap: standard errors draw blocks of months again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, log1p

import numpy as np

from safeconduct.comparators.ceasefires import ACTING, Ceasefire, Ceasefires, Challenge
from safeconduct.comparators.mixed_ordinal_model import Covariates, Effects, Floats, Outcome, fit_effects
from safeconduct.comparators.predictors import CENTRE, FIRM, SPREAD
from safeconduct.comparators.scores import Gain, Score, brier_scores, gain_of, log_scores, score_of
from safeconduct.terms import Draws, chance_within, per_day

HORIZONS = (30, 90)  # days
RECENT_DAYS = 180  # of the running rate (assumed)
WORTH_DAYS = 180.0  # days of one's own past that the comparators' rate is worth (assumed)
WORTH_WINDOWS = 4.0  # windows that the base rate is worth in each class of time since the last step (assumed)
SINCE_DAYS = (30, 90, 365)  # classes of time since the last step
LONG_AGO_DAYS = 1000.0  # stands for "never"
BLOCK_MONTHS, N_RESAMPLES, SEED = 6, 2000, 9
BASE_KEYS = ("comparators", "own")
LEAST_MONTHS, LEAST_EACH = 4 * BLOCK_MONTHS, 5  # month starts, and of them with and without a step, to speak of skill


@dataclass(frozen=True, slots=True)
class StepAct:
    """An act of the acting side: when it was done, since when it is known, how grave, and its answers."""

    day: date
    known: date
    severity: float
    answers: tuple[tuple[date, int], ...] = ()  # since when known, level


@dataclass(frozen=True, slots=True)
class Story:
    """The acts of one case over a span of days in which acts were compiled."""

    case: str
    start: date
    end: date
    acts: tuple[StepAct, ...]
    mandate: float
    strength: float

    def known(self, on: date) -> Story:
        """What of it could be known at the start of a day; nothing later is left in it."""
        acts = (
            StepAct(a.day, a.known, a.severity, tuple(g for g in a.answers if g[0] <= on))
            for a in self.acts
            if a.known <= on and a.day < on
        )
        return Story(self.case, self.start, min(self.end, on), tuple(acts), self.mandate, self.strength)

    def steps(self, least: float) -> list[date]:
        """Days of steps, in order."""
        return sorted(act.day for act in self.acts if act.severity >= least)

    def came(self, on: date, days: int, least: float) -> bool:
        """Whether a step is recorded on that day or within so many days."""
        return any(on <= day < on + timedelta(days=days) for day in self.steps(least))


@dataclass(frozen=True)
class Known:
    """All that a forecast may use: the case as known on the day, and what the comparators give."""

    on: date
    story: Story
    least: float
    days: int
    pool: Pool

    @property
    def past(self) -> list[tuple[date, bool]]:
        """Own earlier windows that do not overlap and had ended, with whether a step was known to fall in them."""
        stride, found = timedelta(days=self.days), []
        start = self.on - stride
        while start >= self.story.start:
            found.append((start, self.story.came(start, self.days, self.least)))
            start -= stride
        return found[::-1]


@dataclass(frozen=True)
class Pool:
    """What the comparators give for one kind of step and one horizon."""

    rate_per_day: float
    windows: tuple[tuple[int, bool], ...]  # class of time since the last step, whether a step came
    effects: Effects

    @property
    def base(self) -> float:
        """Share of windows with a step."""
        return (sum(came for _, came in self.windows) + 0.5) / (len(self.windows) + 1.0)


def month_starts(first: date, last: date) -> list[date]:
    """The first day of every month from one day to another."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    days = (date(month // 12, month % 12 + 1, 1) for month in months)
    return [day for day in days if first <= day <= last]


def stories_of(ceasefires: Ceasefires, before: date) -> tuple[Story, ...]:
    """The closely compiled spans of each case, as they lay before a day."""
    return tuple(
        Story(case.key, start, min(end, before), _acts(case, start, min(end, before)), case.mandate, case.strength)
        for case in ceasefires.cases
        for start, end in case.covered
        if start < before
    )


def _acts(case: Ceasefire, start: date, end: date) -> tuple[StepAct, ...]:
    """The acts of a span; one dated to a month stands in its middle."""
    found = [(_middle(one), one) for one in case.challenges if one.by == ACTING]
    return tuple(
        StepAct(day, day, one.severity, tuple((answer.when.last, answer.level) for answer in one.answers))
        for day, one in found
        if start <= day <= end
    )


def _middle(one: Challenge) -> date:
    return one.when.first + (one.when.last - one.when.first) / 2


def since_class(story: Story, on: date, least: float) -> int:
    """Class of the time since the last step before a day; the last class where there was none."""
    before = [day for day in story.steps(least) if day < on]
    return bisect_left(SINCE_DAYS, (on - before[-1]).days) if before else len(SINCE_DAYS)


def told_of(story: Story, on: date) -> Covariates:
    """What the model looks at: time since the last act, acts of 90 days, the last answer, mandate and strength."""
    past = [act for act in story.acts if act.day < on]
    since = min(((on - act.day).days for act in past), default=LONG_AGO_DAYS)
    recent = sum((on - act.day).days <= 90 for act in past)
    given = max(((when, level) for act in past for when, level in act.answers if when < on), default=None)
    last = 0.0 if given is None else (1.0 if given[1] >= FIRM else -1.0)
    mandate, strength = (
        (code - centre) / spread
        for code, centre, spread in zip((story.mandate, story.strength), CENTRE[1:], SPREAD[1:], strict=True)
    )
    return Covariates(((log1p(since) - 4.0) / 1.5, log1p(recent) - 1.0, last, mandate, strength))


def pool_of(stories: Sequence[Story], least: float, days: int) -> Pool:
    """Rate, windows and fitted model of the comparators for one kind of step and one horizon."""
    stride = max(1, ceil(days / 31))
    windows, rows = [], []
    for story in stories:
        starts = month_starts(story.start, story.end - timedelta(days=days))[::stride]
        for on in starts:
            came = story.came(on, days, least)
            windows.append((since_class(story, on, least), came))
            rows.append(Outcome(story.case, f"{on}", told_of(story, on), int(came)))
    n_steps = sum(len(story.steps(least)) for story in stories)
    n_days = sum((story.end - story.start).days + 1 for story in stories)
    return Pool(n_steps / n_days, tuple(windows), fit_effects(rows, 2))


def comparators_rate(known: Known) -> float:
    """The share of the comparators' windows with a step."""
    return known.pool.base


def own_rate(known: Known) -> float:
    """The rate of the case's own past, drawn towards the comparators'."""
    days = (known.on - known.story.start).days
    steps = len(known.story.steps(known.least))
    return _chance((known.pool.rate_per_day * WORTH_DAYS + steps) / (WORTH_DAYS + days), known.days)


def running_rate(known: Known) -> float:
    """The rate of the last half-year, drawn towards the comparators'."""
    days = min(RECENT_DAYS, (known.on - known.story.start).days)
    since = known.on - timedelta(days=days)
    steps = sum(day >= since for day in known.story.steps(known.least))
    return _chance((known.pool.rate_per_day * WORTH_DAYS / 2 + steps) / (WORTH_DAYS / 2 + days), known.days)


def by_time_since(known: Known) -> float:
    """The share of windows with a step at that time since the last one, of the comparators and of its own past."""
    own = [(since_class(known.story, on, known.least), came) for on, came in known.past]
    now = since_class(known.story, known.on, known.least)
    like = [came for group, came in (*known.pool.windows, *own) if group == now]
    return (sum(like) + WORTH_WINDOWS * known.pool.base) / (len(like) + WORTH_WINDOWS)


def outcome_of(known: Known) -> Outcome:
    """What the hierarchical model sees: the case's own past windows narrow down the effect of the case."""
    earlier = tuple((told_of(known.story, on), int(came)) for on, came in known.past)
    return Outcome(known.story.case, f"{known.on}", told_of(known.story, known.on), None, earlier)


def _chance(rate_per_day: float, days: int) -> float:
    return float(chance_within(per_day(rate_per_day), days * 24.0))


PLAIN: Mapping[str, tuple[str, Callable[[Known], float]]] = {
    "comparators": ("base rate of the comparators", comparators_rate),
    "own": ("base rate of its own past", own_rate),
    "since": ("time since the last step", by_time_since),
    "running": (f"running rate of {RECENT_DAYS} days", running_rate),
}
TITLES = {key: title for key, (title, _) in PLAIN.items()} | {"model": "hierarchical model of the comparators"}


TOO_FEW = "too few months or steps to judge"


@dataclass(frozen=True)
class SignScore:
    """One predictor's scores, beside the base rate that scored best."""

    key: str
    title: str
    log: Score
    brier: Score
    over_base: Gain
    is_judged: bool  # whether there were months and steps enough for its interval to mean anything (assumed)

    @property
    def skill(self) -> str:
        """Whether it predicts better than the base rate."""
        if self.key in BASE_KEYS:
            return "a base rate"
        if not self.is_judged:
            return TOO_FEW
        return "skill over the base rate" if self.over_base.is_clear else "no skill over the base rate"


@dataclass(frozen=True)
class Signs:
    """Forecasts of one kind of step at one horizon, and what came."""

    least: float
    days: int
    origins: tuple[date, ...]
    chances: Mapping[str, tuple[float, ...]]  # predictor -> chance at each origin
    interval: tuple[tuple[float, float], ...]  # 90 % interval of the model's chance at each origin
    came: tuple[bool, ...]  # empty where nothing can be scored: a look ahead
    scores: tuple[SignScore, ...]


def predict_steps(story: Story, pool: Pool, least: float, days: int, origins: Sequence[date]) -> Signs:
    """Every predictor at every origin, from what was known then; unscored."""
    known = [Known(on, story.known(on), least, days, pool) for on in origins]
    chances = {key: tuple(predict(one) for one in known) for key, (_, predict) in PLAIN.items()}
    if not known:
        return Signs(least, days, (), chances | {"model": ()}, (), (), ())
    found = pool.effects.predict([outcome_of(one) for one in known])
    interval = tuple((float(low), float(high)) for low, high in zip(found.low[:, 1], found.high[:, 1], strict=True))
    chances["model"] = tuple(float(chance) for chance in found.mean[:, 1])
    return Signs(least, days, tuple(origins), chances, interval, (), ())


def score_steps(signs: Signs, story: Story) -> Signs:
    """The same with what came, by the record, and the scores."""
    came = tuple(story.came(on, signs.days, signs.least) for on in signs.origins)
    if not came:
        return signs
    yes = np.array(came, dtype=np.int64)
    both = {key: np.stack([1.0 - np.array(p), np.array(p)], axis=1) for key, p in signs.chances.items()}
    logs = {key: log_scores(chances, yes) for key, chances in both.items()}
    is_judged = len(came) >= LEAST_MONTHS and min(sum(came), len(came) - sum(came)) >= LEAST_EACH
    base = max(BASE_KEYS, key=lambda key: float(logs[key].mean()))
    scores = tuple(
        SignScore(
            key, TITLES[key], score_of(logs[key], _blocks), score_of(brier_scores(both[key], yes), _blocks),
            gain_of(logs[key] - logs[base], _blocks, base), is_judged,
        )
        for key in TITLES
    )  # fmt: skip
    return Signs(signs.least, signs.days, signs.origins, signs.chances, signs.interval, came, scores)


def _blocks(values: Floats) -> Floats:
    """[resample] mean when blocks of months in a row are drawn again, wrapping round (circular block bootstrap)."""
    n = len(values)
    n_blocks = ceil(n / BLOCK_MONTHS)
    uniform = Draws(SEED).uniform("blocks", np.arange(N_RESAMPLES)[:, None], np.arange(n_blocks)[None, :])
    starts = (uniform * n).astype(np.int64)
    picks = (starts[:, :, None] + np.arange(BLOCK_MONTHS)).reshape(N_RESAMPLES, -1)[:, :n] % n
    return np.asarray(values[picks].mean(axis=1))
