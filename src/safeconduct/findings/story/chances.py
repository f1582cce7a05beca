"""The chance that the force moves its posts or enforces after an act, as other guaranteed ceasefires answered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safeconduct.accounts import CODINGS
from safeconduct.comparators import (
    ANSWER_TARGETS,
    MARGINAL,
    MODEL,
    RUNNING,
    CasePrediction,
    ComparedCase,
    predict_case,
    read_ceasefires,
    read_compared,
)
from safeconduct.findings.comparators import shipped_comparators
from safeconduct.findings.story.claims import Json, Reports, day_number

COMPARED = "compared.yaml"
TARGET = ANSWER_TARGETS[1]  # posture or enforcement, yes or no: of the two targets the one with any skill


@dataclass(frozen=True)
class Answers:
    """What the comparators give for each act that a case's coding compares."""

    compared: ComparedCase
    prediction: CasePrediction
    n_ceasefires: int

    def as_json(self, reports: Reports) -> Json:
        """As the page holds it: an act is in it where its report is known."""
        model, rate = self.prediction.by_key(MODEL.key).chances, self.prediction.by_key(MARGINAL.key).chances
        running = self.prediction.by_key(RUNNING.key).chances
        rows = []
        for n, act in enumerate(self.compared.case.challenges):
            if act.id in reports.number:
                given = (model.mean[n, 1], model.low[n, 1], model.high[n, 1], running.mean[n, 1])
                rows.append([reports.number[act.id], day_number(act.when.first), *(round(float(v), 2) for v in given)])
        return {"rows": rows, "rate": round(float(rate.mean[0, 1]), 2) if rows else None, "n": self.n_ceasefires}


def answers_of(folder: Path) -> Answers | None:
    """The chances of a case; None where it is not set beside other ceasefires. Raises CaseError with every fault."""
    if not (folder / CODINGS / COMPARED).is_file():
        return None
    compared = read_compared(folder)
    others = read_ceasefires(shipped_comparators()).without(compared.case.key)
    return Answers(compared, predict_case(others, compared, TARGET), len(others.cases))
