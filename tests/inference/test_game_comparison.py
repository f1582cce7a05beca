"""Comparison of accounts: what it must do on truths that are known, and when it must refuse."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from few_accounts import CODINGS, FEW

from safeconduct.accounts.codings.coding import Coding, read_codings
from safeconduct.accounts.codings.restrictions import ACCOUNTS, BY_KEY, NOTHING, PRIORS, beta22_quantile, draw_stakes
from safeconduct.accounts.game.baselines import Baseline, baselines, counted
from safeconduct.accounts.game.checks import PredictiveCheck, divergence, predictive_check
from safeconduct.accounts.game.compare import AccountComparison, compare_accounts, probabilities
from safeconduct.accounts.game.evidence import evidence_of, one_step_logs, scores_of, weights_of
from safeconduct.accounts.game.importance_sampling import aimed, tempered
from safeconduct.accounts.game.pooled import in_calendar_order
from safeconduct.accounts.game.ranges import RangeRow, Ranges
from safeconduct.accounts.game.recovery import Recovery
from safeconduct.accounts.game.refusal import refusals_of
from safeconduct.accounts.game.result import AccountResult
from safeconduct.accounts.game.solved_prior import Cache, read_shelf, write_shelf
from safeconduct.actors import History, coding_error
from safeconduct.terms import CaseError, Draws


def test_a_comparison_holds_everything_a_page_needs(compared: AccountComparison):
    assert abs(sum(result.probability for result in compared.results) - 1) < 1e-9
    n = len(compared.reading.months)
    for result in compared.results:
        assert result.probability_low <= result.probability <= result.probability_high
        assert result.logs.shape == (n,) and result.answers.shape == (n, 3)
        asked = compared.reading.history.move > 0
        assert np.allclose(result.answers[asked].sum(axis=1), 1, atol=1e-5)
        assert (result.belief.low <= result.belief.mean).all() and (result.belief.mean <= result.belief.high).all()
    assert {baseline.key for baseline in compared.baselines} == {"counts", "markov", "comparators"}
    assert compared.recovery.truth.size == 4 * len(FEW)
    assert {account.id for account in compared.not_expressed} >= {"AC08", "AC11", "AC20"}
    assert all(account.note for account in compared.not_expressed)
    assert compared.is_ranked is (not compared.refusals)


def test_with_moves_scored_the_timing_of_challenges_is_judged_too(strict: Coding, library: Cache):
    """The full likelihood adds the challenger's moves; so does every baseline, one of them with bursts."""
    full = compare_accounts(strict, library, truths=2, recovery_games=40, scores_moves=True)
    assert "timing" in {baseline.key for baseline in full.baselines}
    assert all(baseline.logs[:, 1].sum() < -10 for baseline in full.baselines)
    assert all(result.log_score < -40 for result in full.results)


def test_thin_evidence_is_refused(compared: AccountComparison):
    """40 games cannot carry 100 effective draws."""
    assert any("effective draws" in sentence for sentence in compared.refusals)


def test_one_step_scores_add_up_to_the_evidence(strict: Coding, library: Cache):
    """The product of predictions, each given all before it, is the mean likelihood of the whole history."""
    scores = scores_of(library.shelf(FEW[0]), strict.readings()[0], None, coding_error(0.05))
    assert abs(one_step_logs(scores).sum() - evidence_of(scores.log_likelihood).log) < 1e-9


def test_the_same_seed_gives_the_same_comparison_from_memory_and_from_disk(tmp_path: Path, strict: Coding):
    one = (BY_KEY["overstretch"],)
    first = Cache(1, 12, tmp_path, one)
    logs = []
    for library in (first, Cache(1, 12, tmp_path, one), Cache(1, 12, None, one)):
        shelf = library.shelf(one[0])
        dating = strict.datings["second_war"][0]
        logs.append(scores_of(shelf, strict.readings()[0], dating, coding_error(0.05)).log_likelihood)
    assert np.array_equal(logs[0], logs[1]) and np.array_equal(logs[0], logs[2])
    assert len(list(tmp_path.iterdir())) == 1


