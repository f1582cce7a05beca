"""What lasts from one report to the next: obligations, who could pass, predictions and what came of them."""

from __future__ import annotations

from safeconduct.findings.story.claims import Json, Reports, day_number
from safeconduct.findings.story.sides import ORGANISATIONS
from safeconduct.ledger import PASSES
from safeconduct.monitor import predictions, standings, views

LEAST_REPORTS = 3  # of an organisation, to have a row on the road's track beside the parties; the day's table has all


def obligations(reports: Reports) -> list[Json]:
    """Each obligation with the reports on it, the acts that bear on it and every date to which it was moved."""
    view = reports.view
    return [
        {
            "id": one.obligation.id,
            "what": one.obligation.what,
            "clause": one.obligation.clause,
            "binds": [view.label(key) for key in one.obligation.binds] or [one.obligation.obligated],
            "due": day_number(one.obligation.due) if one.obligation.due else None,
            "since": day_number(one.obligation.known_from) if one.obligation.known_from else None,
            "said": one.obligation.due_said,
            "standing": one.obligation.is_standing,
            "much": one.obligation.quantity,
            "from": one.obligation.source_title,
            "ad": one.obligation.address if one.obligation.address.startswith("http") else "",
            "reports": reports.numbers(report.claim.id for report in one.reports),
            "bore": [
                [reports.number[bore.claim.id], day_number(bore.new_due) if bore.new_due else None] for bore in one.bore
            ],
        }
        for one in standings(view)
    ]


def road(reports: Reports) -> Json:
    """Who could pass, as each side reports it: the same reports from which the monitor counts its calendar."""
    view, settings, sides = reports.view, reports.view.case.settings.road, []
    for side, passages in views.told_passages(view).items():
        group = reports.groups.of(view, view.known[passages[0].claim].reporter)
        actor = view.case.actors.get(group)
        said = [
            [
                reports.number[one.claim],
                day_number(one.start),
                None if one.out is None else list(one.out),
                None if one.into is None else list(one.into),
                one.holds_days,
                one.is_count,
            ]
            for one in passages
        ]
        sides.append(
            {
                "side": side,
                "short": (actor.label if actor else side).split(" (")[0],
                "g": group,
                "shown": actor is not None or (group == ORGANISATIONS and len(said) >= LEAST_REPORTS),
                "said": said,
            }
        )
    return {"name": settings.name, "out": settings.out, "into": settings.into, "passes": PASSES, "sides": sides}


def foreseen(reports: Reports) -> list[Json]:
    """Each prediction, when it falls due, and what the record shows of it."""
    return [
        {
            "c": reports.number[one.claim.id],
            "due": day_number(one.due) if one.due else None,
            "said": one.claim.due_said,
            "shows": [[reports.number[claim.id], words] for claim, words in one.shows],
        }
        for one in predictions(reports.view)
    ]
