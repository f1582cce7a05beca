"""The game's page and figures: refusal said first, parties by name, accounts left out named, a tampered coding told."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from few_accounts import CODINGS, FEW

from safeconduct.accounts.codings.coding import Coding, read_codings
from safeconduct.accounts.codings.restrictions import BY_KEY
from safeconduct.accounts.game.case import coding_names
from safeconduct.accounts.game.compare import AccountComparison, compare_accounts
from safeconduct.accounts.game.evidence import evidence_of, scores_of
from safeconduct.accounts.game.importance_sampling import aimed
from safeconduct.accounts.game.pooled import HERE, compare_pooled
from safeconduct.accounts.game.solved_prior import Cache
from safeconduct.accounts.table import Account, Holder
from safeconduct.app import main
from safeconduct.findings.accounts import GameView, game_summary, write_game
from safeconduct.terms import role_words_in, verdict_words_in


@pytest.fixture(scope="module")
def page(compared: AccountComparison, library: Cache, strict: Coding, tmp_path_factory) -> str:
    pooled = compare_pooled({"strict": {"this case": strict}}, library)
    folder = tmp_path_factory.mktemp("out") / "case"
    return write_game(GameView("Case", compared, pooled), folder).read_text()


def plain(page: str) -> str:
    """What a reader sees of a page, holders' own titles apart."""
    page = re.sub(r"<cite>.*?</cite>", " ", page)
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.S))


def test_refusal_is_said_first_with_its_reasons(page: str, compared: AccountComparison):
    text = plain(page)
    assert compared.refusals and not compared.is_ranked
    assert text.index("The accounts are not ranked") < text.index("Chances, with their range")
    for sentence in compared.refusals:
        assert sentence.replace("protege's", "Armenian side's") in text or sentence in text
    assert "No motive can be shown" in text


def test_parties_are_named_and_roles_are_not(page: str, compared: AccountComparison):
    text = plain(page)
    assert role_words_in(text) == () and verdict_words_in(text) == ()
    for name in (compared.coding.rules.parties.challenger, compared.coding.rules.parties.guarantor):
        assert name in text


def test_the_page_holds_what_must_stand_beside_a_comparison(page: str, compared: AccountComparison):
    text = plain(page)
    assert compared.coding.hash in text
    assert all(one.id in text and one.note in text.replace("&#39;", "'") for one in compared.not_expressed)
    assert all(baseline.title in text for baseline in compared.baselines)
    assert page.count('<tr><th scope="row">') > 30 and page.count("<svg") >= 1 + len(FEW)
    assert "http" not in re.sub(r"<cite>.*?</cite>", "", page.split("</style>")[1].split("Content-Security")[0])


def test_pooled_ranges_go_over_codings_and_hold_the_chances(strict: Coding, library: Cache):
    """Two codings of two guarantees: every range holds the chance of the coding asked for; shares sum to 1."""
    here = dict(zip(("strict", "broad"), read_codings(CODINGS, ("strict", "broad")), strict=True))
    there = read_codings(CODINGS / "guarantees" / "south-ossetia", ("strict", "broad"))
    codings = {key: {"there": other, HERE: here[key]} for key, other in zip(here, there, strict=True)}
    found = compare_pooled(codings, library)
    alone = compare_pooled({"strict": codings["strict"]}, library)
    assert found.readings == ("strict", "broad") and found.cases == ("there", HERE)
    for one, same in zip(found.accounts, alone.accounts, strict=True):
        assert (one.key, one.probability_apart, one.shared) == (same.key, same.probability_apart, same.shared)
        for ends, narrow, chance in (
            (one.range_apart, same.range_apart, one.probability_apart),
            (one.range_shared, same.range_shared, one.probability_shared),
        ):
            assert ends.low <= narrow.low <= chance <= narrow.high <= ends.high
    assert sum(one.probability_apart for one in found.accounts) == pytest.approx(1)
    assert any(one.range_shared != alone.accounts[n].range_shared for n, one in enumerate(found.accounts))


