"""In whose voice a text speaks: the body that issues a statement, bulletin or release; the agency that carries it.

What a text says of its issuer is taken as it stands: a title ("Statement of the Ministry"), a letterhead above a form
("Norland Ministry of Defence / Information bulletin"), "We, the council of". The rest is a guess and bears a warning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from safeconduct.reading.bodies import (
    FORM_ADJECTIVES,
    GLUE,
    ISSUING,
    LONGEST_SEAT,
    PRESS,
    WORK,
    is_body,
    is_kind,
    is_name,
    letterhead_in,
    parts_of,
    trimmed,
    without_day,
    without_genitive,
)
from safeconduct.reading.sentence.clauses import FINITE
from safeconduct.reading.sentence.headings import ASKER
from safeconduct.reading.sentence.speakers import SPEAKER_NOUNS
from safeconduct.reading.types import AUTHOR, COMMENTER, Document, Passage, Proposal, Sentence
from safeconduct.reading.words.dates import DATELINE, dateline_of
from safeconduct.reading.words.gazetteer import Gazetteer
from safeconduct.reading.words.lexicon import phrases, words
from safeconduct.reading.words.tokens import tokenize

PERSONAL = frozenset(("statement", "remarks", "speech", "address", "letter", "appeal", "message", "declaration"))
OWN_STAFF = frozenset(("team", "teams", "patrol", "patrols", "staff", "monitors", "investigators", "delegates"))
HOUSES = frozenset(("house", "parliament", "assembly", "senate", "congress", "commons", "lords"))  # others speak there
TOPIC_WORDS = words("topic words")
FORM = (
    f"(?P<form>(?i:(?:(?:{'|'.join(sorted(FORM_ADJECTIVES))}) ){{0,2}}"
    f"(?:{'|'.join(sorted(phrases('forms of issue'), key=len, reverse=True))})))"
)
NUMBER = r"(?i:,? (?:no|nr|number|issue)\.? ?\d+|,? #\d+)?"
OF_ISSUER = re.compile(
    rf"^(?:[A-Z][\w ]{{0,20}}: )?{FORM}{NUMBER},? "
    r"(?P<joint>(?i:(?:issued |released |published )?by|of|from|attribut(?:able|ed) to)) "
    r"(?P<who>.+)$"
)
ISSUERS_OWN = re.compile(rf"^(?P<who>[^\W\d_a-z].{{1,70}}?)(?:['’]s?)?(?:\s?[-–—:|,])? {FORM}(?P<rest>(?:\W.*)?)$")
TAIL = re.compile(
    rf"{NUMBER}[\s,.|:–—-]*(?:\b(?:on|from|of|for|about|regarding)\b(?!.*\w(?:ed|[^s]s)$).*)?", re.IGNORECASE
)
EDITION = r"(?:,? (?i:no|nr|number|issue)\.? ?\d+|,? #\d+|,? \d+[/-]\d+| \d+\b(?! [A-Z]))"
NUMBERED = re.compile(rf"^(?:[A-Z][a-z]+ ){{0,2}}{FORM}{EDITION}(?:\W.*)?$")  # "Violation Report 2019/02"
PERIODIC = re.compile(r"^(?:daily|weekly|fortnightly|monthly|quarterly|annual)\b", re.IGNORECASE)
FORM_PART = re.compile(
    rf"^(?:[A-Z][a-z]+ ){{0,2}}{FORM}{EDITION}?(?i:,? (?:issued|released|published|dated)(?: on)?)?$"
)
ANSWERED = re.compile(
    r"^(?:Answered|Answer|Reply|Replied|Response)(?: given)? (?:by|from|of) (?:the )?(?P<who>[A-Z][^\n:]{3,90}):?$",
    re.MULTILINE,
)
PROGRAMME = re.compile(
    r"^(?P<who>[A-Z][\w .&’'-]{2,50}), (?:[a-z-]+ ){0,2}(?:morning|midday|noon|afternoon|evening|night|daily|weekly|"
    r"news|radio|television) (?:programme|program|broadcast|show|bulletin|magazine|newscast)\b"
)  # a station whose programme is retold
STATION = re.compile(r"\b(?:Radio|Television|TV|FM|Broadcasting)\b")
NEWSCAST = re.compile(
    r"^(?:[A-Za-z]+ ){0,2}(?:news|bulletin|programme|program|broadcast|newscast|headlines|summary)\b", re.IGNORECASE
)
ONLY_FORM = re.compile(
    r"^(?:[A-Z][\w ,’'-]{1,40}: )?"
    rf"(?:(?i:for immediate release)|(?i:(?:{'|'.join(sorted(WORK))}) )?{FORM}{NUMBER}(?:\W.*)?)$"
)
PRODUCED = re.compile(
    r"\b[Tt]h(?:is|e) (?:\w+ ){0,2}"
    r"(?:report|update|bulletin|note|summary|brief|statement|document|newsletter|overview) "
    r"(?:is|was|has been) (?:produced|prepared|issued|compiled|published|released) by (?:the )?"
    r"(?P<who>[A-Z][\w’'-]*(?: (?:of|for|the|and|on|[A-Z][\w’'-]*))*)"
)
BYLINE = re.compile(r"^(?i:from:|by|issued by|released by|published by|on behalf of):? (?P<who>.+)$")
INFORMS = re.compile(r"^(?:The )?(?P<who>[A-Z].{3,70}) (?:informs|reports|states|announces|declares)(?: that)?:$")
INTERVIEW = re.compile(r"\b(?i:interview|conversation|talk) with (?P<who>.+)$")
TURNS = re.compile(r"^\s*(?:[-–—] |(?:Q|A|Question|Answer)[:.] )", re.MULTILINE)
INTERVIEW_FORM = "interview"
LEAST_TURNS = 4  # lines marked as question or answer, from which a text is an interview: assumed
NAME_BEHIND = re.compile(r"(?P<office>[^,;:()]{4,90}), (?P<name>[A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+){1,3})(?:,|$)")
AGENCY = re.compile(
    r"^[A-Z][A-Z .,’'-]{2,40},? [^\n]{0,40}?(?:\(([A-Z][\w /.-]{1,30})\)\s*[-–—.:]|/([A-Z][\w .-]{1,30})/)",
    re.MULTILINE,
)
SUBJECT = re.compile(
    r"^(?:The |An? )?((?:[A-Z][\w’'.-]*)(?: (?:of|for|the|and)(?= (?:the )?[A-Z])| [A-Z][\w’'.-]*)*) [a-z]"
)
JOURNALIST = re.compile(r"By:?\s+[A-Z][\w’'-]+ [A-Z]")
WE_THE = re.compile(r"^We, (?:the )?(?P<who>[^,.;:]{4,80}),")
WE = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]?")
ACRONYM_BEHIND_NAME = re.compile(r"(?<=[a-z]) \([A-Z][\w&.-]{1,11}\)(?= [A-Z])")
ISSUED_ON = re.compile(r"\b(?:issued|released|published|dated|as of|as at|based on)\b.*$", re.IGNORECASE)
LONGEST_LINE = 150  # characters; a longer line is running text and ends the head: assumed
LONGEST_TITLE = 8  # words; a longer sentence with a full stop is no title: assumed
MOST_LINES = 7  # short lines at the top that may name who issues a text: assumed
LEAST_WE = 2  # sentences outside quotations with "we" or "our" from which a text speaks for its issuer: assumed


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks where a text names no one."""

    issuer: str = ""  # empty: the author
    form: str = ""  # statement, bulletin and the like, as said
    guess: str = ""  # why the issuer is a guess; empty where the text says so
    carrier: str = ""  # agency of a dateline, through which everything is told

    def spoken(self, proposal: Proposal) -> Proposal:
        """A proposal that no one is named for in the issuer's voice, another's through the issuer; and the agency."""
        if proposal.asserted_by != AUTHOR:
            return self.passed_on(proposal)
        carried = (self.carrier,) if self.carrier and self.carrier not in proposal.via else ()
        if not self.issuer:
            return replace(proposal, via=(*proposal.via, *carried))
        kept = (w.replace("the author asserts", f"{self.issuer} asserts") for w in proposal.warnings)
        note = (f"no one is named; taken to be {self.issuer}: {self.guess}",) if self.guess else ()
        return replace(proposal, asserted_by=self.issuer, via=(*proposal.via, *carried), warnings=(*kept, *note))

    def passed_on(self, proposal: Proposal) -> Proposal:
        """What another says in the issuer's text, through the issuer; "the Mission" is the issuer itself."""
        if not self.issuer or self.form == INTERVIEW_FORM or proposal.asserted_by in (COMMENTER, ASKER):
            return proposal
        via = tuple(name for name in proposal.via if not self.is_meant(name) and name != self.carrier)
        carried = tuple(name for name in proposal.via if name == self.carrier)
        if self.is_meant(proposal.asserted_by) or proposal.asserted_by.lower() in OWN_STAFF:
            return replace(proposal, asserted_by=self.issuer, via=(*via, *carried))
        return replace(proposal, via=(*via, self.issuer, *carried))

    def is_meant(self, said: str) -> bool:
        """Whether a name is the issuer or a part of its name that holds the noun: "the Mission", "the ministry"."""
        if said == self.issuer:
            return True
        whole = tuple(parts_of(self.issuer))
        noun = tuple(parts_of(re.split(r" (?:of|for|in|on|to) |, ", self.issuer)[0]))[-1:]
        named = tuple(parts_of(said))
        return bool(noun) and noun[0] in named and set(named) <= set(whole) | GLUE and noun[0] in ISSUING

    def told(self, passage: Passage) -> Passage:
        """A passage of a story in the issuer's voice."""
        return replace(passage, said_by=self.issuer) if self.issuer and passage.said_by == AUTHOR else passage

    @property
    def notice(self) -> tuple[str, ...]:
        """What a reader of the whole text is told about it."""
        if not self.issuer:
            return ()
        form = f" as {self.form}" if self.form else ""
        return (f"read{form} in the voice of {self.issuer}" + (f"; a guess: {self.guess}" if self.guess else ""),)


