"""Forty texts that try to become markup, script, style, a link that runs or a formula; a case full of them."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from inputs import CASES, leaves, parsed
from ruamel.yaml import YAML

PAYLOADS = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<!--<script>alert(3)",
    "--><script>alert(4)</script>",
    "<img src=x onerror=alert(5)>",
    "<svg onload=alert(6)>",
    "<svg><script>alert(7)</script></svg>",
    "<iframe src=javascript:alert(8)>",
    "<iframe srcdoc='<script>parent.alert(9)</script>'>",
    "<body onload=alert(10)>",
    "<details open ontoggle=alert(11)>",
    "<a href=javascript:alert(12)>x</a>",
    "javascript:alert(13)",
    "JaVaScRiPt:alert(14)",
    "java\u200bscript:alert(15)",
    "data:text/html,<script>alert(16)</script>",
    "vbscript:alert(17)",
    '" onmouseover="alert(18)" autofocus onfocus="alert(18)',
    "' onmouseover='alert(19)' autofocus onfocus='alert(19)",
    '"><img src=x onerror=alert(20)>',
    "'><svg/onload=alert(21)>",
    "<style>@import 'http://127.0.0.1:9/22'</style>",
    "<link rel=stylesheet href=http://127.0.0.1:9/23>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(24)'>",
    "<base href=http://127.0.0.1:9/25/>",
    "<form action=http://127.0.0.1:9/26><button>x</button></form>",
    "<input onfocus=alert(27) autofocus>",
    "<object data=javascript:alert(28)>",
    "<embed src=javascript:alert(29)>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(30)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(31)>'>",
    "<template><script>alert(32)</script></template>",
    "{{ 7*7 }}{% raw %}{{ config }}",
    "${alert(34)}`alert(34)`",
    "\\u003cscript\\u003ealert(35)\\u003c/script\\u003e",
    "&lt;script&gt;alert(36)&lt;/script&gt;",
    "<![CDATA[<script>alert(37)</script>]]>",
    "=HYPERLINK(\"http://127.0.0.1:9/38\";\"x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u2028</textarea><script>alert(40)</script>",
)  # fmt: skip
FREE = {  # columns of tables that hold words for people
    "source_title", "address", "words", "quote", "remark", "hedge", "context", "scope", "place_said", "due_said",
    "obligation_note", "behalf", "topic", "name", "other_name", "more_names", "note", "source", "region", "clause",
    "obligation_text", "due_as_said", "side", "label", "about", "why", "disputed_by", "source_url", "said", "meaning",
}  # fmt: skip
NAMES = ("reporter",)  # columns whose words are names in other tables: each gets the same ending everywhere
KEYS = {"title", "about", "name", "text", "note", "label", "asks", "codebook", "summary", "source", "agreement"}


def hostile_case(folder: Path, shipped: str = "demo-valley") -> Path:
    """A copy of a shipped case with a payload at the end of every free text; each payload is met many times."""
    shutil.copytree(CASES / shipped, folder)
    turn = cycle(PAYLOADS)
    for path in sorted(folder.rglob("*.csv")):
        if path.parent.name != "codings":
            spoil_table(path, turn)
    for path in sorted(folder.glob("*.yaml")):
        spoil_yaml(path, turn)
    return folder


def spoil_codings(folder: Path) -> None:
    """A payload at the end of every free text of a coding."""
    turn = cycle(PAYLOADS)
    spoil_table(folder / "acts.csv", turn)
    for path in sorted(folder.glob("*.yaml")):
        spoil_yaml(path, turn)


def ending_of(name: str) -> str:
    """The payload of a name, the same wherever it stands."""
    return PAYLOADS[sum(name.encode()) % len(PAYLOADS)]


def spoil_table(path: Path, turn: Iterator[str], *, is_ahead: bool = False) -> None:
    """A payload in each free cell of a table, at its end or ahead; empty cells of the columns for words get one too."""
    head, rows = parsed(path)
    for row in rows[1:]:
        for n, heading in enumerate(rows[0]):
            if heading in NAMES and row[n]:
                row[n] = f"{row[n]} {ending_of(row[n])}"
            elif heading == "address" or heading == "source_url":
                row[n] = next(turn)
            elif heading in FREE and (row[n] or heading in ("words", "remark", "note", "context")):
                is_claim, is_name = path.name == "claims.csv", path.name == "names.csv"
                is_scope = heading == "scope" and path.name == "acts.csv"
                if (
                    heading == "region"
                    or is_scope
                    or (heading in ("behalf", "side", "topic", "label") and not is_claim)
                ):
                    continue  # words that other tables must repeat
                if is_name and heading in ("name", "other_name", "more_names"):
                    continue
                row[n] = f"{next(turn)} {row[n]}" if is_ahead else f"{row[n]} {next(turn)}".strip()
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    path.write_text(head + out.getvalue(), "utf-8")


def spoil_yaml(path: Path, turn: Iterator[str]) -> None:
    """A payload at the end of each text for people of a file of settings."""
    document = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    for where, value in list(leaves(document)):
        if isinstance(value, str) and where and where[-1] in KEYS and not re.match(r"\d{4}-", value):
            at = document
            for key in where[:-1]:
                at = at[key]
            at[where[-1]] = f"{value} {next(turn)}"
    path.write_text(json.dumps(document, ensure_ascii=False, default=str), "utf-8")
