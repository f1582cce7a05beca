"""From proposals to the ledger: decided one by one, undone, corrected, written whole or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from reading.invented_case import invented

from safeconduct.ledger import read_ledger
from safeconduct.reading import TEXTS, Reading, Review, accept, read
from safeconduct.terms import UsageError

TEXT = (
    "The interior ministry said on 26 September 2023 that 300 people had left Ordan, TNA reported. "
    "Tarsia denied that 3,000 people were trapped in Mirne. "
    "About 5,000 people will reach Castel tomorrow, the mayor of Castel expects."
)


def reading() -> Reading:
    """An article read."""
    return read(TEXT, invented(), published=date(2023, 9, 28), outlet="Lisk Pilot")


def test_keys_decide_one_proposal_each_and_undo_takes_one_back() -> None:
    """Accept, reject, undo, accept: what is accepted is what was decided last."""
    first, second, third = reading().proposals
    state = Review((first, second, third)).accept().reject().undo().accept().reject()
    assert state.accepted == (first, second)
    assert state.current is None
    with pytest.raises(UsageError, match="expected none more"):
        state.accept()


def test_a_correction_is_kept_and_checked() -> None:
    """Fields are typed and checked; an impossible one changes nothing."""
    state = Review(reading().proposals)
    fixed = state.correct({"best": "310", "place": "mirne", "date": "2023-09-25", "via": "TNA; Radio Lisk"})
    (p,) = fixed.accepted
    assert (p.best, p.place_key, p.date, p.date_precision, p.via) == (
        310.0,
        "mirne",
        "2023-09-25",
        "day",
        ("TNA", "Radio Lisk"),
    )
    for wrong in ({"best": "many"}, {"kind": "rumour"}, {"date": "yesterday"}, {"colour": "red"}, {"low": "400"}):
        with pytest.raises(UsageError):
            state.correct(wrong)


def test_accepted_claims_enter_the_ledger_with_their_evidence(tmp_path: Path) -> None:
    """Figure, sentence, span, text hash, reader and chain; twice is once."""
    found = reading()
    done = accept(found.proposals, tmp_path, found, reader="A. Reader", source="a.txt", keep_text=True)
    again = accept(found.proposals, tmp_path, found, reader="A. Reader", source="a.txt")
    assert len(done.added) == 3 and not again.added and again.total == 3
    claims = {claim.reporter: claim for claim in read_ledger(tmp_path).claims}
    figure = claims["interior ministry"]
    assert (figure.kind, figure.best, figure.unit, figure.place) == ("figure", 300.0, "persons", "ordan")
    assert figure.via == ("TNA", "Lisk Pilot") and figure.time is not None and figure.time.date() == date(2023, 9, 26)
    assert figure.published is not None and figure.published.date() == date(2023, 9, 29)  # known when its day is over
    assert "300 people had left Ordan" in figure.words
    told = " ".join(map(str, (getattr(figure, name) for name in figure.__slots__)))
    p = found.proposals[0]
    assert f"{p.start}-{p.end}" in told and found.text_hash in told and "A. Reader" in told
    assert (tmp_path / TEXTS / f"{found.text_hash}.txt").read_text("utf-8") == TEXT


def test_what_is_denied_or_expected_never_enters_as_a_figure(tmp_path: Path) -> None:
    """A denied 3,000 and an expected 5,000 are a statement and a prediction without a value."""
    found = reading()
    accept(found.proposals, tmp_path, found, reader="A. Reader")
    kinds = {claim.reporter: (claim.kind, claim.value) for claim in read_ledger(tmp_path).claims}
    assert kinds["Tarsia"] == ("statement", None)
    assert kinds["mayor of Castel"] == ("prediction", None)


def test_nothing_enters_without_a_reader_or_a_case(tmp_path: Path) -> None:
    """Both are asked for; nothing is written."""
    found = reading()
    with pytest.raises(UsageError, match="reader"):
        accept(found.proposals, tmp_path, found, reader=" ")
    with pytest.raises(UsageError, match="folder"):
        accept(found.proposals, tmp_path / "none", found, reader="A. Reader")
    assert not (tmp_path / "claims.csv").exists()