@dataclass(frozen=True, slots=True)
class Head:
    """The top of a text: title and short lines, first running sentence, and the form that a line gives alone."""

    lines: tuple[str, ...]
    first: Sentence | None
    form: str


def voice_of(document: Document, sentences: Sequence[Sentence], gazetteer: Gazetteer) -> Voice:
    """The voice of a text, by its title, first lines, dateline, first sentence and how often it says "we"."""
    head = head_of(document, sentences)
    lead = dateline_of(head.first.text if head.first else "")
    agency = AGENCY.search(document.text[:1500])
    named = (lead["agency"] if lead else "") or ((agency[1] or agency[2]).strip() if agency else "")
    is_issuers_line = bool(named) and is_body(named, gazetteer, is_acronym_enough=bool(head.form))
    carrier = "" if is_issuers_line else named or station_of(head, gazetteer)
    said = said_issuer(head, gazetteer)
    if said is not None:
        return replace(said, carrier=carrier)
    if (made := PRODUCED.search(document.text[:FIRST_PART])) and is_body(who := trimmed(made["who"]), gazetteer):
        return Voice(who, head.form, carrier=carrier)
    if is_issuers_line:
        return Voice(written_out(named, document.text), head.form, "the dateline names it")
    if head.first and (m := WE_THE.match(head.first.text)) and is_body(m["who"], gazetteer):
        return Voice(m["who"], head.form, carrier=carrier)
    if answered := ANSWERED.search(document.text[:FIRST_PART]):
        return Voice(answered["who"].strip(), "answer", "what no one is named for is taken as the answer", carrier)
    if who := interviewed(document.text, head):
        return Voice(who, INTERVIEW_FORM, "what no one is named for is taken as an answer", carrier)
    if carrier or any(gazetteer.outlets_in(tokenize(line)) or JOURNALIST.match(line) for line in head.lines):
        return Voice(carrier=carrier)
    return guessed(document, head, sentences, gazetteer) or speaks_for(head, sentences, gazetteer) or Voice()


