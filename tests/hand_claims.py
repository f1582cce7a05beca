"""Hand-made claims for tests: short to write, complete to read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from safeconduct.ledger import Action, Claim, Ledger, Quantity, Reporter, Terms

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
TERMS = Terms(
    reporters={
        "north": Reporter("north", "north", "North", True, "government"),
        "north minister": Reporter("north minister", "north", "North", True, "government"),
        "south": Reporter("south", "south", "South", True, "government"),
        "relief": Reporter("relief", "relief", "organisation", False, "organisation"),
    },
    quantities={
        "total": Quantity("total", "persons", "cumulative", "people counted", total_of="daily", also=("arrivals",)),
        "daily": Quantity("daily", "persons", "flow", "people in a day"),
        "stock": Quantity("stock", "persons", "level", "people there"),
        "residents": Quantity("residents", "persons", "level", "people who live there", holds_days=31),
        "road": Quantity("road", "km", "measure", "length"),
        "way": Quantity("way", "hours", "own", "hours of one's own way"),
        "last": Quantity("last", "persons", "flow", "people on the last bus", is_once=True),
    },
    actions={"opened": Action("opened", "road opened", "corridor", is_once=True)},
    aliases={("the gate", ""): "gate", ("Northland", "total"): "gate", ("Northland", ""): "northland"},
)


def said(
    name: str,
    figure: float | None = None,
    *,
    of: str = "total",
    by: str = "north",
    hours: float = 0.0,
    precision: str = "exact",
    **more: object,
) -> Claim:
    """A figure at the gate, so many hours after noon of 1 January 2030."""
    claim = Claim(
        name, "figure", NOON + timedelta(hours=hours), precision, "gate", of, None, figure, None, "persons", "counted",
        by, f"bulletin {name}", "https://example.org/" + name,
    )  # fmt: skip
    return replace(claim, **more)  # type: ignore[arg-type]  # a test names fields of Claim


def ledger(*claims: Claim) -> Ledger:
    """A ledger of these claims."""
    return Ledger(claims, "", TERMS)
