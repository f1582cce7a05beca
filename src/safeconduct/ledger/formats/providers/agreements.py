"""PA-X and the Peace Accords Matrix: what agreements provide for and how it was carried out, by their own codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from safeconduct.ledger.formats.base import ForeignTable, Format, Intake, Line, with_content_id
from safeconduct.ledger.types import NO_ADDRESS, Claim
from safeconduct.terms.cells import NUMBER

PAX = ("AgtId", "Agt", "Dat", "PPName", "Stage")
PAX_COUNTRIES = ("Loc1ISO", "Loc2ISO")
PAX_TAKES = (*PAX, *PAX_COUNTRIES, "Con", "Status", "Agtp", "Part", "ThrdPart")
PAX_SAID = (  # what stands in a row beside the codes of provisions
    *PAX, *PAX_COUNTRIES, "Con", "Contp", "PP", "Reg", "Ver", "Status", "Lgt", "N_characters", "Agtp", "StageSub",
    "Part", "ThrdPart", "OthAgr", "Loc1GWNO", "Loc2GWNO", "UcdpCon", "UcdpAgr", "PamAgr", "CowWar", "ImSrc",
)  # fmt: skip
PROVISION_CODE = re.compile(r"[A-Z][A-Za-z]{1,15}")  # CeProv, ImPK, SsrGua ...
PAM = ("pam_caseid", "year")
PAM_NAMES = ("accord name", "accordname", "accord_name")
PROVIDED, CARRIED_OUT = "_prov", "_implem"


def fits_pax(sheet: ForeignTable) -> bool:
    """Whether the table is PA-X's, one row for an agreement."""
    return sheet.has(*PAX)


def read_pax(reading: Intake) -> Iterator[Claim]:
    """Each agreement as an act on its date, and each provision that is coded other than 0 as a statement.

    The column is the obligation and the code stands as it is given: what 1, 2 or 3 mean is in PA-X's codebook.
    """
    codes = [name for name in reading.sheet.header if name not in PAX_SAID and PROVISION_CODE.fullmatch(name)]
    reading.leave_columns([*PAX_TAKES, *codes])
    for line in reading.lines():
        act = _signed(line)
        yield act
        for name in codes:
            code = line.get(name)
            if code in ("", "0"):
                reading.left_out["provisions coded 0 or without a code"] += 1
                continue
            if not NUMBER.fullmatch(code):
                reading.left_out[f"text of provisions: {name}"] += 1
                continue
            yield _coded(line, "statement", act, name, f"provision coded {code}", "PA-X")


def _signed(line: Line) -> Claim:
    """The agreement as an act of those who took part."""
    time, precision = line.when("Dat")
    country = line.get(*PAX_COUNTRIES)
    where, said, _ = line.of.places.find(line.get("Con"), country, "")
    third = line.get("ThrdPart")
    note = (f"{one} {line.get(one)}" for one in ("PPName", "Stage", "Status", "Agtp") if line.get(one))
    name = line.key("AgtId")
    return Claim(
        f"pax{name}", "act", time, precision, where, "", None, None, None, "", "", "PA-X",
        f"PA-X agreement {name}", "https://www.peaceagreements.org", context="; ".join(note),
        place_said=said,
        actor=line.get("Part"), towards=f"third parties: {third}" if third else "", action="agreement",
        words=line.get("Agt"), topic="agreement", row=f"{line.of.sheet.file}:{line.at}",
    )  # fmt: skip


def _coded(line: Line, kind: str, about: Claim, obligation: str, status: str, reporter: str) -> Claim:
    """What a data set codes of an obligation."""
    return with_content_id(
        Claim(
            "",
            kind,
            about.time,
            about.precision,
            about.place,
            "",
            None,
            None,
            None,
            "",
            "",
            reporter,
            about.source_title,
            about.address,
            place_said=about.place_said,
            obligation=(obligation,) if obligation else (),
            status=status,
            words=f"{about.words}: {obligation} {status}",
            topic="agreement",
            row=f"{line.of.sheet.file}:{line.at}",
        )  # fmt: skip
    )


def fits_pam(sheet: ForeignTable) -> bool:
    """Whether the table is the Peace Accords Matrix's, one row for an accord and year."""
    return sheet.has(*PAM) and any(name.endswith(CARRIED_OUT) for name in sheet.header)


def read_pam(reading: Intake) -> Iterator[Claim]:
    """How far each provision was carried out in each year, as a status with the code as given.

    A provision that the accord does not have (its `_prov` is 0) says nothing, and is left out.
    """
    carried = [name for name in reading.sheet.header if name.endswith(CARRIED_OUT)]
    provided = {name: name.removesuffix(CARRIED_OUT) + PROVIDED for name in carried}
    named = next((name for name in PAM_NAMES if reading.sheet.has(name)), "")
    reading.leave_columns([*PAM, named, "country", *carried, *provided.values()])
    for line in reading.lines():
        time, precision = line.when("year")
        where, said, _ = line.of.places.find(line.get("country"), "", "")
        accord = line.get(named) or f"accord {line.get('pam_caseid')}"
        about = Claim(
            "", "status", time, precision, where, "", None, None, None, "", "", "", f"Peace Accords Matrix, {accord}",
            NO_ADDRESS, place_said=said, words=accord,
        )  # fmt: skip
        for name in carried:
            code, provision = line.get(name), provided[name]
            if not code or line.get(provision) == "0":
                reading.left_out["cells of provisions that the accord does not have"] += 1
                continue
            if line.number(name) is not None:
                status = f"implementation coded {code}"
                yield _coded(line, "status", about, name.removesuffix(CARRIED_OUT), status, "Peace Accords Matrix")


PAX_FORMAT = Format(
    "pax", "PA-X peace agreements (CSV)", fits_pax, read_pax,
    "headings of pax_all_agreements_data (peaceagreements.org), versions 6 and 9, as analyses of it name them", PAX,
)  # fmt: skip
PAM_FORMAT = Format(
    "pam", "Peace Accords Matrix (CSV, xlsx)", fits_pam, read_pam,
    "headings of PAM_ID 1.5 and 2.0 (peaceaccords.nd.edu) in the replication files of Joshi, Quinn and Regan 2015",
    (*PAM, "cease_prov", "cease_implem"),
)  # fmt: skip
