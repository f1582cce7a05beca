"""Whether a clause says that something is so, is not so, will be, would be; and the hedges on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

NOT_NEGATION = re.compile(
    r"\bnot only\b|\bnot just\b|\bnot merely\b|\bnot least\b|\bno (?:more|less|fewer|later|larger|"
    r"doubt|wonder|sooner) ?(?:than)?\b|\bwhether or not\b|\bif not\b"
    r"|\bnot (?:more|less|fewer) than\b|\bnothing (?:but|less than)\b|\bnot to mention\b|"
    r"\bcannot but\b|\bnot until\b|\bnot exceeding\b|\bno matter\b|\bnot surprisingly\b|"
    r"\bnot (?:un\w+|im\w+)\b|(?:^|, ?)without [^,;]{3,70},|^\W*without\b|"
    r"\bno one but\b|\b(?:hardly|barely|scarcely) (?=\d)|\bno\. ?(?=\d)|, nothing else\b|\brefused by\b",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:not|never|nor|neither|none|nobody|no one|nothing|no|without|cannot|nowhere|hardly|barely any)\b|n['’]t\b"
    r"|\b(?:failed|fails|failing|fail|refused|refuses|refusing|refuse|declined|declines|unable|yet|ceased) to\b"
    r"|\b(?:impossible|unlikely|improbable|lack(?:s|ed)?|absence of|stopped short of|ruled out)\b"
    r"|\b(?:false|untrue|fabricated|baseless|unfounded|fake|disinformation)\b|\b(?:denied|denies|"
    r"deny|denying|refuted|refutes|rejected|rejects|dismissed|debunked)\b",
    re.IGNORECASE,
)
SOFT = re.compile(
    r"^(?:failed|fails|failing|fail|refused|refuses|refusing|refuse|declined|unable|impossible|"
    r"lack|lacks|lacked|absence of|without|hardly|unlikely|improbable)",
    re.I,
)
IF = re.compile(
    r"\b(?:if|unless|in (?:the )?case|provided that|should (?:the|they|it|he|she|this)|as long as|"
    r"on condition that|in the event|"
    r"(?:^|(?<=, ))without [^,.;]{3,70},?(?=[^.;]*\b(?:will|would|may|might|could|can)\b))(?!\w)",
    re.IGNORECASE,
)
AS_IF = re.compile(
    r"\bas if\b|\bif [^,.;]{3,70} (?:is|are) to be believed\b|\bif (?:one|you|we) believes? \w|"
    r"\bif (?:confirmed|true|correct|accurate)\b|"
    r"\beven if only\b|\bif not\b|"
    r"\b(?:ask(?:ed|s)?|wonder(?:ed|s)?|know|see|clear|unclear|doubt(?:ed|s)?|unknown) if\b",
    re.IGNORECASE,
)
COUNTER = re.compile(
    r"\b(?:would|could|might|should)(?: not|n['’]t)?(?: \w+ly| never| also)? have (?:been |"
    r"\w+(?:ed|en|wn|ne|t|d|n|ut|ept|old)\b)|\bhad (?:it|they|the|he|she|"
    r"there) (?:not )?(?:been|\w+ed)\b"
    r"|\bif\b[^.]{2,80}\bhad (?:not )?(?:been|\w+(?:ed|en|t|ne|wn))\b|\bif there (?:was|were)\b|"
    r"\bif (?:\w+ ){1,4}were\b|\bwere it not\b|\bwould have\b",
    re.IGNORECASE,
)
EXPECTED = re.compile(
    r"\b(?:will|shall|won['’]t)\b|\b(?:is|are|was|were|be) (?:also |still |now )?(?:expected|"
    r"projected|planned|scheduled|due|set to|likely|about to|forecast to|going to|bound to|poised|"
    r"slated|unlikely|supposed to)\b|\b(?:is|are) to (?!the\b|blame\b|a\b|an\b|his\b|its\b|"
    r"their\b)[a-z]+\b"
    r"|\b(?:expects?|predicts?|predicted|forecasts?|foresees?|anticipates?|plans? to|planned to|"
    r"intends? to|intended to|hopes? to|aims? to|promised? to|promises to|vows? to|vowed to|"
    r"pledged to|projections?)\b"
    r"|\b(?:more than likely|inevitabl[ey]|imminent|in the offing|not long in coming|"
    r"just around the corner|sooner or later|only a matter of time)\b|\b\w+['’]ll\b"
    r"|\bshould be \w+(?:ed|en|ne|lt) (?:by|before|within) (?=\d|the end|mid|next|end)",
    re.IGNORECASE,
)
MAY = re.compile(
    r"\b(?:may|might|could(?! not (?!have)|n.t| no longer)|perhaps|possibly|potentially|probability|"
    r"danger(?:ous)? of|risk of|threat of|likelihood|can (?:unilaterally|declare|break|face|"
    r"lead))\b"
)
WOULD = re.compile(r"\b(?:would|could(?! not (?!have)|n.t| no longer))\b", re.IGNORECASE)
PAST_PLAN = re.compile(r"\bwould (?:be|not|get|take|\w+)\b", re.IGNORECASE)
PERCEIVED = re.compile(r"\bcould(?= (?:\w+ )?(?:see|hear|feel|smell)\b)")
PERSONAL = re.compile(r"\b(?:I|[Ww]e|[Tt]hey|[Hh]e|[Ss]he) $")
QUESTION = re.compile(r"\?[\"”’)]*\s*$")
DOUBT = re.compile(
    r"\b(?:reportedly|allegedly|apparently|supposedly|purportedly|presumably|probably|possibly|"
    r"perhaps|likely|unlikely|seemingly|seems?|appears?|appeared|may|might|could|"
    r"unconfirmed|unverified|preliminary|according to some reports|according to (?:unconfirmed|"
    r"preliminary|some|various)\b[\w ]{0,20}|it is believed|is believed to|are believed to|"
    r"is thought to|said to (?:be|have)|rumou?rs?|so far|as of)\b",
    re.IGNORECASE,
)
STATUS = re.compile(
    r"\b(?:obligations?|commitments?|violat\w+|breach\w*|compl(?:y|ied|ies|iance)\w*|fulfil\w*|"
    r"implement\w*|honou?r(?:ed|ing|s)?|in line with|contrary to the|undertak\w+|guarantee\w*|"
    r"mandate|provisions?|terms of)\b",
    re.IGNORECASE,
)
CLAUSE = re.compile(
    r"[;:—]|,\s+(?=(?:but|and|while|whereas|although|though|which|who|because|so|yet|as|where)\b)|"
    r"\s+(?=(?:but|while|whereas|although|because)\s)"
)


@dataclass(frozen=True, slots=True)
class Mood:
    """How a clause is meant."""

    modality: str
    is_negated: bool
    hedge: str
    is_question: bool
    is_future: bool
    warnings: tuple[str, ...]


def clause_at(text: str, at: int) -> tuple[int, int]:
    """The clause of a sentence that holds a character."""
    start, end = 0, len(text)
    for mark in CLAUSE.finditer(text):
        if mark.end() <= at:
            start = mark.end()
        elif mark.start() >= at:
            end = mark.start()
            break
    return start, end


def without(text: str, pattern: re.Pattern[str]) -> str:
    """A text with what a pattern finds blanked out, positions kept."""
    return pattern.sub(lambda m: " " * len(m[0]), text)


REACH = 45  # characters behind a main verb within which "will", "may" and the like belong to it: assumed


SECOND_SAYING = r" and (?:\w+ly |also )?(?:said|says|added|adds|insisted|insists|claimed|claims|stressed|warned|warns) "
LEFT_STOP = re.compile(
    SECOND_SAYING + r"|;| and that |, and |, only |, (?:numbering|totall?ing|amounting to) |\bwhile\b|\bbut\b"
)
RIGHT_STOP = re.compile(r"[,;:.!?]|\s(?:and|who|which|that|while|but|whom|as|when|after|before|because)\s")
SAID_VERB = re.compile(
    r"\b(?:have|has|had|was|were|is|are|did|died|fled|left|came|arrived|returned|crossed|took|"
    r"gave|lost|(?!(?:need|indeed|exceed|proceed|feed|speed)\b)[a-z]{2,}ed)\b"
)
OPEN = re.compile(r"\bwhether\b|\b(?:say|know|clear|confirm|unclear|unknown|asked) if\b", re.IGNORECASE)


RELATIVE = re.compile(r"(?:^|,\s+)(?:who|whom|whose|which)\b[^,;:]*,")  # a relative clause between commas
WHO_WILL = re.compile(
    r"\b(?:who|which|that) "
    r"(?=(?:also |still |now )?(?:will|would|may|might|could|can|plans?|intends?|hopes?|wants?)\b)[^,;.]*"
)
FRONTED_IF = re.compile(r"^[\s\"“]*(?:had|were|should|if|unless|provided)\b[^,;]*,", re.IGNORECASE)
GOVERNED = re.compile(
    r"\b(?:by|with|from|after|before|for|in|on|at|to|since|under|(?:force|team|group|unit|convoy|column) of)\s*$"
)  # a figure that is no subject
WISH = re.compile(r"\b(?:do not |don['’]t |did not )?(?:expects?|plans? to|intends? to|hopes? to|aims? to|wants? to)\b")


def without_relatives(clause: str, focus: int) -> str:
    """A clause with the relative clauses between commas blanked out, but for one that holds a place."""
    return RELATIVE.sub(lambda m: m[0] if m.start() <= focus < m.end() else " " * len(m[0]), clause)


def without_wishes(text: str, focus: int) -> str:
    """A sentence with relative clauses behind a place blanked out that only say what someone in it plans or will do."""
    return text[:focus] + without(text[focus:], WHO_WILL)


def without_perceived(text: str) -> str:
    """A sentence without the "could" of "they could see", which tells what was seen."""
    return PERCEIVED.sub(lambda m: " " * len(m[0]) if PERSONAL.search(text[: m.start()]) else m[0], text)


def around(clause: str, start: int, end: int) -> str:
    """The words of a clause that say how an amount in it is meant: its own verb, behind it or else before it."""
    right = clause[end : end + 70]
    stop = RIGHT_STOP.search(right)
    right = right[: stop.start()] if stop else right
    right = without(right, WISH)  # "64 percent expect a war": their wish, not a forecast of the figure
    if EXPECTED.search(right) or MAY.search(right) or WOULD.search(right) or SAID_VERB.search(right):
        return right
    left = clause[:start]
    if re.match(r"\s*(?:\w+ )?of (?:which|whom)\b", clause[end : end + 25]):
        return ""
    for mark in LEFT_STOP.finditer(left):
        left = " " * mark.end() + left[mark.end() :]
    cues = [m for pattern in (EXPECTED, MAY, WOULD) for m in pattern.finditer(left)]
    if not cues:
        return ""
    last = max(cues, key=lambda m: m.end())
    between = left[last.end() :]
    return (
        ""
        if re.search(r"\b(?:have|has|had|was|were|did)\b", between)
        and "have" not in last[0]
        and not re.match(r"\s+(?:not\s+)?have\b", between)
        else left[last.start() :]
    )


def is_told(text: str, clause: str, focus: int) -> bool:
    """Whether a verb tells what was done and the "if" stands behind it: "has instructed them to count, in case"."""
    condition = IF.search(without(text, AS_IF))
    return (
        condition is not None
        and condition.start() > text.find(clause) + focus
        and SAID_VERB.match(clause, focus) is not None
    )


def mood_of(
    text: str, at: int, end_of_focus: int, is_denied: bool = False, is_figure: bool = False, is_reported: bool = False
) -> Mood:
    """How the clause around a place in a sentence is meant. `is_denied`: who asserts it denies it."""
    text = without_perceived(text)
    start, end = clause_at(text, at)
    clause, focus = text[start:end], at - start
    plain = without_wishes(text, end_of_focus)
    head = (
        around(clause, focus, end_of_focus - start)
        if is_figure
        else plain[max(start, at - REACH // 2) : min(end, end_of_focus + REACH)]
    )
    sign = sign_of(text, clause, focus, is_denied, is_figure)
    warnings = list(sign.warnings)
    modality = modality_of(text, clause, head, focus, is_figure, is_reported)
    if modality in ("expected", "conditional") and is_only_possible(text, clause, head):
        warnings.append("may, might or would: it is not said that this happened")
    if sign.is_left_open and modality == "said":
        modality = "conditional"
    is_ahead = modality == "expected" or bool(EXPECTED.search(text) or MAY.search(text) or WOULD.search(text))
    is_ahead = is_ahead or (modality == "conditional" and re.search(r"\bcan\b", clause) is not None)
    hedges = dict.fromkeys(m[0].lower() for m in DOUBT.finditer(clause) if m[0] != "May")
    is_question = bool(QUESTION.search(text))
    if is_question:
        warnings.append("a question, not an assertion")
    return Mood(
        modality,
        sign.is_negated,
        "; ".join(hedges),
        is_question,
        modality in ("expected", "conditional") and is_ahead,
        tuple(warnings),
    )


@dataclass(frozen=True, slots=True)
class Sign:
    """Whether a clause says that something is so or is not."""

    is_negated: bool
    is_left_open: bool  # "whether", "know if": the text does not say which
    warnings: tuple[str, ...]


FALSE = re.compile(r"(?:false|untrue|fabricated|baseless|unfounded|fake|disinformation)", re.IGNORECASE)
DENYING = re.compile(r"den(?:y|ied|ies)|refut|reject|dismiss|debunk", re.IGNORECASE)


def sign_of(text: str, clause: str, focus: int, is_denied: bool, is_figure: bool) -> Sign:
    """Whether the words at a place of a clause are negated, with what to check about it."""
    plain = without(without_relatives(clause, focus), NOT_NEGATION)
    condition = FRONTED_IF.match(plain)
    if condition is not None and condition.end() <= focus:  # "Had we not signed, 20,000 men would"
        plain = " " * condition.end() + plain[condition.end() :]
    warnings = []
    left_open = OPEN.search(plain[: focus if is_figure else len(plain)])
    negations = list(NEGATION.finditer(plain))
    if left_open is not None:
        negations = [m for m in negations if m.start() > left_open.end()]
        warnings.append("the text does not say whether this is so")
        is_denied = False
    if not is_figure:
        heads = [m.end() for m in re.finditer(SECOND_SAYING, plain[:focus])]
        negations = [m for m in negations if m.end() > max(heads, default=0)]  # "denies it and claims the bridge is"
        negations = [m for m in negations if m[0].lower() != "without" or m.start() < focus]
    near = over_figure(plain, negations, focus) if is_figure else negations
    denying = [m for m in near if DENYING.match(m[0])]
    others = [m for m in near if m not in denying]
    is_negated = bool(others) or is_denied
    if others and is_denied:
        warnings.append("denied and negated at once; check what is denied")
    elif (denying and not is_denied) or any(FALSE.match(m[0]) for m in negations):
        warnings.append("something is denied or called false here; check what")
        is_negated = True
    elif not near and NEGATION.search(without(text, NOT_NEGATION)):
        warnings.append("another clause of the sentence is negated")
    soft = next((m[0].strip() for m in near if SOFT.match(m[0])), "")
    if soft:
        warnings.append(f'"{soft}" is read as a negation')
    if is_figure and any(m.start() >= focus or focus - m.end() > 30 for m in others):
        warnings.append("a negation stands in the clause; check whether it covers the figure")
    return Sign(is_negated, left_open is not None, tuple(warnings))


TURNED_DOWN = re.compile(r"reject(?:ed|s)|dismissed", re.IGNORECASE)  # "rejected 38": the number is no claim
UNTIL_WHEN = re.compile(r"\buntil (?=the |all |[\d$€£])|, (?:when|where) ")
ON_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|do|does|did|will|would|can|could|may|might|must|should|need)"
    r"(?: (?:still|also|yet|now|\w+ly))? $",
    re.IGNORECASE,
)


def over_figure(plain: str, negations: Sequence[re.Match[str]], focus: int) -> list[re.Match[str]]:
    """The negations of a clause that reach a figure in it: those before it, and "not" on a verb whose subject it is."""
    cuts = [m.end() for stop in (LEFT_STOP, UNTIL_WHEN) for m in stop.finditer(plain[:focus])]
    before = [m for m in negations if m.start() < focus and (m.start() >= max(cuts, default=0))]
    before = [m for m in before if not (TURNED_DOWN.match(m[0]) and not plain[m.end() : focus].strip())]
    behind = [
        m
        for m in negations
        if m.start() >= focus
        and re.match(r"(?:not|never)|n['’]t|cannot", m[0], re.I)
        and (m[0].lower() != "not" or ON_VERB.search(plain[: m.start()]))
        and not re.search(r"[,;]\s|\b(?:because|although|though|since|when|if|who)\b", plain[focus : m.start()])
        and not re.search(
            r"\b(?:and|but) (?:\w+ly )?(?:\w+ed|warns?|says?|said|will|would)\b", plain[focus : m.start()]
        )
    ]
    return [*before, *(behind if not GOVERNED.search(plain[:focus]) else [])]


def modality_of(text: str, clause: str, head: str, focus: int, is_figure: bool, is_reported: bool) -> str:
    """Whether a clause says, expects, makes a condition or tells what would have been."""
    has_if = bool(IF.search(without(text, AS_IF)))
    is_ahead = bool(WOULD.search(head) or MAY.search(head) or EXPECTED.search(head))
    if (
        COUNTER.search(head if is_figure else clause)
        or (is_figure and COUNTER.search(clause[max(0, focus - 60) :]) and not SAID_VERB.search(head))
        or (has_if and COUNTER.search(text))
    ):
        return "counterfactual"
    if has_if and not is_figure and not is_ahead and is_told(text, clause, focus):
        return "said"
    if has_if and (is_ahead or IF.search(without(clause, AS_IF))):
        return "conditional"
    if EXPECTED.search(head) or not is_ahead:
        return "expected" if is_ahead else "said"
    if is_reported and re.search(r"\bwould\b", head) and not has_if:
        return "expected"
    is_possible = re.search(r"\b(?:could|might|would)\b", head) and not re.search(r"\bmay\b", head)
    return "conditional" if is_possible else "expected"


def is_only_possible(text: str, clause: str, head: str) -> bool:
    """Whether no "will" and no "if" but only may, might or would says how a clause is meant."""
    has_if = IF.search(without(text, AS_IF)) is not None
    return not has_if and not EXPECTED.search(head) and bool(WOULD.search(head) or MAY.search(head))
