"""The model of answers: it finds skill where there is some and none in noise, never sees what it foretells."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from safeconduct.accounts import RECORDED_ANSWERS
from safeconduct.comparators import Ceasefire, Ceasefires, read_ceasefires
from safeconduct.comparators.ceasefires import ACTING, PROTECTED, Challenge, ForceAnswer, Said, When
from safeconduct.comparators.mixed_ordinal_model import Covariates, Effects, Outcome, fit_effects
from safeconduct.comparators.predictors import FIRM_OR_NOT, FIVE, MARGINAL, MODEL, PREDICTORS, RUNNING, outcomes
from safeconduct.comparators.scores import Comparison, brier_scores, leave_one_case_out, log_scores, resampled
from safeconduct.scenario import shipped_cases

FEW = tuple(one for one in PREDICTORS if one.key in ("marginal", "running", "running 1", "running 5", "model"))
NO_EARLIER = next(one for one in PREDICTORS if one.key == "no earlier")
SAID = Said("somebody", "somewhere", "something", "", "invented", "")
START = date(2001, 1, 1)


def act(case: str, n: int, severity: float, level: int | None, by: str = ACTING) -> Challenge:
    """An act of day 10 n, answered the day after."""
    day = START + timedelta(days=10 * n)
    after = When(day + timedelta(days=1), day + timedelta(days=1))
    answers = () if level is None else (ForceAnswer(f"{case}-{n}-a", after, level, SAID),)
    return Challenge(f"{case}-{n}", case, When(day, day), by, "fire", severity, SAID, answers)


def made(levels: list[list[int]], severities: list[list[float]]) -> Ceasefires:
    """Cases with these answers and severities."""
    return Ceasefires(
        tuple(
            Ceasefire(
                f"c{k:02d}",
                {"name": f"c{k:02d}"},
                1.0,
                1.0,
                (),
                tuple(act(f"c{k:02d}", n, s, level) for n, (level, s) in enumerate(zip(row, grave, strict=True))),
            )
            for k, (row, grave) in enumerate(zip(levels, severities, strict=True))
        ),
        (),
    )


def drawn(n_cases: int, n_acts: int, slope: float, case_sd: float) -> Ceasefires:
    """Answers none or enforcement, with a logit of slope x (severity - 2.5) and an effect of the case."""
    numbers = np.random.default_rng(11)
    severities = numbers.integers(0, 6, (n_cases, n_acts)).astype(float)
    logit = slope * (severities - 2.5) + case_sd * numbers.normal(size=(n_cases, 1))
    levels = np.where(numbers.uniform(size=logit.shape) < 1 / (1 + np.exp(-logit)), 4, 0)
    return made(levels.tolist(), severities.tolist())


@pytest.fixture(scope="module")
def by_severity() -> Comparison:
    return leave_one_case_out(drawn(12, 10, 1.2, 0.5), FIRM_OR_NOT, FEW)


def test_a_model_with_real_skill_is_found_to_have_it(by_severity: Comparison) -> None:
    """A slope of 1.2 a degree of severity is far from chance in 120 acts."""
    assert by_severity.has_skill(MODEL.key)
    assert by_severity.verdict().startswith("The hierarchical model has skill over the rates of the other cases and")


def test_in_noise_it_says_that_there_is_none() -> None:
    """Answers tossed like a coin: neither model nor running rate foretells them (a running rate chases the coin, so the
    model may beat that; skill needs both)."""
    found = leave_one_case_out(drawn(12, 10, 0.0, 0.0), FIRM_OR_NOT, FEW)
    assert not found.has_skill(MODEL.key) and "no skill beyond the rates of the other cases" in found.verdict()
    assert not found.gain(RUNNING.key, MARGINAL.key).is_clear


def test_forces_that_differ_are_told_by_their_earlier_answers() -> None:
    """Where cases differ by 3 logits, running rate and model both beat the marginal rates, the model by its updates."""
    ceasefires = drawn(12, 8, 0.0, 3.0)
    found = leave_one_case_out(ceasefires, FIRM_OR_NOT, (*FEW, NO_EARLIER))
    assert found.gain(RUNNING.key, MARGINAL.key).is_clear and found.gain(MODEL.key, MARGINAL.key).is_clear
    assert found.gain(MODEL.key, NO_EARLIER.key).is_clear


def changed(ceasefires: Ceasefires, key: str, first: int) -> Ceasefires:
    """The same with every answer of one case turned round from some act on."""

    def turned(n: int, one: Challenge) -> Challenge:
        return replace(one, answers=tuple(replace(a, level=4 - a.level) for a in one.answers)) if n >= first else one

    cases = tuple(
        replace(case, challenges=tuple(turned(n, one) for n, one in enumerate(case.challenges)))
        if case.key == key
        else case
        for case in ceasefires.cases
    )
    return replace(ceasefires, cases=cases)


def test_a_left_out_case_is_not_in_its_own_fit() -> None:
    """Turning its answers round moves no prediction of it made without them, and moves those of other cases."""
    ceasefires = drawn(6, 8, 1.0, 1.0)
    key = "c02"
    one, other = (
        leave_one_case_out(found, FIRM_OR_NOT, (MARGINAL, RUNNING, NO_EARLIER))
        for found in (ceasefires, changed(ceasefires, key, 0))
    )
    mine = np.array([row.case == key for row in one.rows])
    for predictor in (MARGINAL.key, NO_EARLIER.key):
        before, after = (found.by_key(predictor).chances.mean for found in (one, other))
        assert np.array_equal(before[mine], after[mine])
        assert not np.allclose(before[~mine], after[~mine], atol=1e-6)


def test_a_later_answer_moves_no_earlier_prediction() -> None:
    """With the case's own earlier answers in use: acts up to the fifth are foretold alike, later ones are not."""
    ceasefires = drawn(6, 8, 1.0, 1.0)
    few = (MARGINAL, RUNNING, MODEL)
    one, other = (leave_one_case_out(f, FIVE, few) for f in (ceasefires, changed(ceasefires, "c02", 4)))
    mine = [n for n, row in enumerate(one.rows) if row.case == "c02"]
    for predictor in (RUNNING.key, MODEL.key):
        before, after = (found.by_key(predictor).chances.mean[mine] for found in (one, other))
        assert np.array_equal(before[:5], after[:5]) and not np.allclose(before[5:], after[5:])