def written_out(named: str, text: str) -> str:
    """The name in a text whose first letters an acronym gives; the acronym where there is none."""
    if not re.fullmatch(r"[A-Z]{3,8}", named):
        return named
    parts = r"(?: (?:of|for|the|and|in|on|de|des|du))* ".join(rf"{letter}[\w’'-]+" for letter in named)
    m = re.search(rf"\b{parts}", text[:FIRST_PART])
    return m[0] if m is not None else named


FIRST_PART = 3000  # characters in which a text writes out its issuer's acronym: assumed


def station_of(head: Head, gazetteer: Gazetteer) -> str:
    """The station whose programme a line at the top names: all that a summary tells comes through it."""
    found = [m["who"] for line in head.lines if (m := PROGRAMME.match(line))]
    found += [line for line, below in pairwise(head.lines) if STATION.search(line) and NEWSCAST.match(below)]
    return next((who for who in found if is_name(who) and not is_body(who, gazetteer)), "")


def interviewed(text: str, head: Head) -> str:
    """Who answers in an interview that marks each question and answer by a dash or a letter."""
    m = next((m for line in head.lines if (m := INTERVIEW.search(line))), None)
    if m is None or len(TURNS.findall(text)) < LEAST_TURNS:
        return ""
    named = NAME_BEHIND.match(m["who"])
    return f"{trimmed(named['office'])}, {named['name']}" if named is not None else trimmed(m["who"])


