"""Files of every kind and of none: a text with its spans, or a sentence; never a traceback."""

from __future__ import annotations

import zlib
from datetime import date
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading.invented_case import invented

from safeconduct.reading import read, read_document
from safeconduct.terms import SafeconductError, UsageError

PARAGRAPHS = [
    "The ministry said on 26 September 2023 that 300 people had left Ordan, and that 40 buses were waiting in Castel.",
    "According to the mayor of Castel, between 1,000 and 1,200 families have found a place to stay in the city so far.",
    "Nobody could say how many more would come, as the road across the Sel bridge was open for only part of the day.",
]
PAGE = (
    "<html><head><title>Ordan empties</title>"
    "<meta property='article:published_time' content='2023-09-27T10:00:00Z'></head>"
    "<body><nav><a href='/'>Home 24</a></nav><article><h1>Ordan empties</h1>{}</article>"
    "<footer>Copyright 2023</footer></body></html>"
)


def page(paragraphs: list[str] = PARAGRAPHS) -> str:
    """A saved page."""
    return PAGE.format("".join(f"<p>{p}</p>" for p in paragraphs))


def values(content: bytes, name: str = "") -> set[float | None]:
    """The best figures proposed."""
    return {p.best if p.best is not None else p.low for p in read(content, invented(), name=name).proposals}


def test_a_saved_page_gives_its_text_title_and_day() -> None:
    """Spans are characters of the text as read; the menu is not read."""
    found = read(page().encode(), invented())
    assert found.document.kind == "html" and found.document.title == "Ordan empties"
    assert found.document.published == date(2023, 9, 27)
    assert {300.0, 40.0} <= {p.best for p in found.proposals}
    assert all(found.document.text[p.start : p.end] == p.sentence for p in found.proposals)


def test_an_email_gives_its_day_and_sender() -> None:
    """The header's date anchors the dates; the sender is the outlet."""
    message = EmailMessage()
    message["From"], message["To"] = "Desk <desk@example.org>", "me@example.org"
    message["Subject"], message["Date"] = "Update", "Wed, 27 Sep 2023 10:00:00 +0000"
    message.set_content("Yesterday 19 buses left Ordan.\n")
    found = read(bytes(message), invented(), name="update.eml")
    (proposal,) = found.proposals
    assert (proposal.best, proposal.date) == (19.0, "2023-09-26")
    assert "desk@example.org" in found.document.outlet


def pdf_of(line: str) -> bytes:
    """A PDF of one page with one line of text, written by hand."""
    stream = zlib.compress(f"BT /F1 12 Tf 50 700 Td ({line}) Tj ET".encode("latin-1"))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    at = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % at


def test_a_pdf_with_a_text_layer_is_read() -> None:
    """Its text comes through pypdf."""
    assert values(pdf_of("On 26 September 2023 a total of 300 people left Ordan for Castel."), "a.pdf") == {300.0}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "utf-8-sig"])
def test_encodings_are_read(encoding: str) -> None:
    """The same figures in each."""
    text = "“We are ready,” said Zoë Brandt. On 26 September 2023 some 300 people left Ordan – all by bus."
    assert 300.0 in values(text.encode(encoding))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("Russian", "Министерство сообщило, что 26 сентября 300 человек покинули город. Дорога закрыта с декабря."),
        ("Armenian", "Նախարարությունը հայտնել է, որ սեպտեմբերի 26-ին քաղաքը լքել է 300 մարդ։ Ճանապարհը փակ է։"),
        ("Azerbaijani", "Nazirlik bildirib ki, sentyabrın 26-da 300 nəfər şəhəri tərk edib və yol bağlı qalıb."),
        (
            "Azerbaijani (Cyrillic)",
            "Назирлик билдириб ки, сентјабрын 26-да 300 нәфәр шәһәри тәрк едиб вә јол бағлы галыб.",
        ),
        (
            "German",
            "Das Ministerium teilte mit, dass 300 Menschen die Stadt verlassen haben und die Straße nicht offen ist.",
        ),
    ],
)
def test_other_languages_are_named_and_left_alone(language: str, text: str) -> None:
    """A sentence that names the language, and no proposals."""
    with pytest.raises(UsageError, match="expected English") as error:
        read(text * 3, invented())
    assert f"is in {language};" in str(error.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"\x00" * 500,
        b"%PDF-1.4\nbroken",
        b"<html>" + b"<div>" * 20000,
        b"<html><body></body></html>",
        b"\x89PNG\r\n" + b"\x00\x01" * 300,
    ],
)
def test_what_cannot_be_read_gives_a_sentence(content: bytes) -> None:
    """Empty, binary, broken and hostile files."""
    with pytest.raises(SafeconductError) as error:
        read(content, invented(), name="a file")
    assert "\n" not in str(error.value).strip()