def test_earlier_means_answered_before_the_day_of_the_act() -> None:
    """An answer of the same day or dated only to the month of the act is not yet known."""
    month = When(date(2001, 1, 1), date(2001, 1, 31))
    slow = replace(act("c", 0, 3, 4), answers=(ForceAnswer("a", month, 4, SAID),))
    case = Ceasefire("c", {}, 1.0, 1.0, (), (slow, act("c", 1, 3, 0), act("c", 4, 3, 0)))
    assert [len(row.earlier) for row in outcomes(case, FIVE)] == [0, 0, 2]


def test_acts_of_the_protected_side_and_unanswered_acts_are_not_scored() -> None:
    """They stay in the table; a missing answer is not silence."""
    case = Ceasefire("c", {}, 1.0, 1.0, (), (act("c", 0, 3, 1, PROTECTED), act("c", 1, 3, None), act("c", 2, 3, 2)))
    assert [row.level for row in outcomes(case, FIVE)] == [None, 2]


def test_levels_are_reached_step_by_step() -> None:
    """Thresholds of 0 and no spread: half stop at each level; an unknown effect makes the interval wide."""
    flat = Effects(5, (), np.zeros((1, 4)), np.zeros((1, 0)), np.array([1e-9]))
    row = Outcome("new", "x", Covariates(()), None)
    assert np.allclose(flat.predict([row]).mean, [[1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 16]])
    spread = Effects(2, (), np.zeros((1, 1)), np.zeros((1, 0)), np.array([2.0])).predict([row])
    assert np.allclose(spread.mean, 0.5) and spread.low[0, 1] < 0.1 and spread.high[0, 1] > 0.9


def test_earlier_answers_move_the_case_by_bayes() -> None:
    """Two points of the grid by hand would be coarse; against a fine sum over the same prior the update agrees."""
    effects = Effects(2, (), np.zeros((1, 1)), np.zeros((1, 0)), np.array([1.5]))
    row = Outcome("new", "x", Covariates(()), None, ((Covariates(()), 1), (Covariates(()), 1)))
    z = np.linspace(-8, 8, 20001)
    weight, yes = np.exp(-z * z / 2), 1 / (1 + np.exp(-1.5 * z))
    expected = (weight * yes**3).sum() / (weight * yes**2).sum()
    assert effects.predict([row]).mean[0, 1] == pytest.approx(expected, abs=2e-3)


