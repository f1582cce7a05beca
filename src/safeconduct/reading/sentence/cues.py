"""Words by which a sentence goes on from the one before it: its speaker, its day, its place."""

from __future__ import annotations

import re

GOES_ON = re.compile(
    r"^[\s\"“]*(?:(?:and|but|yet|also),?\s+)?(?:another|a further|an additional|since then|by then)\b", re.IGNORECASE
)  # a sentence that adds to the one before it

PART_OF = re.compile(
    r"^[\s\"“]*(?:(?:and|but|yet|also),?\s+)?(?:of (?:these|those|them|whom|that|this)|in (?:all|total)|altogether|"
    r"overall|the (?:rest|others|remaining|remainder|same)|"
    r"(?:among|some of|most of|half of|many of|one of) (?:them|these|those)|"
    r"in the same|these (?:include|are|were)|they (?:include|are|were|have)|"
    r"a (?:third|quarter|fifth) of (?:them|these|those)|about half|"
    r"(?:(?:nearly|almost|over|more than|roughly|some|at least) )?"
    r"(?:half|most|(?:a|two|three) (?:third|quarter|fifth)s?|the majority) (?:are|were|is|was|have|had)|"
    r"(?:in )?(?:(?:about|around|some|nearly|almost|roughly|more than|at least|over|up to|only) )?[\w,.-]+ of "
    r"(?:them|these|those))\b",
    re.IGNORECASE,
)  # a sentence that takes apart or sums up what the one before counted

SUMS_UP = re.compile(r"^\W*(?:in (?:all|total)|altogether|overall|of (?:these|those|them)|that makes)\b", re.IGNORECASE)

PLAN = re.compile(r"\b(?:will|shall|is to|are to)\b")

BACKSHIFT = re.compile(
    r"\b(?:had (?:already |also |not |since |then )?(?:been|\w+(?:ed|en|wn|ne|ft|st|lt|nt|ght|id))|would|used to)\b"
)

PAST_TENSE = re.compile(r"\b(?:was|were|had|did|came|went|left|took|gave|began|told|said|brought|[a-z]{2,}ed)\b")

OTHER_VERB = re.compile(r"[,;:]|\b(?:and|but|expects?|hopes?|intends?|wants?|plans?|fears?|who|which|that)\b")

PRESENT_STATE = re.compile(
    r"\b(?:is|are) (?:now |currently |still |permanently )?(?:deployed|stationed|based|located|in force|in place|"
    r"on duty|home to|made up|divided|called|known|led|headed|populated|inhabited|situated)\b"
)  # how things stand, not what happened on a day

STATE_NOW = re.compile(
    r"^[^,;:]{3,50}? (?:now )?(?:has|have) (?:now |still |only |just )?(?:about |some |enough |no |around )?"
    r"(?:\d[\d,.]* |an? )?(?!been\b|not\b|also\b|since\b|already\b|yet\b)[a-z]+(?<!ed)(?<!en)(?<!wn)(?<!ne) "
    r"(?:for|in|of|left)\b"
)  # "The hospital has fuel for five days"

NEED = re.compile(
    r"\b(?:requires?|needs?|costs?|lacks?|is (?:still )?short of)\b"
)  # it is so now, whatever day follows

HOUR = re.compile(
    r"\b(?:in|by|at|before|until|around) (?:the )?(?:early |late |next )?"
    r"(?:morning|afternoon|evening|noon|midday|midnight|dawn|dusk|night|nightfall|sunset|sunrise)\b"
    r"|\b\d{1,2}(?::\d\d)? ?(?:[ap]\.?m\b|o['’]clock)"
    r"|\b(?:earlier|later) (?:in the|that|the same) (?:day|morning|afternoon|evening|night)\b"
    r"|\bthat (?:morning|afternoon|evening|night)\b|\b(?:hours|minutes) (?:later|earlier|before|after)\b",
    re.IGNORECASE,
)

THE_PLACE = re.compile(
    r"\b(?:the|this|that) (?:\w+ )?(region|city|town|village|bridge|checkpoint|crossing|capital|district|corridor|"
    r"camp|port|valley|enclave|airport|station|province)\b",
    re.IGNORECASE,
)


def tells_the_hour(text: str) -> bool:
    """Whether a sentence in the past gives an hour or part of the day that the text was speaking of."""
    return HOUR.search(text) is not None and PAST_TENSE.search(text) is not None
