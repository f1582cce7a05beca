"""Whose voice a text is read in, by title, letterhead, dateline or first sentence; newspapers are none."""

from __future__ import annotations

from datetime import date

import pytest
from reading.invented_case import invented

from safeconduct.reading import Reading, read

BODY = (
    "On 3 May the road was closed to all traffic, and 40 trucks were turned back at the Sel bridge by the guards. "
    "We have asked for an explanation. We expect an answer."
)
SAID = {
    "Statement by the Spokesperson of the Ministry of Foreign Affairs of Arvenia on the situation at the Sel bridge": (
        "Spokesperson of the Ministry of Foreign Affairs of Arvenia"
    ),
    "Press release\nMinistry of Health of Velara\n3 May 2023": "Ministry of Health of Velara",
    "OCHA Flash Update No. 6": "OCHA",
    "Office for Roads and Aid, Castel\nSituation Report No. 4": "Office for Roads and Aid",
    "Harbour Relief\nProgramme update, 3 May 2023": "Harbour Relief",
    "Joint statement of the governments of Arvenia and Norland": "governments of Arvenia and Norland",
    "Human rights defender of Velara: report no. 3": "Human rights defender of Velara",
    "DEFENCE MINISTRY BULLETIN, 3 MAY 2023": "DEFENCE MINISTRY",
    "The Ministry of Defence of Tarsia informs:": "Ministry of Defence of Tarsia",
    "Appeal by the mothers of Ordan": "mothers of Ordan",
    "Northern Ceasefire Centre, Tel Arun\nDaily report 7/2023, issued on 3 May 2023": "Northern Ceasefire Centre",
    "Norland Refugee Council: Situation report, Port Lisk, 3 May 2023": "Norland Refugee Council",
    "Statement attributable to the Spokesperson for the Envoy": "Spokesperson for the Envoy",
}
GUESSED = {
    "Ministry of Defence of Norland": "Ministry of Defence of Norland",
    "Bread and Shelter: situation update, 4 May": "Bread and Shelter",
    "Lantern Worldwide\nPress release, 4 May\n\nEveryone must be let through, Lantern Worldwide said on Wednesday.": (
        "Lantern Worldwide"
    ),
    "Press release\n\nThe Arvenian Union of Nurses has counted 12 patients, and they are not well at all now.": (
        "Arvenian Union of Nurses"
    ),
    "Doctors for the Valley\nProject update, 3 May 2023": "Doctors for the Valley",
    "News release\n\nGeneva, 3 May 2023 (ICRC) - Staff of the ICRC moved 12 patients on Monday.": "ICRC",
}
NO_ISSUER = (
    "Government report on war crimes leaked",
    "Ministry statement raises questions",
    "Army report: bridge closed",
    "Update by Sanne Holt",
    "Report of violations",
    "By Sanne Holt, Lisk Pilot",
    "Velara: ministry under fire",
    "Ordan Courier, 3 May 2023",
    "Flash update no. 6",
    "Programme update, 3 May 2023",
    "New Roads Open\nPress release, 4 May",
    "Health Ministry: 12 dead in Ordan\nBy Sanne Holt, 3 May 2023",
    "Aid Agency Warns of Famine\nLisk Tribune, 3 May 2023",
)


def reading(head: str) -> Reading:
    """A text under a head."""
    return read(f"{head}\n\n{BODY}", invented(), published=date(2023, 5, 4), use_parser=False)


def speaker(found: Reading) -> str:
    """Who asserts that 40 trucks were turned back."""
    return next(p.asserted_by for p in found.proposals if p.best == 40)


@pytest.mark.parametrize(("head", "issuer"), SAID.items())
def test_an_issuer_that_the_head_names_speaks(head: str, issuer: str) -> None:
    """Without a warning on each proposal; the whole text bears one notice."""
    found = reading(head)
    assert speaker(found) == issuer
    assert any(w.endswith(f"in the voice of {issuer}") for w in found.warnings)
    assert not any("taken to be" in w for p in found.proposals for w in p.warnings)


@pytest.mark.parametrize(("head", "issuer"), GUESSED.items())
def test_a_guessed_issuer_bears_a_warning(head: str, issuer: str) -> None:
    """On the text and on what no one is named for."""
    found = reading(head)
    assert speaker(found) == issuer
    assert any("a guess" in w for w in found.warnings)
    assert any("taken to be" in w for p in found.proposals if p.best == 40 for w in p.warnings)


@pytest.mark.parametrize("head", NO_ISSUER)
def test_other_heads_leave_the_author(head: str) -> None:
    """A headline about a statement, a journalist's name or an outlet makes no issuer."""
    assert speaker(reading(head)) == "author"


def test_an_agency_of_a_dateline_carries_and_does_not_speak() -> None:
    """Who is named speaks through it, and so does the author; its day and place are not those of the event."""
    text = (
        "CASTEL, May 4 (TNA) - Guards turned back 40 trucks at the Sel bridge on Tuesday. "
        "Another 12 trucks waited in Ordan, the mayor said."
    )
    first, second = read(text, invented(), published=date(2023, 5, 4), use_parser=False).proposals[:2]
    assert (first.asserted_by, first.via) == ("author", ("TNA",))
    assert (first.date, first.place_key) == ("2023-05-02", "sel_bridge")
    assert (second.asserted_by, second.via) == ("mayor", ("TNA",))