def test_the_fit_finds_a_known_slope_and_repeats_itself() -> None:
    """40 cases of 25 acts, slope 1 per scaled degree: within four posterior standard deviations, twice the same."""
    numbers = np.random.default_rng(5)
    x = numbers.normal(size=(40, 25))
    effect = numbers.normal(size=(40, 1))
    levels = numbers.uniform(size=x.shape) < 1 / (1 + np.exp(-(x + effect)))
    rows = [
        Outcome(f"c{k}", f"{k}-{n}", Covariates((float(x[k, n]),)), int(levels[k, n]))
        for k in range(40)
        for n in range(25)
    ]
    one, again = fit_effects(rows, 2), fit_effects(rows, 2)
    slope = one.fixed[:, 1]
    assert abs(slope.mean() - 1.0) < 4 * max(slope.std(), 0.08)
    assert abs(np.log(one.case_sd.mean())) < 0.45  # sd 1 of 40 cases: four times 1 / sqrt(2 x 40)
    assert np.array_equal(one.fixed, again.fixed)


def test_scores_are_the_textbook_ones() -> None:
    """By hand: ln 0.8 and ln 0.3; squares of 0.2 and 0.7."""
    chances, levels = np.array([[0.2, 0.8], [0.3, 0.7]]), np.array([1, 0])
    assert np.allclose(log_scores(chances, levels), np.log([0.8, 0.3]))
    assert np.allclose(brier_scores(chances, levels), [0.04, 0.49])
    five = np.array([[0.1, 0.2, 0.4, 0.2, 0.1]])
    assert brier_scores(five, np.array([2]))[0] == pytest.approx(0.01 + 0.04 + 0.36 + 0.04 + 0.01)


def test_standard_errors_are_those_of_whole_cases() -> None:
    """Ten acts alike in each of 25 cases: the error is sd / 5, not sd / sqrt(250). Tolerance: four errors of an sd."""
    numbers = np.random.default_rng(3)
    means = numbers.normal(size=25)
    errors = resampled(np.repeat(means, 10), [f"c{k}" for k in range(25) for _ in range(10)]).std()
    expected = means.std() / 5
    assert abs(errors - expected) < 4 * expected / np.sqrt(2 * 2000)


def test_chances_of_answers_sum_to_one(by_severity: Comparison) -> None:
    for one in by_severity.scored:
        assert np.allclose(one.chances.mean.sum(axis=1), 1.0) and (one.chances.mean > 0).all()
        assert (one.chances.low <= one.chances.mean + 1e-9).all() and (
            one.chances.mean <= one.chances.high + 1e-9
        ).all()


def test_the_shipped_folder_holds_what_its_page_says() -> None:
    """17 cases, 172 acts of acting sides, 139 with an answer looked for; the first case of the project is not there."""
    found = read_ceasefires(shipped_cases() / "comparators")
    assert (len(found.cases), len(found.challenges)) == (17, 172)
    assert sum(one.strongest is not None for one in found.challenges) == 139
    assert {code.code for code in found.codes_of("answer")} == set(RECORDED_ANSWERS)
    assert not any("karabakh" in case.told["name"].lower() for case in found.cases)


def test_the_counts_that_the_game_uses_are_those_of_the_folder() -> None:
    """`codings/comparators.csv` of the first case, counted anew: severity 2 and more, known answers, 5 = offensive."""
    case = shipped_cases() / "karabakh" / "codings" / "comparators.csv"
    told = {(r["case_id"], r["move"], r["answer"]): int(r["n"]) for r in csv.DictReader(case.open(encoding="utf-8"))}
    acts = [one for one in read_ceasefires(shipped_cases() / "comparators").challenges if one.severity >= 2]
    counted = Counter(
        (one.case, "offensive" if one.severity >= 5 else "probe", RECORDED_ANSWERS[one.strongest])
        for one in acts
        if one.strongest is not None
    )
    assert told == counted and sum(counted.values()) == 128