def test_a_deep_or_hostile_page_is_read_by_the_simple_reader() -> None:
    """Thousands of nested tags, scripts and unclosed comments do not hide the text or stop the reader."""
    inner = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    hostile = (
        "<html><body>" + "<div><span>" * 3000 + "<script>var n = '900 people';</script>" + inner + "<!-- 700 people"
    )
    found = values(hostile.encode())
    assert {300.0, 40.0} <= found and 900.0 not in found


def test_right_to_left_names_keep_their_spans() -> None:
    """Names in other scripts within an English sentence do not move the spans."""
    text = "Dr. \u200fمحمد\u200e Brandt said on 26 September 2023 that 300 people had left Ordan."
    found = read(text, invented())
    assert [text[p.start : p.end] for p in found.proposals] == [p.sentence for p in found.proposals]
    assert 300.0 in {p.best for p in found.proposals}


@given(st.binary(max_size=400))
@settings(max_examples=60)
def test_any_bytes_give_proposals_or_a_sentence(content: bytes) -> None:
    """Nothing but the family of errors ever comes out."""
    try:
        found = read(content, invented(), use_parser=False)
    except SafeconductError:
        return
    assert all(found.document.text[p.start : p.end] == p.sentence for p in found.proposals)


WORDS = st.sampled_from(
    [
        "the",
        "ministry",
        "said",
        "that",
        "300",
        "people",
        "1,200-1,500",
        "between",
        "and",
        "over",
        "a",
        "hundred",
        "thousand",
        "not",
        "no",
        "denied",
        "Ordan",
        "Castel",
        "on",
        "26",
        "September",
        "2023",
        "yesterday",
        ",",
        ".",
        ";",
        "“",
        "”",
        "(",
        ")",
        "-",
        "half",
        "million",
        "$",
        "%",
        "12:30",
        "1/2",
        "if",
        "would",
        "have",
        "will",
        "TNA",
        "reported",
        "according",
        "to",
        "citing",
        "he",
        "they",
        "two",
        "and",
        "a",
        "half",
        "years",
        "ago",
        "''",
    ]
)


@given(st.lists(WORDS, min_size=3, max_size=60))
@settings(max_examples=120)
def test_any_words_give_well_formed_proposals(words: list[str]) -> None:
    """Spans lie in the text and hold the sentence; low, best and high are in order; a date is an ISO date."""
    text = " ".join(words)
    for p in read("It was so. " + text, invented(), published=date(2023, 9, 28), use_parser=False).proposals:
        assert 0 <= p.start <= p.focus_start <= p.focus_end <= p.end
        ordered = [v for v in (p.low, p.best, p.high) if v is not None]
        assert ordered == sorted(ordered)
        for part in filter(None, p.date.split("/")):
            assert len(part) in (4, 7, 10) and date.fromisoformat((part + "-01-01")[:10] if len(part) < 10 else part)


@given(st.text(alphabet="<>/=\"'&;#!-abp div\n", max_size=300))
@settings(max_examples=60)
def test_fuzzed_markup_gives_the_text_or_a_sentence(noise: str) -> None:
    """Broken markup around an article never raises anything but a sentence."""
    content = f"<html><body>{noise}<p>{PARAGRAPHS[0]}</p>{noise}</body></html>"
    try:
        read(content, invented(), use_parser=False)
    except SafeconductError as error:
        assert str(error)


def test_a_page_of_a_million_characters_is_bounded() -> None:
    """A long page is read up to stated limits, which are said."""
    page_text = "<html><body>" + f"<p>{PARAGRAPHS[0]}</p>" * 9000 + "</body></html>"
    found = read_document(page_text.encode())
    assert len(page_text) > 1_000_000 and len(found.text) <= 200_000
    assert any("only the first" in warning for warning in found.warnings)