def test_a_kept_shelf_that_cannot_be_read_is_solved_anew(tmp_path: Path):
    """Cut short by a full disk or a crash: the same games again, and a whole file in place of it."""
    one = (BY_KEY["static"],)
    first = Cache(1, 12, tmp_path, one).shelf(one[0])
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for spoilt in (whole[: len(whole) // 2], b"", b"no shelf"):
        file.write_bytes(spoilt)
        library = Cache(1, 12, tmp_path, one)
        library.fill()
        assert np.array_equal(library.shelf(one[0]).policies.answer, first.policies.answer)
        assert read_shelf(one[0], file).numbers.size == 12 and len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_written_to_costs_nothing_but_the_keeping(tmp_path: Path):
    (tmp_path / "file").write_text("")
    library = Cache(1, 12, tmp_path / "file" / "games", (BY_KEY["static"],))
    library.fill()
    assert len(library.shelf(BY_KEY["static"]).numbers) == 12 and library.not_kept


def test_what_a_killed_comparison_left_is_swept_after_a_day(tmp_path: Path):
    """Parts that another comparison may be writing now stay."""
    old, new = tmp_path / ".static-a.x.part", tmp_path / ".static-b.y.part"
    for part in (old, new):
        part.write_bytes(b"half")
    os.utime(old, (0, 0))
    Cache(1, 12, tmp_path, ()).fill()
    assert not old.exists() and new.exists()


def test_two_writers_of_one_shelf_do_not_meet(tmp_path: Path):
    """Eight threads write the same file at once: it is whole, and no part is left."""
    one = BY_KEY["static"]
    shelf, path = Cache(1, 12, None, (one,)).shelf(one), tmp_path / "shelf.npz"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: write_shelf(shelf, path), range(24)))
    assert read_shelf(one, path).numbers.size == 12 and list(tmp_path.iterdir()) == [path]


def test_a_dating_moves_only_the_account_that_looks_at_it(compared: AccountComparison):
    for table in compared.ranges.logs:
        assert len(table["overstretch"]) == 3 and len(table["static"]) == 1
        first, same_month, later = table["overstretch"].values()
        assert first == same_month != later


def test_the_predictive_check_looks_at_games_of_the_prior_alone(strict: Coding, library: Cache, compared):
    """Aimed games explain the record by their making: checked with them, an account passes that the prior fails."""
    account, (reading, *_) = BY_KEY["static"], strict.readings()
    told = reading, None, coding_error(0.05), Draws(library.seed)
    found = next(result.check for result in compared.results if result.account is account)
    assert found == predictive_check(library.shelf(account), *told)
    assert found != predictive_check(aimed(library, (strict,)).shelf(account), *told)


def test_tempering_keeps_so_many_games():
    """Log likelihoods 0, -10, ..., -990: one game counts; raised to a power below one, 20 do."""
    steep = -10.0 * np.arange(100)
    kept = tempered(steep, 20.0)
    assert 1 / np.square(weights_of(kept)).sum() == pytest.approx(20.0, rel=1e-3)
    assert tempered(steep, 1.0) is steep
    assert np.allclose(kept / kept[1], steep / steep[1])


def made(
    real: AccountResult, *, best: float = -10.0, baseline: float = -12.0, p_value: float = 0.5, size: int = 500,
    rate: float = 0.9, firsts: tuple[str, ...] = ("a", "a"),
) -> tuple[str, ...]:  # fmt: skip
    """Refusals of a comparison of two accounts: a result of a real one, with what the gates look at replaced."""
    check = PredictiveCheck({"x": 0.0}, {"x": p_value})
    result = replace(real, probability=1.0, log_score=best, evidence=evidence_of(np.zeros(size)), check=check)
    n = 200
    logs = np.where(np.arange(n)[:, None] % 2 == np.arange(2)[None, :], 0.0, -1.0)
    truth = np.where(np.arange(n) < rate * n, np.arange(n) % 2, 1 - np.arange(n) % 2)
    recovery = Recovery(("a", "b"), truth, logs, np.full((n, 2), 500.0))
    tables = tuple({key: {"": 0.0 if key == first else -1.0} for key in ("a", "b")} for first in firsts)
    ranges = Ranges(("one", "two"), tables, (RangeRow("a", 0, "", 1, ""),), 500.0)
    return refusals_of([result], [Baseline("k", "a baseline", np.array([[baseline]]))], ranges, recovery)