def test_accounts_of_the_table_of_which_nothing_says_whether_the_game_has_them_are_named(compared: AccountComparison):
    """An account of somebody's own, and one that the case's accounts.csv forgot; parts of a named one are named."""
    one = Account("OWN1", "a bet on time", "bet", "why", "text", "that", (Holder("somebody", "", ()),), is_added=True)
    table = {"OWN1": one, "AC99": replace(one, id="AC99", is_added=False), "AC21a": one, "AC01": one}
    told = {left.id: left for left in GameView("Case", compared, table=table).not_expressed}
    assert "accounts of the game are code" in told["OWN1"].note and "does not say" in told["AC99"].note
    assert told["OWN1"].held_by == "somebody" and not {"AC21a", "AC01"} & set(told)
    assert set(told) > {account.id for account in compared.not_expressed}


def test_where_accounts_are_ranked_the_page_says_so_and_orders_them(compared: AccountComparison):
    ranked = GameView("Case", replace(compared, refusals=()))
    assert [one.account.key for one in ranked.rows] == [one.account.key for one in compared.results]
    refused = GameView("Case", compared)
    assert [one.account.key for one in refused.rows] == [account.key for account in FEW]
    assert "in order of their chance" in ranked.verdict and "Not ranked" in refused.verdict


def test_a_tampered_coding_is_named_by_its_hash_and_moves_the_ranges(strict: Coding, library: Cache, tmp_path: Path):
    """Two answers flipped to enforcement: the page's codebook and every range change."""
    tampered = strict.with_answers({"E043": "enforcement", "E064": "enforcement"})
    figures = []
    for turn, coding in enumerate((strict, tampered)):
        found = compare_accounts(coding, library, truths=2, recovery_games=40)
        write_game(GameView("Case", found), tmp_path / str(turn))
        figures.append(json.loads((tmp_path / str(turn) / "game.json").read_text()))
    assert figures[0]["codebook"] != figures[1]["codebook"]
    ends = [[one["accounts"]["face_saving"][f"probability_{end}"] for end in ("low", "high")] for one in figures]
    assert ends[1][0] < ends[0][0] and ends[1][1] < ends[0][1]
    chances = [one["accounts"]["face_saving"]["probability"] for one in figures]
    assert chances[1] < chances[0] / 2


def test_aimed_games_leave_the_evidence_as_it_is_and_carry_more(strict: Coding):
    """Log evidence of the prior alone and with aimed games agree within 4 of their errors; more draws count."""
    one = BY_KEY["static"]
    library = Cache(3, 400, accounts=(one,))
    found = []
    for shelf in (library.shelf(one), aimed(library, (strict,)).shelf(one)):
        assert np.all(shelf.log_weight <= np.log(2.5) + 1e-9)
        found.append(evidence_of(scores_of(shelf, strict.readings()[0], None, np.eye(3)).log_likelihood))
    apart = (found[0].standard_error ** 2 + found[1].standard_error ** 2) ** 0.5
    assert abs(found[0].log - found[1].log) < 4 * apart
    assert found[1].effective_size > 4 * found[0].effective_size


def test_the_terminal_says_it_too(compared: AccountComparison):
    lines, table = game_summary(GameView("Case", compared))
    assert any("Not ranked" in line for line in lines) and any("codebook" in line for line in lines)
    assert len(table.rows) == len(FEW) + len(compared.baselines)


def test_strict_is_the_coding_taken_by_default():
    assert coding_names(CODINGS.parent) == ("strict", "broad", "obligations")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--full"], "add --game"),
        (["--game", "--json"], "leave --json out"),
        (["--game", "--games", "5"], "--games"),
        (["--game", "--coding", "strikt"], "strict"),
        (["--game", "--cache", "/dev/null/games"], "cannot be written to"),
        (["--game", "--pooled", "--coding", "obligations"], "not every other guarantee has the coding obligations"),
    ],
)
def test_what_does_not_fit_together_is_told_before_anything_is_written(options: list[str], told: str, tmp_path: Path):
    said = CliRunner().invoke(main, ["accounts", "karabakh", "--out", str(tmp_path / "o"), *options])
    assert said.exit_code == 2 and told in said.output and not (tmp_path / "o").exists()
