"""Work that takes time: simulation, what-if, forecast; their progress, results and comparison."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from starlette.responses import FileResponse, Response, StreamingResponse

import safeconduct.api.casework as casework
from safeconduct.desk.ask import Ask, Page, go, moment, page, saved, show_day
from safeconduct.desk.pages.look import as_file
from safeconduct.desk.work.sheet import HEADER, MEANING, as_csv, as_xlsx, has_sheet, planning_rows
from safeconduct.desk.work.works import (
    LEFT,
    NOT_POOLED,
    TEMPLATES,
    WORDS,
    Work,
    Works,
    rounded,
    shown_seconds,
    took,
    works_of,
)
from safeconduct.terms import UsageError

CHANGE = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,80}=[^\s=]{1,60}")
MOST_RUNS, MOST_SEED, MOST_CHANGES, MOST_FITTED = 2000, 10**9, 20, 5


def works_here(ask: Ask) -> Works:
    """The work of the case that the address names."""
    return works_of(ask.desk.workspace.own, ask.file.place)


def work(ask: Ask) -> Response:
    """What can be asked, and what was."""
    return show(ask, {"as_of": until_said(ask)})


def show(ask: Ask, values: Mapping[str, str], faults: tuple[str, ...] = ()) -> Response:
    """The form with what was typed, and why it was refused."""
    can, works = casework.can_do(ask.file.folder), works_here(ask).all()
    parameters = ask.file.of_files("parameters", casework.parameters) if "run" in can else ()
    events = ask.file.of_files("events", casework.events) if "run" in can else ()
    return page(
        ask, "work.html.j2", status=422 if faults else 200, works=works, can=can, words=WORDS,
        standing=ask.file.standing(), parameters=parameters, events=events, most=MOST_RUNS, values=values,
        faults=faults, has_monitor=casework.has_monitor(ask.file.folder),
        took={WORDS[what]: took(works, what) for what in can},
    )  # fmt: skip


def until_said(ask: Ask) -> str:
    """The moment from which one looks, for the form: the end of its day where no time is given.

    By default now, else that of the newest report.
    """
    said = ask.as_of_said
    if not said and casework.has_monitor(ask.file.folder) and (now := casework.now_in(ask.file.case())):
        return now.strftime("%Y-%m-%dT%H:%M")
    newest = max((claim.published for claim in ask.file.ledger().claims if claim.published), default=None)
    if not said and newest is not None:
        return newest.astimezone(casework.zone_of(ask.file.folder)).strftime("%Y-%m-%dT%H:%M")
    return f"{said}T23:59" if len(said) == len("2030-05-06") else said


@dataclass(frozen=True)
class Question:
    """A question that was read from a form."""

    what: str
    given: Mapping[str, str]
    more: tuple[str, ...]
    words: str
    total: int


def read_question(ask: Ask) -> Question:
    """What the form asks for. Raises UsageError with everything that cannot be."""
    wrong, form = [], ask.form
    what = form.get("what", "")
    if what not in TEMPLATES or what not in casework.can_do(ask.file.folder):
        raise UsageError("this case cannot be asked that; see its page Set up for what is missing.")
    runs, seed = form.get("runs", "") or "100", form.get("seed", "") or "0"
    if not runs.isdigit() or not 1 <= int(runs) <= MOST_RUNS:
        wrong.append(f'the number of runs is "{runs[:20]}"; expected 1 to {MOST_RUNS:,}; correct it.')
    if not seed.isdigit() or int(seed) > MOST_SEED:
        wrong.append(f'the seed is "{seed[:20]}"; expected a whole number from 0; correct it.')
    as_of = form.get("as_of", "")
    when = moment(as_of)
    if what in ("forecast", "fit") and not isinstance(when, datetime):
        wrong.append(f'the time is "{as_of[:40]}"; expected one such as 2030-05-06T12:00; correct it.')
    elif isinstance(when, datetime) and when.tzinfo is None:
        as_of = when.replace(tzinfo=casework.zone_of(ask.file.folder)).isoformat()
    fits = [name.strip() for name in form.get("fits", "").split(",") if name.strip()]
    known = [one.name for one in casework.parameters(ask.file.folder)] if what == "fit" else []
    if what == "fit" and not (1 <= len(fits) <= MOST_FITTED and set(fits) <= set(known)):
        wrong.append(f'to fit is "{", ".join(fits)[:80]}"; expected one to five parameters of the list; correct it.')
    changes = [line.strip() for line in re.split(r"[\n,;]", form.get("changes", "")) if line.strip()]
    odd = [change for change in changes if not CHANGE.fullmatch(change)]
    wrong += [f'a change is "{change[:60]}"; expected NAME=VALUE, or EVENT.time=TIME; correct it.' for change in odd]
    if not odd and what in ("run", "whatif", "forecast"):
        wrong += casework.wrong_changes(ask.file.folder, changes)
    if what == "whatif" and not changes:
        wrong.append("nothing is changed; expected at least one NAME=VALUE; write it.")
    if changes and what in ("accounts", "game", "fit", "story"):
        wrong.append("a change was given; expected none for this question; leave it out.")
    if len(changes) > MOST_CHANGES:
        wrong.append(f"{len(changes)} changes; expected at most {MOST_CHANGES}; ask in parts.")
    if wrong:
        raise UsageError("\n".join(wrong))
    more = [word for c in changes for word in ("--event" if ".time=" in c else "--set", c)]
    more += [word for name in fits for word in ("--param", name)] if what == "fit" else []
    if what == "forecast":
        by = datetime.fromisoformat(as_of)
        remark = casework.unchecked_known(ask.file.ledger(), ask.file.standing().unchecked(), by)
        more += ["--remark", remark] if remark else []
    said = {
        "forecast": f"as of {time_said(when)}", "fit": f"{', '.join(fits)}, until {time_said(when)}",
        "accounts": "all of them", "game": "all of them", "story": "as of now",
    }.get(what, f"{runs} runs")  # fmt: skip
    said += f"; with {', '.join(changes)}" if changes else ""
    said += f"; seed {seed}" if int(seed) else ""
    total = {"run": int(runs), "whatif": 2 * int(runs)}.get(what, 0)
    return Question(what, {"runs": runs, "seed": seed, "as_of": as_of}, tuple(more), said, total)


def time_said(when: date | datetime | None) -> str:
    """A moment for people, in the zone in which it was given."""
    return f"{show_day(when)}, {when:%H:%M}" if isinstance(when, datetime) else show_day(when)


def begin(ask: Ask) -> Response:
    """Begin a piece of work; its page follows it. What cannot be asked is told in the form."""
    try:
        asked = read_question(ask)
    except UsageError as wrong:
        return show(ask, ask.form, tuple(str(wrong).splitlines()))
    name = works_here(ask).start(
        asked.what, ask.file.folder, ask.who, asked.words, asked.given, asked.more, asked.total
    )  # fmt: skip
    return go(f"{ask.file.place.address}/jobs/{name}")


def found(ask: Ask) -> Work:
    """The piece of work that the address names. Raises UsageError where there is none."""
    one = works_here(ask).find(ask.path["work"])
    if one is None:
        raise UsageError("there is no such piece of work; expected one of the list; see the page Work.")
    return one


def one_work(ask: Ask) -> Response:
    """One piece of work: how far it is, or what it left."""
    one = found(ask)
    return page(
        ask, "one_work.html.j2", work=one, standing=ask.file.standing(), took=shown_seconds(one.seconds),
        has_sheet=has_sheet(one), before=took(works_here(ask).all(), one.what),
        left=LEFT | NOT_POOLED if one.what == "forecast" else LEFT,
        foreseen=one.foreseen, rounded=rounded,
    )  # fmt: skip


def progress(ask: Ask) -> Response:
    """How far a piece of work is, as server-sent events, until it ends."""
    works, name = works_here(ask), found(ask).id

    def told() -> Iterator[str]:
        for one in works.watch(name):
            data = {"done": one.done, "total": one.total, "state": one.state, "remaining": one.remaining}
            yield f"data: {json.dumps({**data, 'seconds': shown_seconds(one.seconds)})}\n\n"

    return StreamingResponse(told(), media_type="text/event-stream")


def cancel(ask: Ask) -> Response:
    """Stop a piece of work."""
    works_here(ask).cancel(found(ask))
    return go(f"{ask.file.place.address}/jobs/{ask.path['work']}")


def resume(ask: Ask) -> Response:
    """Go on with a piece of work that was stopped."""
    one = found(ask)
    if one.state not in ("stopped", "cancelled"):
        raise UsageError(f"it is {one.state}; expected work that was stopped; begin a new one.")
    works_here(ask).resume(one)
    return go(f"{ask.file.place.address}/jobs/{one.id}")


def compare(ask: Ask) -> Response:
    """Outcomes of several pieces of work side by side."""
    chosen = [one for one in works_here(ask).all() if ask.query.get(one.id) == "1" and one.outcomes]
    rows = list(dict.fromkeys(name for one in chosen for name in one.outcomes))
    return page(ask, "compare.html.j2", chosen=chosen, rows=rows, standing=ask.file.standing())


def result(ask: Ask) -> Response:
    """A file that a piece of work left: a page in a sandbox, anything else to be saved."""
    file = next((path for path in found(ask).files if path.name == ask.path["file"]), None)
    if file is None:
        raise UsageError("there is no such file; expected one of the list; see the page of this work.")
    if file.suffix == ".html":
        return as_file(ask, file.read_text("utf-8"), file.name)
    return FileResponse(file, filename=file.name, content_disposition_type="attachment")


def sheet(ask: Ask) -> Response:
    """The planning sheet of a simulation."""
    one = found(ask)
    return page(
        ask, "sheet.html.j2", work=one, rows=planning_rows(one), header=HEADER, meaning=MEANING,
        title=casework.about(ask.file.folder).title, standing=ask.file.standing(),
    )  # fmt: skip


def sheet_csv(ask: Ask) -> Response:
    """The planning sheet as CSV."""
    return saved(as_csv(planning_rows(found(ask))), f"{ask.file.place.key}-planning.csv", "text/csv")


def sheet_xlsx(ask: Ask) -> Response:
    """The planning sheet as a workbook."""
    one = found(ask)
    said = f"{one.title}, {one.question}; asked by {one.who} on {one.at[:16]} UTC on data {one.data}"
    content = as_xlsx(planning_rows(one), casework.about(ask.file.folder).title, said)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return saved(content, f"{ask.file.place.key}-planning.xlsx", kind)


AT = "/{where}/{key}/jobs"
PAGES = (
    Page(AT, work),
    Page(AT, begin, "reporter", is_post=True),
    Page(f"{AT}/compare", compare),
    Page(AT + "/{work}", one_work),
    Page(AT + "/{work}/progress", progress),
    Page(AT + "/{work}/sheet", sheet),
    Page(AT + "/{work}/sheet.csv", sheet_csv),
    Page(AT + "/{work}/sheet.xlsx", sheet_xlsx),
    Page(AT + "/{work}/cancel", cancel, "reporter", is_post=True),
    Page(AT + "/{work}/resume", resume, "reporter", is_post=True),
    Page(AT + "/{work}/file/{file}", result),
)