def test_accounts_are_ranked_where_every_gate_passes(compared: AccountComparison):
    assert made(compared.results[0]) == ()


@pytest.mark.parametrize(
    ("spoilt", "word"),
    [
        ({"baseline": -9.0}, "without any strategy"),
        ({"p_value": 0.001}, "would rarely produce a record like this one"),
        ({"size": 99}, "fewer than 100 effective draws"),
        ({"rate": 0.5}, "not clearly better than a guess"),
        ({"firsts": ("a", "b")}, "depends on the coding"),
    ],
)
def test_each_failed_gate_is_a_sentence(spoilt: dict[str, Any], word: str, compared: AccountComparison):
    (refused,) = made(compared.results[0], **spoilt)
    assert word in refused and refused.endswith(".")


def test_evidence_of_equal_likelihoods_is_exact():
    found = evidence_of(np.full(50, -3.0))
    assert (found.log, found.standard_error, found.effective_size) == (-3.0, 0.0, 50.0)


def test_counts_are_laplace_rule_of_succession():
    """1/2, 2/3, 3/4 for three heads; so their product is 1 / 4."""
    logs = counted(np.zeros(3, dtype=int), np.zeros(3, dtype=int), np.ones((1, 2)))
    assert np.allclose(np.exp(logs), [1 / 2, 2 / 3, 3 / 4])


def test_challenges_that_come_in_bursts_are_foreseen_better_by_a_timing_that_excites():
    moves = np.zeros(60, dtype=np.int64)
    moves[[10, 11, 12, 13, 14, 40, 41, 42, 43, 44]] = 2
    zeros = np.zeros(60, dtype=np.int64)
    found = {b.key: b for b in baselines(History(zeros, zeros, zeros, moves, zeros), scores_moves=True)}
    steady = np.zeros(60, dtype=np.int64)
    steady[5::6] = 2
    even = {b.key: b for b in baselines(History(zeros, zeros, zeros, steady, zeros), scores_moves=True)}
    assert found["timing"].logs[:, 1].sum() > even["timing"].logs[:, 1].sum() + 2


