"""Signs: the chance of a further step at past dates, from baselines and from other ceasefires, scored by what came.

A step is an act of the case's `codings/acts.csv` that `codings/compared.yaml` counts as one. When it could be known is
the ledger's: a forecast on a day rests on what had been published by then. Looking ahead is a person's own decision and
comes with the ethical note.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from safeconduct.comparators import (
    HORIZONS,
    LEAST_EACH,
    LEAST_MONTHS,
    STEP_PREDICTORS,
    ComparedCase,
    Signs,
    StepAct,
    Story,
    month_starts,
    pool_of,
    predict_steps,
    read_ceasefires,
    read_compared,
    score_steps,
    stories_of,
)
from safeconduct.ledger import Table
from safeconduct.monitor import View
from safeconduct.terms import UsageError

ETHICAL_NOTE = (
    "A look ahead can serve those who want to help and those who want to attack. A low figure is never a sign of "
    "safety. Send intervals, not midpoints, with what they rest on. Do not publish what could guide fire onto a road."
)
RETROSPECT = (
    "In retrospect only: each forecast rests on what had been published by its date; what came is looked up in all "
    "that had been published by the day of this page. The record was compiled after the events, by people who knew "
    "them."
)


@dataclass(frozen=True)
class SignReport:
    """Forecasts of every kind of step at every horizon."""

    title: str
    view: View
    names: tuple[str, ...]  # of the kinds of step, as printed
    found: tuple[Signs, ...]  # by kind of step, then by horizon
    n_acts: int
    undated: tuple[str, ...]  # acts left out because their time of publication is not known
    is_ahead: bool


def signs_of(view: View, folder: Path, comparators: Path, ahead: date | None = None) -> SignReport:
    """Forecasts at every month start whose window has ended, scored; or one look ahead from a day, unscored."""
    compared = read_compared(folder)
    if ahead:
        refuse_unwatched(compared, ahead)
    story, undated = story_of(view, compared)
    ceasefires = read_ceasefires(comparators).without(compared.case.key)
    others = stories_of(ceasefires, compared.rules.start)
    names, found = [], []
    for step in compared.rules.steps:
        for days in HORIZONS:
            origins = [ahead] if ahead else ended(compared, view, days)
            pool = pool_of(others, step.least_severity, days)
            signs = predict_steps(story, pool, step.least_severity, days, origins)
            found.append(signs if ahead else score_steps(signs, story))
            names.append(step.name)
    title = view.case.settings.title
    return SignReport(title, view, tuple(names), tuple(found), len(story.acts), undated, ahead is not None)


def refuse_unwatched(compared: ComparedCase, ahead: date) -> None:
    """Raise UsageError where a look ahead would take days whose acts were not compiled for quiet ones."""
    first, last = compared.rules.start, compared.rules.until
    if not first < ahead <= last + timedelta(days=1):
        raise UsageError(
            f"acts of {compared.case.key} are compiled from {first} until {last}; expected a look ahead from a day "
            "between them, as days without observation are not quiet days; name one with --as-of, or compile further "
            "acts and move until in codings/compared.yaml"
        )


def ended(compared: ComparedCase, view: View, days: int) -> list[date]:
    """Month starts of the case whose window had ended by the day of the view."""
    last = min(compared.rules.until, view.today - timedelta(days=days))
    return month_starts(compared.rules.start, last)


def story_of(view: View, compared: ComparedCase) -> tuple[Story, tuple[str, ...]]:
    """The case's acts that were published by the moment of the view, each from the day on which it was known."""
    acts, undated = [], []
    for act in compared.case.challenges:
        day = known_day(view, act.id)
        if day is not None:
            answers = ((known_day(view, answer.id), answer.level) for answer in act.answers)
            told = tuple((when, level) for when, level in answers if when is not None)
            acts.append(StepAct(act.when.first, day, act.severity, told))
        elif not is_dated(view, act.id):
            undated.append(act.id)
    case, rules = compared.case, compared.rules
    story = Story(case.key, rules.start, date.max, tuple(acts), case.mandate, case.strength)
    return story, tuple(undated)


