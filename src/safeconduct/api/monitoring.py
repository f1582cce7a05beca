"""What was promised and done in a case, as it could be known at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.api.folders import monitor_folder
from safeconduct.api.frames import html_table
from safeconduct.findings.forecast import read_forecast
from safeconduct.findings.monitor import as_text, obligations_said, road_table, summary_tables, view_case, write_monitor
from safeconduct.ledger import Table
from safeconduct.monitor import View, calendar, predictions, say_state, standings
from safeconduct.terms import UsageError, parse_day, parse_time

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class MonitorView:
    """A case as it could be known at a moment: obligations, the road, acts, predictions, each with its claims."""

    view: View

    @property
    def title(self) -> str:
        """What the case is called."""
        return self.view.case.settings.title

    @property
    def as_of(self) -> datetime:
        """The moment; nothing published later is used."""
        return self.view.when

    @cached_property
    def obligations(self) -> pl.DataFrame:
        """One row an obligation: `id`, `what`, `binds`, `due` (date), `clock`, `reported`, `n_reports`, `claims`.

        `reported` is the latest status that a report gives it; `open` where there is none. `claims` lists the ids of
        all reports on it and of what bears on it.
        """
        import polars as pl

        rows = [
            {
                "id": one.obligation.id,
                "what": one.obligation.what,
                "binds": [self.view.label(key) for key in one.obligation.binds],
                "due": one.due,
                "clock": one.clock,
                "reported": one.says,
                "n_reports": len(one.reports),
                "claims": [r.claim.id for r in one.reports] + [b.claim.id for b in one.bore],
            }
            for one in standings(self.view)
        ]
        schema = {
            "id": pl.String(), "what": pl.String(), "binds": pl.List(pl.String()), "due": pl.Date(),
            "clock": pl.String(), "reported": pl.String(), "n_reports": pl.Int64(), "claims": pl.List(pl.String()),
        }  # fmt: skip
        return pl.DataFrame(rows, schema=schema)

    @cached_property
    def road(self) -> pl.DataFrame:
        """One row a stretch of days and side that reports: `first`, `last` (dates), `side`, `out`, `into`, `claims`."""
        import polars as pl

        rows = [
            {"first": one.first, "last": one.last, "side": side, "out": say_state(said.out),
             "into": say_state(said.into), "claims": list(said.claims)}
            for one in calendar(self.view)
            for side, said in one.sides.items()
        ]  # fmt: skip
        schema = {"first": pl.Date(), "last": pl.Date(), "side": pl.String(), "out": pl.String(), "into": pl.String(),
                  "claims": pl.List(pl.String())}  # fmt: skip
        return pl.DataFrame(rows, schema=schema)

    @cached_property
    def acts(self) -> pl.DataFrame:
        """One row a reported act: `time` (UTC), `actor`, `action`, `words`, `reporter`, `published` (UTC), `claim`."""
        return claims_frame(self.view, "act")

    @cached_property
    def predictions(self) -> pl.DataFrame:
        """One row a prediction: `reporter`, `words`, `due` (date), `shows` (what the record shows by then), `claim`."""
        import polars as pl

        rows = [
            {"reporter": one.claim.reporter, "words": one.claim.words, "due": one.due,
             "shows": [words for _, words in one.shows], "claim": one.claim.id}
            for one in predictions(self.view)
        ]  # fmt: skip
        schema = {"reporter": pl.String(), "words": pl.String(), "due": pl.Date(), "shows": pl.List(pl.String()),
                  "claim": pl.String()}  # fmt: skip
        return pl.DataFrame(rows, schema=schema)

    def sentences(self) -> list[str]:
        """The case, the moment, how many claims were published by then, how many obligations stand how."""
        known = f"{len(self.view.known):,} claims published by then"
        return [f"{self.title}, as of {self.view.today}: {known}", obligations_said(self.view)]

    def tables(self, *, full: bool = False) -> tuple[Table, ...]:
        """What a terminal shows: the road; with `full` obligations, predictions and counts of acts too."""
        return summary_tables(self.view) if full else (road_table(self.view),)

    def to_text(self, form: str) -> str:
        """Everything for programs: `json` or `csv`."""
        return as_text(self.view, form)

    def write(self, folder: Path | str, *, onepage: bool = False, forecast: Path | str | None = None) -> list[Path]:
        """Write monitor.html, and onepage.html where asked, with planning figures.

        forecast: a folder that `forecast` wrote; otherwise the figures are those of a run in the same folder. Raises
        UsageError where it holds no forecast, or one that is later than the page.
        """
        known = None if forecast is None else read_forecast(Path(forecast))
        return write_monitor(self.view, Path(folder), onepage=onepage, forecast=known)

    def __repr__(self) -> str:
        return "\n".join(self.sentences())

    def _repr_html_(self) -> str:
        title, counts = self.sentences()
        rows = self.obligations.select("id", "what", "clock", "reported").rows()
        return html_table(f"{title}. {counts}", ("id", "what", "clock", "reported"), [tuple(map(str, r)) for r in rows])


def claims_frame(view: View, kind: str) -> pl.DataFrame:
    """One row a known claim of a kind, in order of time."""
    import polars as pl

    rows = [
        {"time": one.time, "actor": one.actor, "action": one.action, "words": one.words, "reporter": one.reporter,
         "published": one.published, "claim": one.id}
        for one in view.of_kind(kind)
    ]  # fmt: skip
    moment = pl.Datetime("us", "UTC")
    schema = {"time": moment, "actor": pl.String(), "action": pl.String(), "words": pl.String(),
              "reporter": pl.String(), "published": moment, "claim": pl.String()}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def monitor(case: str | Path, as_of: date | datetime | str | None = None) -> MonitorView:
    """Who owes what, what was done and by whom reported, who could pass, as it could be known at a moment.

    case: a shipped case's name, or a folder. as_of: a day (its end, where the case lies) or a time with its offset from
    UTC, such as 2030-05-06 or 2030-05-06T12:00+02:00; None = the last day on which something was published.
    Raises CaseError for a faulty record, UsageError for an unknown case or time.
    """
    return MonitorView(view_case(monitor_folder(str(case)), moment_of(as_of)))


def moment_of(said: date | datetime | str | None) -> date | datetime | None:
    """A day or a time. Raises UsageError where a text is neither."""
    if not isinstance(said, str):
        return said
    try:
        return parse_day(said) if len(said) == len("2030-05-06") else parse_time(said)
    except ValueError as wrong:
        raise UsageError(f'as_of is "{said}": {wrong}; write 2030-05-06 or 2030-05-06T12:00+02:00.') from None
