"""Other guaranteed ceasefires as tables: how well answers are predicted, and what they would say of a case's acts.

Start reading here; the page is made in `comparators_page.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safeconduct.accounts import RECORDED_ANSWERS
from safeconduct.comparators import (
    ANSWER_TARGETS,
    MARGINAL,
    MODEL,
    RUNNING,
    AnswerGain,
    CasePrediction,
    Ceasefires,
    ComparedCase,
    Comparison,
    compare_answers,
    predict_case,
    read_ceasefires,
    read_compared,
)
from safeconduct.ledger import Table
from safeconduct.scenario import shipped_cases

SHIPPED = "comparators"  # among the shipped cases
SPARE = "act only"  # the model without mandate and strength
HINDSIGHT = (
    "Kind, mandate and strength were coded by the project, first reading (one coder), who knew the answers and the "
    "outcomes; a gain that rests on them may be the coder's."
)
ANSWER_WORDS = {
    "none": "none found",
    "verbal": "words",
    "mediation": "mediation",
    "force_posture": "posture of the force",
    "enforcement": "enforcement",
}
NOT_LOOKED_UP = "not looked up"


@dataclass(frozen=True)
class Compared:
    """A case of one's own beside the comparators: what each target's predictors say of its acts."""

    case: ComparedCase
    title: str
    foretold: tuple[CasePrediction, ...]

    def on(self, key: str) -> CasePrediction:
        """What was predicted of one target."""
        return next(one for one in self.foretold if one.target.key == key)


@dataclass(frozen=True)
class Comparators:
    """Everything that the command tells."""

    ceasefires: Ceasefires
    comparisons: tuple[Comparison, ...]
    compared: Compared | None


def shipped_comparators() -> Path:
    """The folder of comparators that comes with the package."""
    return shipped_cases() / SHIPPED


def study_comparators(folder: Path, case: Path | None = None) -> Comparators:
    """Score every predictor with each case left out; and predict the acts of a case that is in no fit."""
    ceasefires = read_ceasefires(folder)
    own = read_compared(case) if case else None
    foretold = tuple(predict_case(ceasefires, own, target) for target in ANSWER_TARGETS) if own else ()
    compared = Compared(own, own.rules.title, foretold) if own else None
    return Comparators(ceasefires, compare_answers(ceasefires), compared)


def summary(found: Comparators) -> str:
    """The first thing to know, in a sentence."""
    skilled = [one.target.title for one in found.comparisons if one.has_skill(MODEL.key)]
    if not skilled:
        return "The hierarchical model has no skill beyond plain rates of answers, on either target."
    rests = not any(one.has_skill(SPARE) for one in found.comparisons)
    codes = ", and only with the codes of mandate and strength" if rests else ""
    return f"The hierarchical model has some skill on {' and '.join(skilled)}{codes}."


def sentences(found: Comparators) -> list[str]:
    """What the scores say, in sentences; the same on the page and on the screen."""
    told = [summary(found)]
    for one in found.comparisons:
        told += [f"{one.target.title}: {text}" for text in (one.verdict(MODEL.key), one.verdict(SPARE), rivals(one))]
    return [text[:1].upper() + text[1:] for text in told] + [HINDSIGHT]


def rivals(one: Comparison) -> str:
    """Whether a running rate of the force's earlier answers predicts better than severity does, by both weights."""
    told = []
    for key, worth in ((RUNNING.key, "two"), ("running 5", "five")):
        gain = one.gain(key, "severity")
        word = "clear" if gain.is_clear else "the other way" if gain.high < 0 else "may be chance"
        told.append(f"{show_gain(gain)} nats an act with the other cases worth {worth} answers ({word})")
    return f"The running rate gains over severity {', '.join(told)}."


def show_gain(gain: AnswerGain) -> str:
    """A difference with its 90 % interval."""
    return f"{gain.mean:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})"


def score_table(one: Comparison) -> Table:
    """Every predictor's scores on one target."""
    rows = tuple(
        (
            scored.predictor.title,
            f"{scored.log.mean:.3f} ({scored.log.error:.3f})",
            f"{scored.brier.mean:.3f} ({scored.brier.error:.3f})",
            *(
                show_gain(one.gain(scored.predictor.key, over)) if scored.predictor.key != over else "-"
                for over in ("marginal", one.best_running.predictor.key)
            ),
        )
        for scored in one.scored
    )
    n_cases = len({row.case for row in one.rows})
    title = f"Predicted: {one.target.title}; {len(one.rows)} acts of {n_cases} cases, each case left out in turn"
    header = ("predictor", "log score", "Brier", "log score over the other cases' rates", "over the best running rate")
    return Table(title, header, rows)