def is_dated(view: View, row: str) -> bool:
    """Whether the ledger knows when an act was published, be it later."""
    return any(claim.id == row and claim.published for claim in view.case.ledger.claims)


def known_day(view: View, row: str) -> date | None:
    """The first day at whose start a claim could be known; None where it was not by the moment of the view."""
    claim = view.known.get(row)
    if claim is None or claim.published is None:
        return None
    told: datetime = claim.published.astimezone(view.case.zone)
    return told.date() if told.time() == time(0) else told.date() + timedelta(days=1)


def heading(report: SignReport, n: int) -> str:
    """What a table or drawing is about."""
    signs = report.found[n]
    return f"Chance of a further step ({report.names[n]}) within {signs.days} days"


def sign_tables(report: SignReport) -> list[Table]:
    """What the terminal shows: scores where there are any, else the chances."""
    make = ahead_table if report.is_ahead else scored_table
    return [make(report, n) for n in range(len(report.found))]


def scored_table(report: SignReport, n: int) -> Table:
    """How each predictor scored."""
    signs = report.found[n]
    rows = tuple(
        (
            one.title,
            f"{one.log.mean:.3f} ({one.log.error:.3f})",
            f"{one.brier.mean:.3f} ({one.brier.error:.3f})",
            f"{one.over_base.mean:+.3f} ({one.over_base.low:+.3f} to {one.over_base.high:+.3f})",
            one.skill,
        )
        for one in signs.scores
    )
    came = f"{sum(signs.came)} of {len(signs.came)} month starts were followed by one" if signs.came else NOTHING
    header = ("predictor", "log score", "Brier", "log score over the better base rate", "skill")
    return Table(f"{heading(report, n)}: {came}", header, rows)


NOTHING = "no window has ended yet, so nothing can be scored"


def ahead_table(report: SignReport, n: int) -> Table:
    """A look ahead: the chances, none of which is a sign of safety."""
    signs = report.found[n]
    rows = tuple(
        (title, f"{signs.chances[key][0]:.2f}", between(signs.interval[0]) if key == "model" else "-")
        for key, title in STEP_PREDICTORS.items()
    )
    return Table(f"{heading(report, n)} of {signs.origins[0]}", ("predictor", "chance", "90 % interval"), rows)


def between(interval: tuple[float, float]) -> str:
    """An interval of a chance."""
    return f"{interval[0]:.2f} to {interval[1]:.2f}"


def forecast_table(report: SignReport) -> Table:
    """Every forecast in a row, for machines."""
    rows = []
    for n, signs in enumerate(report.found):
        for k, on in enumerate(signs.origins):
            came = ("yes" if signs.came[k] else "no") if signs.came else "not yet known"
            chances = [f"{signs.chances[key][k]:.4f}" for key in signs.chances]
            low, high = signs.interval[k]
            rows.append((report.names[n], str(signs.days), str(on), *chances, f"{low:.4f}", f"{high:.4f}", came))
    keys = tuple(report.found[0].chances) if report.found else ()
    return Table("", ("step", "days", "as_of", *keys, "model_p05", "model_p95", "came"), tuple(rows))


def said(report: SignReport) -> list[str]:
    """What stands beside the tables, on the page and on the screen."""
    told = [ETHICAL_NOTE if report.is_ahead else RETROSPECT]
    scored = [one for signs in report.found for one in signs.scores]
    if scored:
        better = sorted({one.title for one in scored if one.skill.startswith("skill")})
        has_few = any(not one.is_judged for one in scored)
        plain = NO_SKILL if any(one.is_judged for one in scored) else ""
        told.append(f"Skill over the base rate in some rows: {'; '.join(better)}." if better else plain)
        told.append(FEW if has_few else "")
        told = [text for text in told if text]
    if report.is_ahead:
        told.append("What happened since the record was compiled is not in it.")
    if report.undated:
        told.append(f"Left out, as their time of publication is unknown: {', '.join(report.undated)}.")
    return told


NO_SKILL = "No predictor has skill over the base rate at any horizon: the signs here add no information to it."
FEW = (
    f"Skill is spoken of only from {LEAST_MONTHS} month starts on, at least {LEAST_EACH} of them followed by a step "
    f"and {LEAST_EACH} not (assumed); some rows have fewer."
)
