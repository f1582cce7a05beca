"""Bytes in, a text out: plain text, a saved page, a PDF with a text layer, an e-mail. Bad input gives a sentence."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from io import BytesIO
from itertools import islice

from safeconduct.reading.language import language_of
from safeconduct.reading.types import Document
from safeconduct.reading.words.dates import publication_in
from safeconduct.terms import UsageError

MOST_BYTES = 8_000_000
MOST_CHARACTERS = 200_000  # of text that is read; the rest is left, and said so
MOST_PARSED = 1_500_000  # characters of a page that the extractor is given
MOST_PAGES = 300
DEEPEST = 150  # nested tags; a page that nests deeper is read by the simple reader
BLOCK_TAGS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "table",
        "section",
        "article",
        "header",
        "footer",
        "blockquote",
        "pre",
        "hr",
        "td",
        "th",
    ]
)
HIDDEN_TAGS = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "head",
        "nav",
        "form",
        "button",
        "select",
    ]
)


def decode(content: bytes) -> tuple[str, str]:
    """The text of some bytes and their encoding: UTF-8, UTF-16 with its mark, else a Western or Cyrillic page."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), "utf-16"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as wrong:
        bad = content.decode("utf-8", "replace")
        if bad.count("\ufffd") * 200 < max(1, len(bad)) and any(ord(c) > 0x7F and c != "\ufffd" for c in bad):
            return bad, "utf-8 with faults"
        high = sum(byte > 0xBF for byte in content)
        low = sum(0x80 <= byte < 0xA0 for byte in content)
        name = "cp1251" if high > len(content) / 5 and high > 4 * low else "cp1252"
        del wrong
        return content.decode(name, "replace"), name


def kind_of_bytes(content: bytes, name: str = "") -> str:
    """text, html, pdf or email, by content first and by the name's ending."""
    head = content[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
    low = head[:2000].lower()
    if head.startswith(b"%PDF"):
        return "pdf"
    if (
        low.startswith((b"<!doctype html", b"<html"))
        or re.search(rb"<(?:html|head|body|article|div|p)[\s>]", low)
        or name.lower().endswith((".html", ".htm", ".xhtml"))
    ):
        return "html"
    if name.lower().endswith((".eml", ".mbox")) or (
        re.match(rb"(?:[A-Za-z-]+: [^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3,}\r?\n", content[:8000])
        and re.search(rb"(?im)^(?:from|subject|message-id): ", content[:8000])
    ):
        return "email"
    return "text"


def read_document(
    content: bytes, *, name: str = "", published: date | None = None, outlet: str = "", check_language: bool = True
) -> Document:
    """A text from bytes of any kind that is read. Raises UsageError with what was found and what to do."""
    where = f'"{name}"' if name else "this text"
    if len(content) > MOST_BYTES:
        raise UsageError(
            f"{where} holds {len(content):,} bytes; expected at most {MOST_BYTES:,}; cut out the article and read that"
        )
    if not content.strip():
        raise UsageError(f"{where} is empty; expected an article; save the page or text again")
    kind = kind_of_bytes(content, name)
    if kind == "text" and content[:2000].count(b"\0") > 10 and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(
            f"{where} is not a text; expected plain text, a saved page, a PDF with text or an e-mail; "
            f"export it as one of these"
        )
    document = {"pdf": from_pdf, "html": from_html, "email": from_email, "text": from_text}[kind](content, where)
    warnings = list(document.warnings)
    if len(document.text) > MOST_CHARACTERS:
        document = replace(document, text=document.text[:MOST_CHARACTERS])
        warnings.append(f"only the first {MOST_CHARACTERS:,} characters were read")
    if not document.text.strip():
        raise UsageError(
            f"{where} holds no text that could be read; expected an article; a scanned page needs its "
            f"text recognised first"
        )
    if check_language:
        language = language_of(document.text)
        if language and language != "English":
            raise UsageError(
                f"{where} is in {language}; expected English; nothing is proposed from other languages: read "
                f"a translation, and name the translator as outlet"
            )
    found = document.published
    source = document.published_from
    if found is None and (inner := publication_in(document.text)) is not None:
        found, source = inner, "dateline"
    if published is not None:
        if found is not None and abs((found - published).days) > 2:
            warnings.append(f"the text itself gives {found} as its day; {published} is used as given")
        found, source = published, "given"
    if found is None:
        warnings.append("the day of publication is not known: dates counted from it stay open; give --published")
    return replace(
        document, published=found, published_from=source, outlet=outlet or document.outlet, warnings=tuple(warnings)
    )


def from_text(content: bytes, where: str) -> Document:
    """A plain text. Spans are characters of the file as decoded."""
    text, encoding = decode(content)
    warnings = () if encoding == "utf-8" else (f"the text is not UTF-8; it was read as {encoding}",)
    return Document(text, "text", warnings=warnings)


class Plain(HTMLParser):
    """The visible words of a page, for pages that the extractor cannot take."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden: list[str] = []
        self.title: list[str] = []
        self.is_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where hidden parts and blocks begin."""
        if tag == "title":
            self.is_title = True
        if tag in HIDDEN_TAGS and tag != "head" and len(self.hidden) < 50:
            self.hidden.append(tag)
        if tag in BLOCK_TAGS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Note where they end."""
        if tag == "title":
            self.is_title = False
        if self.hidden and tag in self.hidden:
            while self.hidden and self.hidden.pop() != tag:
                pass
        if tag in BLOCK_TAGS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep visible words."""
        if self.is_title:
            self.title.append(data)
        elif not self.hidden:
            self.parts.append(data)

    def error(self, message: str) -> None:
        """Faults in markup are passed over."""


def plain_page(page: str) -> tuple[str, str]:
    """(visible text, title) of a page."""
    reader = Plain()
    with suppress(Exception):  # whatever a hostile page does, what was read before stays
        reader.feed(page)
        reader.close()
    text = "".join(reader.parts)
    text = re.sub(r"[ \t\xa0]+", " ", text)
    lines = [line.strip() for line in text.split("\n")]
    return "\n\n".join(line for line in lines if line), " ".join("".join(reader.title).split())


def depth_of(page: str) -> int:
    """How deep a page nests its tags, roughly."""
    depth = deepest = 0
    for m in islice(re.finditer(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})(?=[\s>/])", page), 200_000):
        if m[2].lower() in (
            "br",
            "img",
            "meta",
            "link",
            "input",
            "hr",
            "p",
            "li",
            "wbr",
            "source",
            "td",
            "tr",
            "option",
        ):
            continue
        depth = max(0, depth + (-1 if m[1] else 1))
        deepest = max(deepest, depth)
    return deepest


def declared(content: bytes) -> str:
    """The page as text: by the encoding that it declares if that works, else as found."""
    said = re.search(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]{3,20})", content[:4000])
    if said and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        with suppress(LookupError, UnicodeDecodeError):
            return content.decode(said[1].decode("ascii"))
    return decode(content)[0]


