"""Properties of the ledger's files: order and repetition of imports, round trips, as-of views, kills, the index."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hand_claims import NOON, said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from killed_import import kill_at_random, write_claims

from safeconduct.ledger import (
    Claim,
    Query,
    as_of,
    find,
    import_files,
    observe,
    open_index,
    read_ledger,
    to_csv,
    to_json,
)
from safeconduct.ledger.store import index_path
from safeconduct.scenario import shipped_cases

RECORD = read_ledger(shipped_cases() / "karabakh")
SLOW = settings(max_examples=12, suppress_health_check=list(HealthCheck))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=12).map(
    lambda text: " ".join(text.split())
)
NUMBERS = st.none() | st.floats(0, 1e9).map(lambda number: round(number, 3))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexes of these tests lie in their own folder."""
    monkeypatch.setenv("SAFECONDUCT_CACHE", str(tmp_path / "cache"))


@st.composite
def many_claims(draw: st.DrawFn) -> list[Claim]:
    """Claims of any words and numbers, each with an id of its own."""
    claims = []
    for number in range(draw(st.integers(0, 6))):
        one = said(
            f"C{number}",
            draw(NUMBERS),
            hours=draw(st.integers(-9999, 9999)),
            precision=draw(st.sampled_from(("exact", "approximate", "day", "month", "year"))),
        )
        words = {name: draw(WORDS) for name in ("remark", "context", "words", "scope", "hedge", "place_said", "place")}
        claims.append(replace(one, **words, published=NOON + timedelta(hours=draw(st.integers(-99, 99)))))
    return claims


@SLOW
@given(many_claims())
def test_save_load_export_import_give_the_same_claims(tmp_path: Path, claims: list[Claim]) -> None:
    """Whatever commas, quotes or letters the words hold."""
    target, source = tmp_path / "claims.csv", tmp_path / "source.csv"
    target.unlink(missing_ok=True)
    source.write_text(to_csv(claims), "utf-8")
    import_files(target, [source])
    once = read_ledger(target if claims else source).claims
    source.write_text(to_csv(once, tags=True), "utf-8")
    target.unlink(missing_ok=True)
    import_files(target, [source])
    assert read_ledger(target if claims else source).claims == once if claims else not once
    assert len(json.loads(to_json(once))) == len(claims)


def test_the_order_of_imports_does_not_matter(tmp_path: Path) -> None:
    """Three tables in every order, one by one: the same bytes."""
    sources = [tmp_path / f"{name}.csv" for name in "abc"]
    for source in sources:
        write_claims(source, source.stem, 5)
    found = set()
    for number, order in enumerate(permutations(sources)):
        target = tmp_path / f"case{number}" / "claims.csv"
        target.parent.mkdir()
        for source in order:
            import_files(target, [source])
        found.add(target.read_bytes())
    assert len(found) == 1


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    """Neither bytes nor the time of change."""
    source, target = tmp_path / "a.csv", tmp_path / "claims.csv"
    write_claims(source, "a", 5)
    import_files(target, [source])
    before = (target.read_bytes(), target.stat().st_mtime_ns)
    assert import_files(target, [source, source]).added == ()
    assert (target.read_bytes(), target.stat().st_mtime_ns) == before


@settings(max_examples=60)
@given(st.datetimes(datetime(2020, 1, 1), datetime(2024, 12, 31)).map(lambda when: when.replace(tzinfo=UTC)))
def test_nothing_published_later_is_in_a_view(when: datetime) -> None:
    """For random dates, on the shipped record: claims, links and observations."""
    view = as_of(RECORD, when)
    ids = {claim.id for claim in view.claims}
    assert ids == {c.id for c in RECORD.claims if c.published is not None and c.published <= when}
    for claim in view.claims:
        assert ids.issuperset((*claim.retells, *claim.disputes, *claim.supersedes, *claim.responds_to))
    for seen in observe(view, "cum_arrivals_persons", "hakari_bridge"):
        assert ids.issuperset(seen.claims) and ids.issuperset(name for name, _ in seen.left_out)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 9)), max_size=12))
