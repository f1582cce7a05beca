"""Comparison of accounts: what it must do on truths that are known, and when it must refuse."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from safeconduct.actors import History, coding_error
from safeconduct.inference.game_accounts import ACCOUNTS, BY_KEY, NOTHING, PRIORS, beta22_quantile, draw_stakes
from safeconduct.inference.game_baselines import Baseline, baselines, counted
from safeconduct.inference.game_checks import divergence
from safeconduct.inference.game_coding import Coding, read_codings
from safeconduct.inference.game_compare import AccountComparison, compare_accounts, probabilities
from safeconduct.inference.game_evidence import evidence_of, one_step_logs, scores_of
from safeconduct.inference.game_library import Library
from safeconduct.inference.game_pooled import in_calendar_order
from safeconduct.inference.game_ranges import RangeRow, Ranges
from safeconduct.inference.game_recovery import Recovery
from safeconduct.inference.game_refusal import refusals_of
from safeconduct.inference.game_tables import read_comparators, read_held_accounts
from safeconduct.terms import CaseError, Draws

CODINGS = Path(__file__).parents[2] / "src" / "safeconduct" / "cases" / "karabakh" / "codings"
FEW = tuple(BY_KEY[key] for key in ("static", "overstretch", "face_saving"))


@pytest.fixture(scope="module")
def strict() -> Coding:
    return read_codings(CODINGS, ("strict",))[0]


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(seed=0, n_draws=80, accounts=FEW)


@pytest.fixture(scope="module")
def compared(strict: Coding, library: Library) -> AccountComparison:
    return compare_accounts(
        strict,
        library,
        held=read_held_accounts(CODINGS),
        comparators=read_comparators(CODINGS),
        truths=4,
        recovery_games=80,
    )


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


def test_with_moves_scored_the_timing_of_challenges_is_judged_too(strict: Coding, library: Library):
    """The full likelihood adds the challenger's moves; so does every baseline, one of them with bursts."""
    full = compare_accounts(strict, library, truths=2, recovery_games=40, scores_moves=True)
    assert "timing" in {baseline.key for baseline in full.baselines}
    assert all(baseline.logs[:, 1].sum() < -10 for baseline in full.baselines)
    assert all(result.log_score < -40 for result in full.results)


def test_thin_evidence_is_refused(compared: AccountComparison):
    """80 games cannot carry 100 effective draws."""
    assert any("effective draws" in sentence for sentence in compared.refusals)


def test_one_step_scores_add_up_to_the_evidence(strict: Coding, library: Library):
    """The product of predictions, each given all before it, is the mean likelihood of the whole history."""
    scores = scores_of(library.shelf(FEW[0]), strict.readings()[0], None, coding_error(0.05))
    assert abs(one_step_logs(scores).sum() - evidence_of(scores.log_likelihood).log) < 1e-9


def test_the_same_seed_gives_the_same_comparison_from_memory_and_from_disk(tmp_path: Path, strict: Coding):
    one = (BY_KEY["overstretch"],)
    first = Library(1, 12, tmp_path, one)
    logs = []
    for library in (first, Library(1, 12, tmp_path, one), Library(1, 12, None, one)):
        shelf = library.shelf(one[0])
        dating = strict.datings["second_war"][0]
        logs.append(scores_of(shelf, strict.readings()[0], dating, coding_error(0.05)).log_likelihood)
    assert np.array_equal(logs[0], logs[1]) and np.array_equal(logs[0], logs[2])
    assert len(list(tmp_path.iterdir())) == 1


def test_a_tampered_coding_changes_hash_and_probabilities(strict: Coding, library: Library, compared):
    """Two answers flipped to enforcement: another hash, and words-only loses what it had."""
    tampered = strict.with_answers({"E043": "enforcement", "E064": "enforcement"})
    assert tampered.hash != strict.hash
    after = compare_accounts(tampered, library, truths=2, recovery_games=40)
    chance = {r.account.key: r.probability for r in after.results}
    before = {r.account.key: r.probability for r in compared.results}
    assert chance["face_saving"] < before["face_saving"] / 2


def test_a_dating_moves_only_the_account_that_looks_at_it(compared: AccountComparison):
    for table in compared.ranges.logs:
        assert len(table["overstretch"]) == 3 and len(table["static"]) == 1
        first, same_month, later = table["overstretch"].values()
        assert first == same_month != later


def made(best: float, baseline: float, *, rate: float = 0.9, firsts: tuple[str, ...] = ("a", "a")) -> tuple[str, ...]:
    """Refusals of an invented comparison of two accounts."""

    class Check:
        passes, worst, p_values = True, "x", {"x": 0.5}

    class Result:
        account, check, probability, log_score = FEW[0], Check, 1.0, best
        evidence = replace(evidence_of(np.zeros(500)))

    n = 200
    logs = np.where(np.arange(n)[:, None] % 2 == np.arange(2)[None, :], 0.0, -1.0)
    truth = np.where(np.arange(n) < rate * n, np.arange(n) % 2, 1 - np.arange(n) % 2)
    recovery = Recovery(("a", "b"), truth, logs, np.full((n, 2), 500.0))
    tables = tuple({key: {"": 0.0 if key == first else -1.0} for key in ("a", "b")} for first in firsts)
    ranges = Ranges(("one", "two"), tables, (RangeRow("a", 0, "", 1, ""),))
    return refusals_of([Result], [Baseline("k", "a baseline", np.array([[baseline]]))], ranges, recovery)


def test_accounts_are_ranked_where_every_gate_passes():
    assert made(-10.0, -12.0) == ()


@pytest.mark.parametrize(
    ("refused", "word"),
    [
        (made(-10.0, -9.0), "without any strategy"),
        (made(-10.0, -12.0, rate=0.5), "not clearly better than a guess"),
        (made(-10.0, -12.0, firsts=("a", "b")), "depends on the coding"),
    ],
)
def test_each_failed_gate_is_a_sentence(refused: tuple[str, ...], word: str):
    assert len(refused) == 1 and word in refused[0] and refused[0].endswith(".")


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
    assert ("outside.yaml", "second_war.level") in told


def test_the_page_states_every_prior_and_every_account():
    page = (Path(__file__).parents[2] / "docs" / "game.md").read_text()
    stated = [f"| `{name}` | {law} |" for name, law in PRIORS.items() if law != NOTHING]
    assert not [row for row in stated if row not in page]
    assert not [account.key for account in ACCOUNTS if f"| `{account.key}` | {account.says} |" not in page]