def from_html(content: bytes, where: str) -> Document:
    """A saved page: the article's own text, title, author, day. Spans are characters of that text."""
    page = declared(content).replace("\0", "")
    warnings: list[str] = []
    if len(page) > MOST_PARSED:
        page = page[:MOST_PARSED]
        warnings.append(f"only the first {MOST_PARSED:,} characters of the page were read")
    text = title = author = outlet = ""
    when: date | None = None
    if depth_of(page) <= DEEPEST:
        try:
            text, title, author, outlet, when = extracted(page)
        except ImportError:
            warnings.append(
                "trafilatura is not installed, so menus and advertisements may be among the text; install "
                "safeconduct[reading]"
            )
        except Exception:
            warnings.append("the page's markup is broken; menus and advertisements may be among the text")
    else:
        warnings.append("the page's markup nests too deep; menus and advertisements may be among the text")
    if len(text) < 80:
        simple, simple_title = plain_page(page)
        if len(simple) > len(text):
            text, title = simple, title or simple_title
    return Document(text, "html", title, author, outlet, when, "page" if when else "", warnings=tuple(warnings))


def extracted(page: str) -> tuple[str, str, str, str, date | None]:
    """(text, title, author, outlet, day) by trafilatura and htmldate."""
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    found = trafilatura.bare_extraction(
        page, include_comments=False, include_tables=True, favor_recall=True, with_metadata=True
    )
    if found is None:
        return "", "", "", "", None
    get = found.as_dict() if hasattr(found, "as_dict") else dict(found)
    when = None
    with suppress(ValueError, TypeError):
        when = date.fromisoformat(str(get.get("date") or "")[:10])
    if when is None:
        with suppress(Exception):
            import htmldate

            said = htmldate.find_date(page, original_date=True, extensive_search=False)
            when = date.fromisoformat(said) if said else None
    paragraphs = [line.strip() for line in str(get.get("text") or "").split("\n")]
    text = "\n\n".join(line for line in paragraphs if line)
    return text, str(get.get("title") or ""), str(get.get("author") or ""), str(get.get("sitename") or ""), when


def from_pdf(content: bytes, where: str) -> Document:
    """A PDF with a text layer; lines broken by the page are joined."""
    try:
        from pypdf import PdfReader
    except ImportError:
        raise UsageError(
            "reading a PDF needs pypdf, which is not installed; install safeconduct[reading], or save the text"
        ) from None
    import logging

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UsageError(f"{where} is locked with a password; expected a PDF that opens; save it without one")
        pages = [page.extract_text() or "" for page in islice(reader.pages, MOST_PAGES)]
        said = reader.metadata
        title, author = (str(said.title or ""), str(said.author or "")) if said else ("", "")
    except UsageError:
        raise
    except Exception as wrong:
        raise UsageError(
            f"{where} is a PDF that cannot be read ({type(wrong).__name__}); save it again, or copy its text"
        ) from None
    text = "\n\n".join(re.sub(r"(?<=\w)-\n(?=[a-z])", "", page) for page in pages)
    return Document(
        text, "pdf", title, author, warnings=("the text comes from a PDF: check numbers that stand at line ends",)
    )


def from_email(content: bytes, where: str) -> Document:
    """An e-mail: its plain part, else its page; the sender is the outlet, the header gives the day."""
    try:
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        part = message.get_body(preferencelist=("plain", "html"))
        body = part.get_content() if part is not None else ""
        subject, sender = str(message.get("subject") or ""), str(message.get("from") or "")
    except Exception as wrong:
        raise UsageError(f"{where} is an e-mail that cannot be read ({type(wrong).__name__}); save its text") from None
    when: datetime | None = None
    with suppress(TypeError, ValueError, IndexError):
        when = parsedate_to_datetime(str(message["date"]))
    text = str(body)
    if part is not None and part.get_content_type() == "text/html":
        text = from_html(text.encode("utf-8"), where).text
    day = when.date() if when else None
    return Document(text, "email", subject, sender, sender, day, "header" if day else "")
