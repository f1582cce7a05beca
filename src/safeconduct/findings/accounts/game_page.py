"""The guarantee game's comparison as a page that needs nothing else: no network and no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from safeconduct.accounts import AIMED_SHARE, LEAST_SIZE, AccountResult, Parting
from safeconduct.findings.accounts.game import ENOUGH, NO_MOTIVE, GameView, game_json
from safeconduct.findings.accounts.game_charts import Asked, answers_chart, belief_chart, range_strip
from safeconduct.findings.accounts.game_words import COVARIATES, MOVES, STANCES, filled, month_words
from safeconduct.findings.folders import write_pages
from safeconduct.findings.monitor.page import render_claims
from safeconduct.findings.pages import colours, style_sheets

ANSWERS = ("nothing", "words", "enforcement")
LEAST_SHOWN = 0.005  # shares of a matrix below this are left blank


def shades() -> str:
    """Twenty-one grounds from none to a strong one, by alpha."""
    alphas = (round(255 * n * 0.0225) for n in range(21))
    return "".join(f".shares .s{n} {{ background: {colours()['blue']}{a:02x}; }}\n" for n, a in enumerate(alphas))


def acts_asked(view: GameView) -> list[Asked]:
    """The months with an act, in order."""
    history, months = view.found.reading.history, view.found.reading.months
    names = list(MOVES.values())
    return [
        Asked(t, month_words(months[t]), names[history.move[t]], int(history.answer[t]))
        for t in range(len(months))
        if history.move[t] > 0
    ]


def acts_table(view: GameView, asked: Sequence[Asked]) -> list[tuple[str, str, str, tuple[str, ...], list[str]]]:
    """Month, act, recorded answer, rows of the record, and each account's chance of that answer."""
    reading, rows = view.found.reading, view.rows
    return [
        (
            reading.months[one.period],
            one.move,
            ANSWERS[one.answer] if one.answer >= 0 else "not looked up",
            reading.rows[one.period],
            [f"{row.answers[one.period, one.answer]:.2f}" if one.answer >= 0 else "" for row in rows],
        )
        for one in asked
    ]


def belief_charts(view: GameView, asked: Sequence[Asked]) -> Iterator[tuple[str, str, str]]:
    """Account, first and last mean, drawing; of the accounts that have a belief to follow."""
    for one in view.rows:
        if one.account.has_types:
            name, mean = view.named(one.account.title), one.belief.mean
            told = f"{mean[0]:.2f} before the first answer, {mean[-1]:.2f} before the last"
            label = f"{name}: belief that {view.parties.guarantor} is resolute, {told}"
            yield name, told, belief_chart(one, view.found.reading.months, asked, label)


def matrix(view: GameView) -> list[tuple[str, int, list[float]]]:
    """For each true account: how many histories, and in which share each account came first."""
    recovery = view.found.recovery
    counts = recovery.confusion
    return [
        (view.name(key), int(counts[i].sum()), list(counts[i] / max(counts[i].sum(), 1)))
        for i, key in enumerate(recovery.accounts)
    ]


def parting_words(view: GameView, one: Parting) -> dict[str, object]:
    """Two accounts that blur, and the question whose answer would part them most."""
    question, parties = one.question, view.parties
    holds = [filled(STANCES[question.stance], parties)]
    holds += [filled(COVARIATES[name], parties) for name in question.holds]
    first, second = (
        ", ".join(f"{name} {chance:.0%}" for name, chance in zip(ANSWERS, chances, strict=True))
        for chances in question.chances
    )
    return {
        "pair": (view.name(one.blur.first), view.name(one.blur.second)),
        "factor": float(np.exp(one.blur.log_factor)),
        "asked": f"an act of the kind \N{LEFT DOUBLE QUOTATION MARK}{MOVES[question.move]}"
        f"\N{RIGHT DOUBLE QUOTATION MARK} while {' and '.join(holds)}",
        "first": first,
        "second": second,
        "bits": question.bits,
    }


def check_rows(view: GameView) -> tuple[list[str], list[tuple[AccountResult, list[float]]]]:
    """Statistics of the record, and for each account how far out the record lies in each."""
    names = list(view.found.results[0].check.recorded)
    return names, [(one, [one.check.p_values[name] for name in names]) for one in view.rows]


def dating_rows(view: GameView) -> list[tuple[str, list[str]]]:
    """What held outside, in words, with the main dating and the others."""
    return [
        (filled(COVARIATES[name], view.parties), [way.name for way in ways])
        for name, ways in view.found.coding.datings.items()
        if ways
    ]


def is_undated(view: GameView, one: AccountResult) -> bool:
    """Whether the coding dates nothing of what an account looks at, so that it expects what it would without it."""
    return bool(one.account.covariate) and one.account.covariate not in view.found.datings


def context(view: GameView) -> dict[str, object]:
    """Everything the template prints."""
    asked, found = acts_asked(view), view.found
    names, checks = check_rows(view)
    order = [one.account.key for one in view.rows]
    blurs = found.recovery.blurs()
    return {
        "view": view,
        "found": found,
        "rows": view.rows,
        "today": datetime.now(UTC).date(),
        "no_motive": NO_MOTIVE,
        "enough": ENOUGH,
        "strips": {
            one.account.key: range_strip(one.probability_low, one.probability, one.probability_high)
            for one in view.rows
        },
        "answers": ANSWERS,
        "asked": asked,
        "acts": acts_table(view, asked),
        "answers_drawing": answers_chart([(view.named(r.account.title), r.answers) for r in view.rows], asked, ANSWERS),
        "undated": [view.named(one.account.title) for one in view.rows if is_undated(view, one)],
        "recovery_draws": float(np.median(found.recovery.effective_size)),
        "least_draws": LEAST_SIZE,
        "beliefs": list(belief_charts(view, asked)),
        "one_type": [view.named(one.account.title) for one in view.rows if not one.account.has_types],
        "matrix": matrix(view),
        "least": LEAST_SHOWN,
        "blurred": [one for one in blurs if one.is_blurred],
        "n_pairs": len(blurs),
        "partings": [parting_words(view, one) for one in found.partings],
        "check_names": names,
        "checks": checks,
        "datings": dating_rows(view),
        "firsts": [(view.name(key), n) for key, n in found.ranges.firsts.items()],
        "range_rows": {row.key: row for row in found.ranges.rows},
        "pooled_rows": sorted(view.pooled.accounts, key=lambda one: order.index(one.key)) if view.pooled else [],
        "aimed_share": AIMED_SHARE,
        "n_left_out": sum(one.n_refused for one in found.results),
        "style": style_sheets("report.css", "monitor.css", "game.css") + shades(),
    }


def game_html(view: GameView) -> str:
    """The whole page."""
    return render_claims("game.html.j2", **context(view))


def write_game(view: GameView, folder: Path) -> Path:
    """Write game.html and game.json; the other pages of the folder and this one name each other."""
    return write_pages(folder, {"game.html": game_html(view), "game.json": game_json(view)})[0]