def test_probabilities_and_divergence():
    assert probabilities({"a": 0.0, "b": np.log(3.0)}) == pytest.approx({"a": 0.25, "b": 0.75})
    assert divergence(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == pytest.approx(1.0)
    assert divergence(np.array([0.3, 0.7]), np.array([0.3, 0.7])) == 0.0


def test_shared_stakes_are_shared_draws():
    """Two accounts differ in the stakes that one of them changes, and in nothing else."""
    plain, _ = draw_stakes(BY_KEY["hollow"], Draws(0), 3)
    tied, _ = draw_stakes(BY_KEY["overstretch"], Draws(0), 3)
    assert [replace(one, war_cost=0.0) for one in tied] == list(plain)
    assert all(one.war_cost > 0.5 for one in tied)


def test_the_prior_belief_is_beta_2_2():
    """Mean 1/2, variance 1/20; the quantile inverts 3x^2 - 2x^3."""
    for chance in (0.01, 0.3, 0.5, 0.99):
        x = beta22_quantile(chance)
        assert abs(3 * x**2 - 2 * x**3 - chance) < 1e-12


def test_every_account_changes_only_what_has_a_prior_and_looks_at_one_covariate():
    for account in ACCOUNTS:
        assert set(account.changes) <= set(PRIORS)
        assert (len(account.levels) > 1) is bool(account.covariate)


def test_pooled_histories_go_by_the_calendar(strict: Coding):
    (other,) = read_codings(CODINGS / "guarantees" / "transnistria", ("strict",))
    merged, places = in_calendar_order([strict.readings()[0], other.readings()[0]])
    assert len(merged) == len(places) == 35 + 204
    assert places[-1][0] == 0 and places[0][0] == 1  # the other guarantee begins in 2004, this one ends in 2023


SLIPS = {
    "a covariate": ("outside.yaml", "second_war:", "second_wor:", 'did you mean "second_war"'),
    "a covariate that no account looks at": (
        "outside.yaml", "exit_cost: []", "exit_cost: [{name: x, spans: []}]", "none looks at it",
    ),
    "days": ("outside.yaml", "until: 2022-12-31", "until: 2021-12-31", "a day from 2022-01-01 on"),
    "a dating": (
        "outside.yaml", "gas contract, 15 November 2022 (E058)",
        "declaration on allied interaction, 22 February 2022 (E037)", "a name that is not used before",
    ),
    "a month": ("strict.yaml", "from: 2020-11", "from: 2020-13", "a month such as 2022-03"),
    "months": ("strict.yaml", "from: 2020-11", "from: 2023-11", "a month from 2023-11 on"),
    "no act": ("strict.yaml", "until: 2023-09", "until: 2020-11", "no act that counts as a move"),
    "a scope": ("strict.yaml", "scopes: [zone]", "scopes: [zoen]", 'did you mean "zone"'),
    "a row": ("strict.yaml", "excused_grounds: []", "left_out: [E999]", "a row of acts.csv"),
    "grounds": ("strict.yaml", "excused_grounds: []", "excused_grounds: [breech]", 'did you mean "breach"'),
    "days of a variant": ("strict.yaml", "answer_within_days: 3}", "answer_within_days: -3}", "greater than 0"),
    "a name": ("strict.yaml", "title:", "titel:", "title is missing"),
    "an early answer": ("acts.csv", "E043,2022-03-26", "E043,2021-03-26", "a day from E042 on, 2022-03-24"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_of_the_pen_in_a_coding_is_a_fault_with_its_line(slip: str, tmp_path: Path):
    """What would else be left out in silence."""
    for name in ("acts.csv", "outside.yaml", "strict.yaml"):
        (tmp_path / name).write_text((CODINGS / name).read_text())
    file, was, now, told = SLIPS[slip]
    text = (tmp_path / file).read_text()
    assert was in text
    (tmp_path / file).write_text(text.replace(was, now))
    with pytest.raises(CaseError, match=re.escape(told)) as error:
        read_codings(tmp_path, ("strict",))
    assert all(fault.file == file for fault in error.value.faults)


def test_a_coding_ends_with_an_offensive_that_nobody_opposed(strict: Coding):
    """Months after it lie outside the game; opposed, the game goes on."""
    later = replace(strict, rules=strict.rules.model_copy(update={"until": "2024-03"}))
    assert later.readings()[0].months == strict.readings()[0].months
    answers = [act.row for act in strict.acts if act.kind == "answer" and "E113" in act.answers_to]
    opposed = later.with_answers(dict.fromkeys(answers, "enforcement"))
    assert opposed.readings()[0].months[-1] == "2024-03"


def test_faulty_codings_are_told_all_at_once(tmp_path: Path):
    for name in ("acts.csv", "outside.yaml", "strict.yaml"):
        (tmp_path / name).write_text((CODINGS / name).read_text())
    acts = (tmp_path / "acts.csv").read_text().replace("2021-10-09,0,move,strike", "9 Oct,0,move,hit")
    (tmp_path / "acts.csv").write_text(acts)
    rules = (tmp_path / "strict.yaml").read_text().replace("coding_error_chance: 0.05", "coding_error_chance: 5")
    (tmp_path / "strict.yaml").write_text(rules.replace("mediation: words,", "mediation: shouting,"))
    (tmp_path / "outside.yaml").write_text((tmp_path / "outside.yaml").read_text().replace("level: 1}", "level: 0.7}"))
    with pytest.raises(CaseError) as error:
        read_codings(tmp_path, ("strict",))
    told = {(fault.file, fault.column) for fault in error.value.faults}
    assert {("acts.csv", "date"), ("acts.csv", "code"), ("strict.yaml", "coding_error_chance")} <= told
    assert ("outside.yaml", "second_war.0.spans.0.level") in told
    assert all(fault.line > 0 for fault in error.value.faults)


def test_the_page_states_every_prior_and_every_account():
    page = (Path(__file__).parents[2] / "docs" / "game.md").read_text()
    stated = [f"| `{name}` | {law} |" for name, law in PRIORS.items() if law != NOTHING]
    assert not [row for row in stated if row not in page]
    assert not [account.key for account in ACCOUNTS if f"| `{account.key}` | {account.says} |" not in page]