def head_of(document: Document, sentences: Sequence[Sentence]) -> Head:
    """The short lines above the running text, the page's title first; and the first running sentence."""
    lines = [document.title] if document.title else []
    counts = Counter(s.paragraph for s in sentences)
    first = None
    for s in sentences:
        is_running = s.text.endswith(".") and len(s.text.split()) > LONGEST_TITLE
        is_running = is_running or len(s.text) > LONGEST_LINE or counts[s.paragraph] > 1
        if is_running or len(lines) >= MOST_LINES or dateline_of(s.text):
            first = s
            break
        lines += [line.strip() for line in s.text.splitlines() if line.strip()]
    form = next(
        (m["form"] or "press release" for line in lines if (m := ONLY_FORM.match(line) or NUMBERED.match(line))), ""
    )
    return Head(tuple(lines), first, form)


def said_issuer(head: Head, gazetteer: Gazetteer) -> Voice | None:
    """The issuer that a line at the top gives beside its form, or that a letterhead above a form gives."""
    has_form = bool(head.form)
    letterhead = next((who for line in head.lines if (who := letterhead_in(line, gazetteer, has_form=has_form))), "")
    for line in head.lines:
        m = OF_ISSUER.match(line)
        if m is not None and (who := issuer_in(m, gazetteer)):
            return Voice(letterhead if letterhead and who.islower() else who, m["form"])
        who, form = issuers_own(line)
        if who and is_body(who, gazetteer, is_acronym_enough=not line.isupper()):
            return Voice(who, form)
        who, form = beside_form(line, gazetteer)
        if who:
            return Voice(who, form)
        m = BYLINE.match(line) or INFORMS.match(line)
        if m is not None and is_body(who := trimmed(m["who"]), gazetteer):
            return Voice(who)
    return Voice(letterhead, head.form) if letterhead and head.form else None


