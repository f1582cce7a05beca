"""Which warnings of a proposal a reader checks first: those that would change what is claimed.

A warning changes the meaning where the wrong speaker, sign, mood, number or thing counted may have been taken. The
others leave the claim as it is and make a field less exact: no date given, a guessed word of the vocabulary.
"""

from __future__ import annotations

import re
from dataclasses import replace

from safeconduct.reading.types import Proposal

MEANING = re.compile(
    # sign and mood
    r"negat|denied|whether this is so|not said that this happened|a question|taken as expected|"
    # who
    r"taken to (?:be|go on)|may be too$|who speaks|was not found$|without a speaker|second reading|check the chain|"
    # the number and what is counted
    r"gives no figure|persons is a guess|what is counted|no unit that is known|"
    r"before a change|a change by|on top of an earlier|approximate$|may be part of a name|"
    # date or place of something else
    r"stands in another clause|other dates in the sentence|a latest date"
)
ROUTINE = re.compile(r"who acts was not found|counted back from publication")  # holds no claim back


def changes_meaning(warning: str) -> bool:
    """Whether a warning is about something that would change what is claimed."""
    return MEANING.search(warning) is not None and ROUTINE.search(warning) is None


def ranked(proposal: Proposal) -> Proposal:
    """A proposal with the warnings that change its meaning first, otherwise in the order found."""
    ordered = sorted(dict.fromkeys(proposal.warnings), key=lambda warning: not changes_meaning(warning))
    return replace(proposal, warnings=tuple(ordered))
