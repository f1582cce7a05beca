"""Forecasts of a further step: nothing from after their date, textbook rates, and skill only where there is some."""

from __future__ import annotations

from datetime import date, timedelta
from math import exp

import numpy as np
import pytest

from safeconduct.comparators import Pool, StepAct, Story, month_starts, pool_of, predict_steps, score_steps
from safeconduct.comparators.mixed_ordinal_model import Effects
from safeconduct.comparators.steps import Known, own_rate, since_class

START = date(2001, 1, 1)
ORIGINS = month_starts(date(2001, 2, 1), date(2005, 12, 1))


def story(acts: list[StepAct], end: date = date(2007, 1, 1)) -> Story:
    return Story("case", START, end, tuple(acts), 1.0, 1.0)


def on(day: int, severity: float = 4.0, late: int = 1) -> StepAct:
    """An act of so many days after the start, known so many days later, answered by words the day after."""
    when = START + timedelta(days=day)
    known = when + timedelta(days=late)
    return StepAct(when, known, severity, ((known + timedelta(days=1), 1),))


def flat_pool() -> Pool:
    """Comparators with a rate of a step in 200 days, and a model that knows nothing."""
    effects = Effects(2, (), np.zeros((5, 6)), np.zeros((5, 0)), np.ones(5))
    return Pool(1 / 200, ((0, True), (1, False), (2, False), (3, False)), effects)


def test_a_forecast_uses_nothing_from_after_its_date() -> None:
    """Acts, answers and severities after a date may be anything: forecasts up to it are the same to the last bit."""
    numbers = np.random.default_rng(2)
    days = sorted(int(d) for d in numbers.integers(5, 1800, 40))
    cut = date(2003, 7, 1)
    one = [on(d, float(numbers.integers(1, 6))) for d in days]
    before = [a for a in one if a.known <= cut]
    rest = [StepAct(a.day + timedelta(days=40), a.known + timedelta(days=40), 5.0) for a in one if a.day >= cut]
    hidden = [StepAct(date(2001, 5, 5), cut + timedelta(days=1), 5.0)]  # done early, published after the cut
    told = predict_steps(story(one), flat_pool(), 3, 90, ORIGINS)
    other = predict_steps(story([*before, *rest, *hidden]), flat_pool(), 3, 90, ORIGINS)
    n = sum(origin <= cut for origin in ORIGINS)
    assert n > 20
    for key in told.chances:
        assert told.chances[key][:n] == other.chances[key][:n], key
    assert told.interval[:n] == other.interval[:n]
    assert told.chances["own"][n + 3 :] != other.chances["own"][n + 3 :]


def test_an_act_counts_from_the_day_it_was_known() -> None:
    """Done on 11 January, published two months later: no forecast of February knows it."""
    late = story([on(10, late=60)])
    assert late.known(date(2001, 2, 1)).acts == () and len(late.known(date(2001, 4, 1)).acts) == 1
    assert late.came(date(2001, 1, 1), 30, 4) and not late.came(date(2001, 1, 12), 30, 4)


def test_the_own_rate_is_the_textbook_one() -> None:
    """Two steps in 181 days, drawn towards one in 200 by 180 days: (0.9 + 2) / 361 a day over 30 days."""
    known_on = date(2001, 7, 1)
    known = Known(known_on, story([on(20), on(90), on(100, severity=2.0)]).known(known_on), 3, 30, flat_pool())
    assert own_rate(known) == pytest.approx(1 - exp(-30 * (0.9 + 2) / (180 + 181)))


def test_classes_of_time_since_the_last_step() -> None:
    """30 days and less, 90, 365, longer or never."""
    told = story([on(0, late=0)])
    days = (5, 30, 31, 90, 91, 365, 366)
    assert [since_class(told, START + timedelta(days=d), 3) for d in days] == [0, 0, 1, 1, 2, 2, 3]
    assert since_class(story([]), date(2002, 1, 1), 3) == 3


def bursts(seed: int) -> Story:
    """Two years or so full of steps and as long without take turns: the last half-year tells the next month."""
    numbers = np.random.default_rng(seed)
    days, day = [], 10
    while day < 5000:
        length = int(numbers.integers(500, 900))
        days += list(range(day, min(day + length, 5000), 9))
        day += length + int(numbers.integers(500, 900))
    return story([on(d) for d in days], date(2015, 1, 1))


def test_skill_is_found_in_bursts_and_none_in_chance() -> None:
    """Bursts of two years: the running rate beats the base rates. Steps at an even rate: nothing is said to."""
    months = month_starts(date(2001, 2, 1), date(2014, 6, 1))
    found = score_steps(predict_steps(bursts(4), flat_pool(), 3, 30, months), bursts(4))
    assert next(s for s in found.scores if s.key == "running").skill == "skill over the base rate"
    numbers = np.random.default_rng(9)
    even = story([on(d) for d in np.flatnonzero(numbers.uniform(size=1900) < 1 / 60).tolist()])
    none = score_steps(predict_steps(even, flat_pool(), 3, 30, ORIGINS), even)
    assert {s.skill for s in none.scores} == {"a base rate", "no skill over the base rate"}


def test_a_handful_of_months_shows_no_skill() -> None:
    """A year of months, or months nearly all alike: an interval of blocks says nothing, whatever it is."""
    months = month_starts(date(2001, 2, 1), date(2014, 6, 1))
    for some in (months[:12], [on for on in months if not bursts(4).came(on, 30, 3)][:40]):
        found = score_steps(predict_steps(bursts(4), flat_pool(), 3, 30, some), bursts(4))
        assert {s.skill for s in found.scores} == {"a base rate", "too few months or steps to judge"}


def test_the_comparators_pool_counts_their_windows() -> None:
    """One case of 24 months with a step on the 15th of every second month: half the windows, one step in 61 days."""
    days = [date(2001 + m // 12, m % 12 + 1, 15) for m in range(0, 24, 2)]
    one = Story("a", START, date(2002, 12, 31), tuple(StepAct(d, d, 4.0) for d in days), 1.0, 1.0)
    pool = pool_of([one], 3, 30)
    assert sum(came for _, came in pool.windows) == 12 and len(pool.windows) == 24
    assert pool.rate_per_day == pytest.approx(12 / 730)