def beside_form(line: str, gazetteer: Gazetteer) -> tuple[str, str]:
    """(body, form) of a line that sets them apart by commas: "Flash Update No. 4, Office for Roads, 3 May"."""
    marks = r"\s*[,|]\s+|\s+[-–—]\s+|:\s+"
    parts = [part.strip() for part in re.split(marks, without_day(line)) if part.strip(" .")]
    forms = [m for part in parts if (m := FORM_PART.match(part))]
    rest = [part for part in parts if not FORM_PART.match(part)]
    bodies = [part for part in rest if is_name(part.removeprefix("the ")) and is_body(part, gazetteer)]
    is_all = all(part in bodies or (is_name(part) and len(part.split()) <= LONGEST_SEAT) for part in rest)
    return (trimmed(bodies[0]), forms[0]["form"]) if len(forms) == 1 and len(bodies) == 1 and is_all else ("", "")


def guessed(document: Document, head: Head, sentences: Sequence[Sentence], gazetteer: Gazetteer) -> Voice | None:
    """The issuer that a letterhead alone, the sender or the first sentence of a release gives."""
    who = next((w for line in head.lines if (w := letterhead_in(line, gazetteer))), "")
    who = who or (letterhead_in(head.lines[0], gazetteer, has_form=True) if head.lines else "")
    if who:
        return Voice(who, head.form, "it stands alone above the text")
    who = opens_line(head, gazetteer)
    if who:
        return Voice(who, head.form, "a line at the top opens with it")
    who = called_by_noun(document.text, head, gazetteer)
    if who:
        return Voice(who, head.form, f'its top names it and the text says "the {who.split()[-1]}"')
    who = above_form(document.text, head, gazetteer, is_we=says_we(sentences))
    if who:
        return Voice(who, head.form, 'it stands above the form and the text names it again or says "we"')
    sender = re.sub(r"\s*<[^>]*>", "", document.outlet)
    if letterhead_in(sender, gazetteer):
        return Voice(sender, head.form, "it publishes the text")
    if not head.form or head.first is None:
        return None
    lead = dateline_of(head.first.text)
    m = SUBJECT.match(head.first.text[lead.end() if lead else 0 :])
    is_titled = m is not None and " " in m[1] and any(line.startswith(m[1]) for line in head.lines)
    if m is None or not (is_titled or is_body(m[1], gazetteer, is_acronym_enough=True)):
        return None
    return Voice(without_genitive(m[1]), head.form, f"the {head.form.lower()} opens with it")


def above_form(text: str, head: Head, gazetteer: Gazetteer, *, is_we: bool) -> str:
    """A name of two words or more right above a form, which the text names again or speaks for."""
    for line, below in pairwise(head.lines):
        who = line.removeprefix("The ").strip(" ,.|")
        is_group = (
            (ONLY_FORM.match(below) or NUMBERED.match(below))
            and " " in who
            and is_name(who)
            and not (gazetteer.outlets_in(tokenize(who)) or gazetteer.places_in(tokenize(who)) or JOURNALIST.match(who))
            and not set(parts_of(who)) & (PRESS | HOUSES)
        )
        is_series = NUMBERED.match(below) or PERIODIC.match(below)  # a release has a headline above it
        is_first = line == head.lines[0] and DATELINE.search(below) is not None and not is_topic(who)
        if is_group and ((is_we and is_series) or is_first or who in text.partition(below)[2]):
            return who
    return ""


def opens_line(head: Head, gazetteer: Gazetteer) -> str:
    """The body before the first mark of a line at the top, where a form or a day stands there too; empty where none."""
    if not (head.form or any(DATELINE.search(line) for line in head.lines)):
        return ""
    for line in head.lines[:2]:
        first, mark, rest = (*re.split(r"(\s*[|·•]\s*|\s[-–—]\s|:\s)", line, maxsplit=1), "", "")[:3]
        who = first.removeprefix("The ").strip()
        has_form = re.match(rf"(?:[A-Za-z]+ ){{0,2}}{FORM}", rest) is not None
        is_named = mark and " " in who and is_name(who) and not is_topic(who) and not gazetteer.places_in(tokenize(who))
        if (
            is_named
            and not set(parts_of(who)) & (PRESS | HOUSES)
            and (
                has_form
                or (is_body(who, gazetteer) and DATELINE.search(rest))  # not a headline: "Health Ministry: 12 dead"
            )
        ):
            return who
    return ""