def calibration_table(one: Comparison) -> Table:
    """The model's chances beside how often they came."""
    rows = tuple(
        (f"{b.low:.0%} to {b.high:.0%}", str(b.n), f"{b.mean:.2f}", f"{b.n_yes / b.n:.2f}")
        for b in one.calibration(MODEL.key)
    )
    what = "of yes" if len(one.target.names) == 2 else "of each of the five levels"
    return Table(f"Calibration: the model's chances {what}", ("chance given", "how many", "mean", "share came"), rows)


def case_table(compared: Compared) -> Table:
    """What the model would have said of each act of a case, and what was reported."""
    yes, case = compared.on("posture or enforcement"), compared.case
    chances, (low, high) = yes.by_key(MODEL.key).chances, yes.by_mandate
    running = yes.by_key(RUNNING.key).chances.mean
    rows = tuple(
        (
            act.id, act.when.said, act.said.what, act.kind, f"{act.severity:g}",
            f"{chances.mean[n, 1]:.2f} ({chances.low[n, 1]:.2f} to {chances.high[n, 1]:.2f})",
            f"{low[n, 1]:.2f} to {high[n, 1]:.2f}", f"{running[n, 1]:.2f}", answer_words(act.strongest),
            "; ".join(f"{coding.key}: {case.read_as(coding, act)}" for coding in case.codings),
        )
        for n, act in enumerate(case.case.challenges)
    )  # fmt: skip
    title = f"{compared.title}: chance of posture or enforcement, the case in no fit (90 % interval)"
    header = (
        "act", "date", "what", "kind", "severity", "model", "other readings of the mandate", "running rate",
        "strongest answer recorded", "read as",
    )  # fmt: skip
    return Table(title, header, rows)


def case_scores(compared: Compared) -> Table:
    """How well each predictor predicted the case's recorded answers."""
    rows = tuple(
        (one.target.title, told.title, f"{told.log.mean:.3f} ({told.log.error:.3f})" if told.log else "-")
        for one in compared.foretold
        for told in one.foretold
    )
    n = sum(act.strongest is not None for act in compared.case.case.challenges)
    return Table(f"{compared.title}: log score of {n} recorded answers", ("target", "predictor", "log score"), rows)


def answer_words(level: int | None) -> str:
    """An answer for readers."""
    return NOT_LOOKED_UP if level is None else ANSWER_WORDS[RECORDED_ANSWERS[level]]


def short_tables(found: Comparators) -> list[Table]:
    """What the terminal shows first: what the model gains, with and without two codes, and a case's acts in short."""
    rows = tuple(
        (
            f"{one.target.title}{less}",
            *(show_gain(one.gain(key, over)) for over in (MARGINAL.key, one.best_running.predictor.key)),
        )
        for one in found.comparisons
        for key, less in ((MODEL.key, ""), (SPARE, "; without mandate and strength"))
    )
    header = ("predicted", "gain over the other cases' rates", "over the best running rate")
    gains = Table("Gain of the model in log score, nats an act (90 % interval)", header, rows)
    return [gains, *((short_case_table(found.compared),) if found.compared else ())]


def short_case_table(compared: Compared) -> Table:
    """What the model would have said of each act of a case, in four columns."""
    chances = compared.on("posture or enforcement").by_key(MODEL.key).chances
    rows = tuple(
        (
            act.when.said, act.said.what,
            f"{chances.mean[n, 1]:.2f} ({chances.low[n, 1]:.2f}-{chances.high[n, 1]:.2f})", answer_words(act.strongest),
        )
        for n, act in enumerate(compared.case.case.challenges)
    )  # fmt: skip
    title = f"{compared.title}: chance of posture or enforcement, the case in no fit (90 % interval)"
    return Table(title, ("date", "what", "chance", "strongest answer recorded"), rows)


def short_sentences(found: Comparators) -> list[str]:
    """What was compared, the first thing to know, and what it rests on."""
    n_acts, n_cases = len(found.comparisons[0].rows), len({row.case for row in found.comparisons[0].rows})
    basis = f"{n_acts} acts of {n_cases} other ceasefires whose answer was looked for, each case left out in turn."
    return [basis, summary(found), HINDSIGHT]


def comparator_tables(found: Comparators) -> list[Table]:
    """What the terminal shows."""
    tables = [table for one in found.comparisons for table in (score_table(one), calibration_table(one))]
    return [*tables, *((case_table(found.compared), case_scores(found.compared)) if found.compared else ())]
