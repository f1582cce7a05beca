"""Pages from their templates: each holds all that it needs, style and script included, and asks no network for more."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from safeconduct.findings.charts import show_number
from safeconduct.findings.words import capital

if TYPE_CHECKING:
    from types import CodeType

    from jinja2 import BytecodeCache
    from markupsafe import Markup


def asset(name: str) -> str:
    """The text of a file that ships with this package."""
    return files("safeconduct.findings").joinpath("assets", name).read_text("utf-8")


def style_sheets(*names: str) -> str:
    """The style sheets of a page behind the colours that they name."""
    return "".join(map(asset, ("colours.css", *names)))


@cache
def colours() -> Mapping[str, str]:
    """Every colour by its name, for what is drawn outside a page."""
    return dict(re.findall(r"--([\w-]+): (#\w+);", asset("colours.css")))


def render(
    template: str, told: Mapping[str, object], *, filters: Mapping[str, Callable[..., Any]], **tools: object
) -> str:
    """A page from its template, what it tells, and the filters and tools that it uses beside those of every page."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    pages = Environment(
        loader=FunctionLoader(asset), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined,
        bytecode_cache=kept_code(),
    )  # fmt: skip
    own = OwnParts()
    pages.filters.update(number=show_number, capital=capital, **filters)
    pages.globals.update(
        raw=Markup, script_of=own.script, style_of=own.style, script_hashes=own.scripts.place,
        style_hashes=own.styles.place, **tools,
    )  # fmt: skip
    return own.with_hashes(pages.get_template(template).render(told))


@cache
def kept_code() -> BytecodeCache:
    """The code of templates, compiled once in a process: a third of what a page of a monitored case cost."""
    from jinja2 import BytecodeCache
    from jinja2.bccache import Bucket

    kept: dict[tuple[str, str], CodeType | None] = {}

    class Kept(BytecodeCache):
        def load_bytecode(self, bucket: Bucket) -> None:
            bucket.code = kept.get((bucket.key, bucket.checksum))

        def dump_bytecode(self, bucket: Bucket) -> None:
            kept[bucket.key, bucket.checksum] = bucket.code

    return Kept()


class Hashes:
    """The hashes of all that a page may run of one kind; they stand in its policy, above what they name."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.mark = f"hashes-{token_hex(16)}"  # stands in the policy until all are known

    def place(self) -> str:
        """Where the hashes will stand in the policy."""
        return self.mark

    def add(self, text: str) -> None:
        """Let this text run."""
        self.found.append(hash_of(text))


class OwnParts:
    """Scripts and styles of one page: its policy lets only these count, by their hashes, whatever else gets in."""

    def __init__(self) -> None:
        self.scripts, self.styles = Hashes(), Hashes()

    def script(self, code: str) -> Markup:
        """A script of ours as an element."""
        from markupsafe import Markup

        text = in_script(code)
        self.scripts.add(text)
        return Markup(f"<script>{text}</script>")

    def style(self, code: str) -> Markup:
        """A style sheet of ours as an element."""
        from markupsafe import Markup

        self.styles.add(code)
        return Markup(f"<style>{code}</style>")

    def with_hashes(self, page: str) -> str:
        """The page with the hashes in its policy."""
        for one in (self.scripts, self.styles):
            page = page.replace(one.mark, " ".join(one.found) or "'none'")
        return page


def hash_of(text: str) -> str:
    """The hash by which a policy lets a script or style count."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def policy(style: str) -> str:
    """The policy of a page with this style sheet and no script, as an element."""
    rule = f"default-src 'none'; style-src {hash_of(style)}"
    return f'<meta http-equiv="Content-Security-Policy" content="{rule}">'


def in_script(text: str) -> str:
    """Code that cannot end the script element it stands in, and asks for no source map."""
    return text.replace("</script", "<\\/script").replace("//# sourceMappingURL=", "// source map: ")


def safe_json(value: object) -> str:
    """JSON that can stand in a page: no character of it can end a script element or begin markup."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