def called_by_noun(text: str, head: Head, gazetteer: Gazetteer) -> str:
    """The name at the top that a text means by "the Group" or "the Society" again and again; empty where none is."""
    nouns = Counter(m[1].lower() for m in NOUN_ALONE.finditer(text) if m[1].lower() in ISSUING)
    often = [noun for noun, n in nouns.most_common() if n >= LEAST_NAMED]
    for part in (part.strip() for line in head.lines for part in re.split(r"[,|:()]| [-–—] ", line)):
        who = part.removeprefix("The ").removeprefix("the ")
        is_named = " " in who and is_name(who) and is_body(who, gazetteer) and not is_topic(who)
        if is_named and any(noun in tuple(parts_of(who)) for noun in often):
            return who
    return ""


NOUN_ALONE = re.compile(r"\b[Tt]he ([A-Z][a-z]+)\b(?! (?:of|for|[A-Z]))")
LEAST_NAMED = 2  # times that a text must call its issuer by a noun alone: assumed


def is_topic(said: str) -> bool:
    """Whether a line tells what a text is about and names no one: it holds a verb or a word such as "crisis"."""
    parts = set(parts_of(said))
    return FINITE.search(said) is not None or (bool(parts & TOPIC_WORDS) and not parts & ISSUING - TOPIC_WORDS)


def says_we(sentences: Sequence[Sentence]) -> bool:
    """Whether a text says "we" often enough, outside quotations, to speak for its issuer."""
    return sum(bool(WE.search(QUOTED.sub("", s.text))) for s in sentences) >= LEAST_WE


def speaks_for(head: Head, sentences: Sequence[Sentence], gazetteer: Gazetteer) -> Voice | None:
    """Whom a text that says "we" speaks for: the name beside the form in its title, or the body that signs."""
    if not says_we(sentences):
        return None
    for who, form in map(issuers_own, head.lines):
        if " " in who and not gazetteer.places_in(tokenize(who)):
            return Voice(who, form, 'the title names it and the text says "we"')
    last = [line for s in sentences[-3:] if len(s.text) <= LONGEST_LINE for line in s.text.splitlines()]
    who = next((w for line in reversed(last) if (w := letterhead_in(line, gazetteer))), "")
    return Voice(who, head.form, 'it signs and the text says "we"') if who else None


def issuers_own(line: str) -> tuple[str, str]:
    """(name, form) of a line such as "OCHA Flash Update No. 6"; empty where it is a headline or names no one."""
    m = ISSUERS_OWN.match(ACRONYM_BEHIND_NAME.sub("", line))
    who = without_genitive(trimmed(m["who"])) if m is not None else ""
    rest = re.sub(EDITION, "", ISSUED_ON.sub("", without_day(m["rest"]))) if m is not None else ""
    is_said = m is not None and TAIL.fullmatch(rest) and is_name(who) and not is_kind(who)
    return (who, m["form"]) if m is not None and is_said else ("", "")


def issuer_in(m: re.Match[str], gazetteer: Gazetteer) -> str:
    """Who issues, behind "statement of" or "update by"; empty where those words name what it is about."""
    named = NAME_BEHIND.match(m["who"])  # "answers of the spokesperson of the ministry, Ani Sarel, at"
    who = trimmed(named["office"]) + ", " + named["name"] if named is not None else trimmed(m["who"])
    if is_body(who, gazetteer, is_acronym_enough=True):
        return who
    is_personal = m["form"].lower().split()[-1] in PERSONAL
    is_some_name = is_name(who) and (is_personal or any(w in GLUE for w in who.split()))
    is_group = is_personal and any(w in SPEAKER_NOUNS for w in parts_of(who))
    return who if m["joint"].lower() != "of" and (is_some_name or is_group) else ""
