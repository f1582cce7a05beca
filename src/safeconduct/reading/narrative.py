"""The story that a text tells: the account it argues, who is made responsible, loaded words as quoted, predictions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from safeconduct.reading.sentence.clauses import Parsed
from safeconduct.reading.types import AUTHOR, Passage, Proposal
from safeconduct.reading.words.gazetteer import Gazetteer, lines_of
from safeconduct.reading.words.tokens import content_stems

BLAME = re.compile(
    r"\b(?:is|are|was|were|being)?\s*(?:to blame|responsible for|at fault|guilty of|"
    r"the fault of)\b|\b(?:blam\w+|accus\w+|fault of|responsib\w+|betray\w+|because of|due to|"
    r"caused by|abandon\w+|let down|"
    r"provok\w+|allow\w+|fail\w+ to|did nothing|wreck\w*|instigat\w+)\b",
    re.IGNORECASE,
)
SHARED = 6  # word stems that a passage and an account must share: assumed
SHARE = 0.17


@cache
def loaded() -> re.Pattern[str]:
    """One expression for the shipped list of loaded words."""
    parts = [
        re.escape(word.rstrip("*")).replace(r"\ ", r"[\s-]+") + (r"\w*" if word.endswith("*") else "")
        for word in lines_of("loaded_words.csv")
    ]
    return re.compile(r"(?<!\w)(?:" + "|".join(parts) + r")(?!\w)", re.IGNORECASE)


def passages_of(parsed: Parsed, found: Sequence[Proposal], gazetteer: Gazetteer) -> list[Passage]:
    """What one sentence does in the story; every line is a proposal with its passage."""
    s = parsed.sentence
    who = found[-1].asserted_by if found else AUTHOR
    made: list[Passage] = []
    stems = content_stems(s.text)
    best = max(
        (
            (len(stems & words) / max(8, min(len(stems), len(words))), len(stems & words), account)
            for account, words in gazetteer.account_stems
        ),
        key=lambda item: item[:2],
        default=(0.0, 0, None),
    )
    if best[2] is not None and best[1] >= 4 and best[0] >= 2 * SHARE:
        made.append(
            Passage(
                "account",
                s.start,
                s.end,
                s.text,
                who,
                best[2].key,
                best[2].label,
                ("the account is a guess from shared words; the passage may argue against it",),
            )
        )
    blame = BLAME.search(s.text)
    if blame is not None:
        spoken = {i for saying in parsed.sayings for i in range(saying.first, saying.after)}
        actors = [m for m in parsed.actors if m.first not in spoken]
        if actors:
            nearest = min(actors, key=lambda m: abs(m.start - blame.start()))
            made.append(
                Passage(
                    "responsibility",
                    s.start,
                    s.end,
                    s.text,
                    who,
                    nearest.what.names[0],
                    blame[0].strip(),
                    ("who is made responsible is a guess: the actor named nearest",),
                )
            )
    words = list(dict.fromkeys(m[0] for m in loaded().finditer(s.text)))
    if words:
        quoted = re.findall(r"[“\"«]([^”\"»]{1,80})[”\"»]", s.text)
        inside = [w for w in words if any(w in q for q in quoted)]
        detail = "in quotation marks: " + ", ".join(inside) if inside else "in the text's own words"
        made.append(Passage("loaded words", s.start, s.end, s.text, who, "; ".join(words), detail))
    for proposal in found:
        if proposal.kind == "prediction":
            made.append(
                Passage(
                    "prediction",
                    s.start,
                    s.end,
                    s.text,
                    proposal.asserted_by,
                    proposal.modality,
                    proposal.horizon or "not said",
                    proposal.warnings,
                )
            )
            break
    return made
