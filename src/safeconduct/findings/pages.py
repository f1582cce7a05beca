"""Pages from their templates: each holds all that it needs, style and script included, and asks no network for more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from safeconduct.findings.charts import show_number
from safeconduct.findings.words import capital


def asset(name: str) -> str:
    """The text of a file that ships with this room."""
    return files("safeconduct.findings").joinpath("assets", name).read_text("utf-8")


def render(
    template: str, told: Mapping[str, object], *, filters: Mapping[str, Callable[..., Any]], **tools: object
) -> str:
    """A page from its template, what it tells, and the filters and tools that it uses beside those of every page."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    pages = Environment(
        loader=FunctionLoader(asset), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    pages.filters.update(number=show_number, capital=capital, **filters)
    pages.globals.update(raw=Markup, **tools)
    return pages.get_template(template).render(told)
