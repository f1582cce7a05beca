"""One rule for each way to write a date; the first that fits takes the words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from safeconduct.reading.words.days import (
    SMALL,
    Reader,
    Result,
    ago,
    bare_day,
    from_context,
    last_month_named,
    month_end,
    month_of,
    number_of,
    of_year,
    plain_day,
    published_or,
    relative_span,
    safe,
    shift_months,
    span_days,
    weekday,
)

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}

M = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"

D = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"

Y = r"(?:19[5-9]\d|20[0-6]\d)"

W = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"

DASH = r"\s?[-–—]\s?|\s(?:to|and|until|till|through)\s"

N = r"(?:\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty)"

UNIT = r"(?:hour|day|week|month|year|decade)s?"

Maker = Callable[[Reader, re.Match[str]], Result]


def decade(reader: Reader, m: re.Match[str]) -> Result:
    """ "The late nineties", "the 1990s"."""
    words = {"fifties": 1950, "sixties": 1960, "seventies": 1970, "eighties": 1980, "nineties": 1990}
    start = words.get(m["dec"].lower()) or int(re.sub(r"\D", "", m["dec"]))
    start = start if start > 100 else 1900 + start
    a, b = {"early": (0, 3), "mid": (4, 6), "late": (6, 9)}.get((m["part"] or "").lower().strip("-"), (0, 9))
    return date(start + a, 1, 1), date(start + b, 12, 31), "period", "only a decade is given"


def iso_or_points(reader: Reader, m: re.Match[str]) -> Result:
    """2023-09-24, 24.09.2023, 24/09/2023."""
    y, mo, d = (m["y"], m["mo"], m["d"]) if m["y"] else (m["y2"], m["mo2"], m["d2"])
    when = safe(int(y), int(mo), int(d))
    note = ""
    if m["y2"] and int(d) <= 12 and "/" in m[0]:
        note = "day and month may be the other way round"
    return when, when, "day" if when else "unknown", note if when else "there is no such day"


def seasons(reader: Reader, m: re.Match[str]) -> Result:
    """ "Spring 2023", "last autumn"."""
    start_month = SEASONS[m["season"].lower()]
    which = (m["which"] or "").lower()
    if m["year"]:
        year = int(m["year"])
    elif reader.published is None:
        return None, None, "unknown", "counted from the day of publication, which is not known"
    else:
        year = reader.published.year
        if which == "last" and start_month + 2 >= reader.published.month:
            year -= 1
        elif (which == "next" and start_month <= reader.published.month) or (
            reader.is_future and start_month + 2 < reader.published.month
        ):
            year += 1
    first = date(year, start_month, 1)
    is_said = m["year"] or which in ("this", "next")
    if not is_said and not reader.is_future and reader.published is not None and first > reader.published:
        first = shift_months(first, -12)
    return first, month_end(shift_months(first, 2)), "period", "a season: three months"


def rule(pattern: str, make: Maker) -> tuple[re.Pattern[str], Maker]:
    """A pattern with what it means."""
    return re.compile(pattern, re.IGNORECASE), make


PART = r"(?P<part>early|mid|late|beginning|start|middle|end)(?:[- ]of)?[- ](?:the month of )?"

RULES: tuple[tuple[re.Pattern[str], Maker], ...] = (
    rule(r"\b(?P<y>(?:19|20)\d\d)-(?P<mo>[01]\d)-(?P<d>[0-3]\d)\b|\b(?P<d2>[0-3]?\d)[./](?P<mo2>[01]?\d)[./](?P<y2>(?:19|20)\d\d)\b", iso_or_points),
    # periods between two days
    rule(rf"\b(?:from |between )?(?P<d1>{D})(?: of)? (?P<m1>{M})(?:{DASH})(?P<d2>{D})(?: of)? (?P<m2>{M})(?:,? (?P<y>{Y}))?\b", lambda r, m: span_days(r, m["y"], m["m1"], m["d1"], m["m2"], m["d2"])),
    rule(rf"\b(?:from |between )?(?P<m1>{M}) (?P<d1>{D})(?:{DASH})(?P<m2>{M}) (?P<d2>{D})(?:,? (?P<y>{Y}))?\b", lambda r, m: span_days(r, m["y"], m["m1"], m["d1"], m["m2"], m["d2"])),
    rule(rf"\b(?:from |between )?(?P<d1>{D})(?:{DASH})(?P<d2>{D})(?: of)? (?P<m>{M})(?:,? (?P<y>{Y}))?\b", lambda r, m: span_days(r, m["y"], m["m"], m["d1"], m["m"], m["d2"])),
    rule(rf"\b(?:from |between )?(?P<m>{M}) (?P<d1>{D})(?:{DASH})(?P<d2>{D})\b(?:,? (?P<y>{Y}))?\b", lambda r, m: span_days(r, m["y"], m["m"], m["d1"], m["m"], m["d2"])),
    rule(rf"\b(?:from |between )(?P<a>{Y})(?:{DASH})(?P<b>{Y})\b", lambda r, m: (date(int(m["a"]), 1, 1), date(int(m["b"]), 12, 31), "period", "")),
    rule(rf"\b(?:from |between )?(?P<m1>{M})(?: (?P<y1>{Y}))?(?:{DASH})(?P<m2>{M}) (?P<y>{Y})\b", lambda r, m: month_span(r, m)),
    rule(rf"\b(?:from |between |in |during )?(?P<m1>{M})(?:{DASH})(?P<m2>{M})(?! \d)(?: (?:of )?(?P<rel>this|last|next) year)?(?!\w)", lambda r, m: months_named(r, m)),
    # single days
    rule(rf"\b(?:{W},? )?(?:the )?(?P<d>{D})(?: day)?(?: of)?[ -](?P<m>{M})(?:,? (?P<y>{Y})| (?:of )?(?P<rel>this|last|next) year)?(?!\w)", lambda r, m: rel_day(r, m)),
    rule(rf"\b(?:{W},? )?(?P<m>{M}) (?:the )?(?P<d>{D})\b(?!,\d|\.\d|\s?%|[- ](?:people|persons|buses|hours|tonnes|tons|residents|families|trucks|soldiers|vehicles|civilians|patients|children))(?:,? (?P<y>{Y})\b|,? (?:of )?(?P<rel>this|last|next) year)?", lambda r, m: rel_day(r, m)),
    # months
    rule(rf"\b(?:{PART})(?P<m>{M})(?:,? (?:of )?(?P<y>{Y}))?(?!\w)", lambda r, m: r.month(int(m["y"]) if m["y"] else None, month_of(m["m"]), m["part"].lower())),
    rule(rf"\b(?P<part>early|mid|late|(?:the )?end of|(?:the )?beginning of|(?:the )?start of)[- ](?:the year )?(?P<y>{Y})\b", lambda r, m: part_of_year(m)),
    rule(r"\b(?:the )?(?P<part>early|mid|late|end of|beginning of|start of)[- ](?P<rel>last|this|next|the) year\b", lambda r, m: part_of_named_year(r, m)),
    rule(rf"\b(?P<m>{M})(?: of)? (?P<rel>last|this|next|the same|the previous) year\b", lambda r, m: of_year(r, m["rel"].lower().removeprefix("the ") if "same" not in m["rel"].lower() else "the same", month_of(m["m"]))),
    rule(rf"\b(?P<m>{M}),? (?:of )?(?P<y>{Y})\b", lambda r, m: r.month(int(m["y"]), month_of(m["m"]))),
    rule(rf"\b(?P<rel>last|this|next) (?P<m>{M})(?!\w)", lambda r, m: last_month_named(r, m["rel"].lower(), month_of(m["m"]))),
    rule(rf"\b(?P<which>last|this|next|that|in|since|the)? ?\b(?P<season>spring|summer|autumn|winter)\b(?: of)?(?: (?P<year>{Y}))?", lambda r, m: seasons(r, m) if (m["which"] or m["year"]) else (None, None, "mask", "")),
    # counted from publication
    rule(rf"\b(?P<n>{N}|several|a few|some|a couple of|couple of|many)(?P<half>[ -]and[ -]a[ -]half)? (?P<unit>{UNIT})(?P<half2> and a half)? (?:ago|earlier|before now)\b", lambda r, m: ago_rule(r, m)),
    rule(rf"\b(?P<n>half a|{N}) (?P<unit>{UNIT}) (?:ago)\b", lambda r, m: ago(r, 0.5 if "half" in m["n"].lower() else number_of(m["n"]), m["unit"].lower())),
    rule(rf"\b(?:in|within|over|during|for) the (?:past|last|previous|preceding) (?:(?P<n>{N}|few|several) )?(?P<unit>{UNIT})\b", lambda r, m: past_span(r, m)),
    rule(r"\b(?:the )?(?:past|last) (?P<n>24|48|72) hours\b", lambda r, m: published_or(r, lambda day: (day - timedelta(days=int(m["n"]) // 24), day, "period"))),
    rule(rf"\b(?:in|within) (?:the )?(?:next|coming) (?:(?P<n>{N}|few|several) )?(?P<unit>{UNIT})\b", lambda r, m: next_span(r, m)),
    rule(r"\b(?P<which>last|this|next|the previous|the past|the coming) (?P<unit>week|month|year|night|weekend)\b", lambda r, m: relative_span(r, m["which"].lower().removeprefix("the "), m["unit"].lower())),
    rule(r"\b(?P<w>the day before yesterday|earlier today|yesterday evening|this morning|this evening|this afternoon|last night|tonight|yesterday|tomorrow|overnight|today)\b(?!['’]s\b)", lambda r, m: today_rule(r, m)),
    rule(rf"\b(?:on |from |between )?(?P<w1>{W})(?P<joint>{DASH})(?P<w2>{W})\b", lambda r, m: weekdays(r, m)),
    rule(rf"\b(?:on |since |until |by |late on |early on )?(?P<which>last|next|this)? ?\b(?P<w>{W})\b", lambda r, m: weekday(r, m["w"], (m["which"] or "").lower())),
    rule(r"\b(?P<w>(?:on )?(?:the|that) (?:same|very) day|the (?:next|following|previous) day|the day (?:before|after)(?! yesterday)|on that day|that day)\b", lambda r, m: from_context(r, m["w"].lower())),
    rule(r"\b(?:on|by|since|until|from) the (?P<d>(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th))\b(?! (?:\w+ )?(?:army|brigade|century|anniversary|time|base|day|session|floor|grade))", lambda r, m: bare_day(r, m["d"])),
    # years
    rule(r"(?<!\bin her )(?<!\bin his )(?<!\bin their )\b(?:the )?(?:(?P<part>early|mid|late)[ -])?(?P<dec>(?:19|20)?\d0['’]?s|fifties|sixties|seventies|eighties|nineties)\b", decade),
    rule(rf"\b(?:early|mid|late)?(?:[- ]in )?(?:in|of|since|until|by|from|before|after|during|throughout|late|early|mid|year|summer|end of|through)[- ](?:the year )?(?P<y>{Y})\b(?!\s?(?:people|persons|residents|troops|soldiers|buses|peacekeepers|refugees|%))", lambda r, m: year_rule(m)),
    rule(rf"(?<![\d,.$€£])\b(?P<y>{Y})\b(?![,.]\d|\s?(?:people|persons|residents|troops|soldiers|servicemen|buses|peacekeepers|refugees|tonnes|tons|families|vehicles|km|%|men|women|children|civilians))", lambda r, m: year_rule(m)),
    rule(r"\b(?:in|since|until|by|during|throughout|of|from|before|after) (?P<m>january|february|march|april|may|june|july|august|september|october|november|december)\b(?! \d)", lambda r, m: r.month(None, month_of(m["m"]))),
    rule(r"\b(?P<a>(?:January|February|April|June|July|August|September|October|November|December))\b", lambda r, m: r.month(None, month_of(m["a"]))),
)  # fmt: skip


def year_rule(m: re.Match[str]) -> Result:
    """A whole year."""
    return date(int(m["y"]), 1, 1), date(int(m["y"]), 12, 31), "year", ""


def weekdays(reader: Reader, m: re.Match[str]) -> Result:
    """ "From Monday to Friday", "on Monday and Tuesday"; days that do not follow each other are two dates."""
    first, last = weekday(reader, m["w1"], "")[0], weekday(reader, m["w2"], "")
    if first is None or last[0] is None:
        return last
    first -= timedelta(days=7) if first > last[0] else timedelta()
    if m["joint"].strip() == "and" and last[0] - first != timedelta(days=1):
        return None, None, "mask", ""
    return first, last[0], "period", last[3]


def part_of_year(m: re.Match[str]) -> Result:
    """ "Early 2024", "the end of 2026"."""
    return part_of(int(m["y"]), m["part"].lower())


def part_of(year: int, part: str) -> Result:
    """The months at the beginning, middle or end of a year."""
    if "end" in part:
        return date(year, 12, 1), date(year, 12, 31), "month", '"end of" a year: taken as December'
    if "mid" in part:
        return date(year, 6, 1), date(year, 7, 31), "period", '"mid" is not exact'
    first = 1 if "late" not in part else 10
    return date(year, first, 1), month_end(date(year, first + 2, 1)), "period", f'"{part}" is not exact'


def part_of_named_year(reader: Reader, m: re.Match[str]) -> Result:
    """ "The end of last year", "early this year", "the end of the year"."""
    if reader.published is None:
        return None, None, "unknown", "counted from the day of publication, which is not known"
    year = reader.published.year + {"last": -1, "next": 1}.get(m["rel"].lower(), 0)
    return part_of(year, m["part"].lower())


def today_rule(reader: Reader, m: re.Match[str]) -> Result:
    """A day counted from publication; a mere "today" may mean nowadays."""
    first, last, precision, warning = plain_day(reader, m["w"].lower())
    if m["w"].lower() == "today":
        warning = warning or '"today" may mean these days'
    return first, last, precision, warning


def rel_day(reader: Reader, m: re.Match[str]) -> Result:
    """A day and month, with a year, with "of last year", or with none."""
    year = m["y"]
    if m["rel"] and reader.published:
        year = str(reader.published.year + {"last": -1, "this": 0, "next": 1}[m["rel"].lower()])
    return reader.day(year, m["m"], m["d"])


def month_span(reader: Reader, m: re.Match[str]) -> Result:
    """ "September-October 2020"."""
    last = reader.month(int(m["y"]), month_of(m["m2"]))
    start_year = int(m["y1"] or m["y"])
    if not m["y1"] and month_of(m["m1"]) > month_of(m["m2"]):
        start_year -= 1
    first = reader.month(start_year, month_of(m["m1"]))
    return first[0], last[1], "period", ""


def months_named(reader: Reader, m: re.Match[str]) -> Result:
    """ "From January to March of this year", "in May and June"."""
    if reader.published is None:
        return None, None, "unknown", "the year is not given and no day of publication is known"
    start, end = month_of(m["m1"]), month_of(m["m2"])
    step = {"last": -1, "this": 0, "next": 1}.get((m["rel"] or "").lower())
    year = reader.year_for(end) if step is None else reader.published.year + step
    year = year or reader.published.year
    first = date(year - (start > end), start, 1)
    return first, month_end(date(year, end, 1)), "period", "" if m["rel"] else "the year is taken from publication"


def ago_rule(reader: Reader, m: re.Match[str]) -> Result:
    """ "Two and a half years ago", "a few months ago"."""
    word = m["n"].lower()
    if word not in SMALL and not word.isdigit():
        first, last, precision, _ = ago(reader, {"several": 4, "many": 10}.get(word, 3), m["unit"].lower())
        return first, last, "approximate" if first else precision, f'"{m[0]}" gives no date; taken as about {word} back'
    count = number_of(word) + (0.5 if m["half"] or m["half2"] else 0)
    return ago(reader, count, m["unit"].lower())


def past_span(reader: Reader, m: re.Match[str]) -> Result:
    """ "In the past two weeks": a period that ends with publication."""
    count = number_of(m["n"]) if m["n"] and m["n"].lower() not in ("few", "several") else (4 if m["n"] else 1)
    first = ago(reader, count, m["unit"].lower())
    vague = "" if m["n"] and m["n"].lower() not in ("few", "several") else "the length of the period is not exact"
    return first[0], reader.published, "period" if first[0] else "unknown", vague if first[0] else first[3]


def next_span(reader: Reader, m: re.Match[str]) -> Result:
    """ "In the coming three weeks": a period that starts with publication."""
    count = number_of(m["n"]) if m["n"] and m["n"].lower() not in ("few", "several") else (4 if m["n"] else 1)
    last = ago(reader, count, m["unit"].lower(), +1)
    return reader.published, last[1], "period" if last[0] else "unknown", "counted from publication"