def test_running_totals_never_fall_and_intervals_hold_their_best(points: list[tuple[int, int]]) -> None:
    """Whatever is reported when."""
    claims = [said(f"C{n}", float(value), hours=hour) for n, (value, hour) in enumerate(points)]
    seen = observe(replace(RECORD, claims=tuple(claims)), "cum_arrivals_persons", "gate")
    assert seen == ()
    counted = [replace(claim, quantity="cum_arrivals_persons") for claim in claims]
    seen = observe(replace(RECORD, claims=tuple(counted)), "cum_arrivals_persons", "gate")
    assert all(one.low <= one.best <= one.high for one in seen)
    for earlier, later in zip(seen, seen[1:], strict=False):
        assert earlier.best <= later.best and earlier.low <= later.high


def test_the_index_answers_as_the_file_does() -> None:
    """By kind, quantity, place, side, words and date of publication."""
    connection = open_index(shipped_cases() / "karabakh" / "claims.csv")
    claims = RECORD.claims
    assert {c.id for c in find(connection, Query())} == {c.id for c in claims}
    for query, wanted in (
        (Query(kind="status"), lambda c: c.kind == "status"),
        (Query(quantity="cum_arrivals_persons", place="hakari_bridge"), lambda c: c.quantity == "cum_arrivals_persons"),
        (Query(side="Russia"), lambda c: RECORD.side(c) == "Russia"),
        (Query(voice="ICRC"), lambda c: RECORD.voice(c) == "ICRC"),
        (Query(known_at=NOON.replace(year=2022)), lambda c: c.published and c.published <= NOON.replace(year=2022)),
    ):
        assert {c.id for c in find(connection, query)} == {c.id for c in claims if wanted(c)}
    said_otherwise = [claim for claim in find(connection, Query(text="Khankendi")) if claim.place_said == "Stepanakert"]
    assert said_otherwise  # a place is found by the name that the source does not use


def test_a_found_claim_is_the_claim_of_the_file() -> None:
    """Every field survives the index, links of retelling included."""
    connection = open_index(shipped_cases() / "karabakh" / "claims.csv")
    assert {claim.id: claim for claim in find(connection, Query())} == {claim.id: claim for claim in RECORD.claims}


def test_the_index_is_built_again_when_the_file_changes(tmp_path: Path) -> None:
    """And not while it does not; a torn or foreign index file is built anew."""
    target = tmp_path / "claims.csv"
    write_claims(target, "a", 3)
    open_index(target)
    built = index_path(target).stat().st_mtime_ns
    open_index(target)
    assert index_path(target).stat().st_mtime_ns == built
    write_claims(target, "a", 4)
    assert len(find(open_index(target), Query())) == 4
    index_path(target).write_bytes(b"no index")
    assert len(find(open_index(target), Query())) == 4


@pytest.mark.parametrize("change", ["UPDATE claims SET kind = 'act'", "DELETE FROM claims", "DELETE FROM links"])
def test_the_index_is_append_only(tmp_path: Path, change: str) -> None:
    """By triggers, also for whoever opens it to write."""
    target = tmp_path / "claims.csv"
    target.write_text(to_csv([said("C1", 1), said("C2", 2, supersedes=("C1",))]), "utf-8")
    open_index(target).close()
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        sqlite3.connect(index_path(target)).execute(change)


def test_an_import_killed_at_random_leaves_all_or_none(tmp_path: Path) -> None:
    """Five kills; the file is whole each time, and the index that is opened next agrees with it."""
    ended = kill_at_random(tmp_path, times=5, count=2000, longest=0.6)
    assert ended["none"] + ended["all"] == 5
    assert ended["killed"] >= 1
    import_files(tmp_path / "claims.csv", [tmp_path / "new.csv"])
    assert not list(tmp_path.glob(".claims.csv.*.part"))
