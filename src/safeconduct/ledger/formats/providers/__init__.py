"""Formats of providers, one file each: ACLED, IOM DTM, UCDP GED, HDX HAPI, KoboToolbox, peace agreements, UNHCR.

Comes in: a table whose headings a format knows. Goes out: claims, with faults and what was left out noted. Does not
know: how the file was wrapped. Start reading at `dtm.py`, the shortest.
"""

from __future__ import annotations

from collections.abc import Iterable

from safeconduct.ledger.formats.providers.acled import ACLED
from safeconduct.ledger.formats.providers.agreements import PAM_FORMAT, PAX_FORMAT
from safeconduct.ledger.formats.providers.dtm import DTM
from safeconduct.ledger.formats.providers.ged import GED
from safeconduct.ledger.formats.providers.hapi import HAPI
from safeconduct.ledger.formats.providers.kobo import KOBO
from safeconduct.ledger.formats.providers.unhcr import PORTAL_FORMAT, YEARLY_FORMAT
from safeconduct.ledger.types import Claim

PROVIDERS = (GED, ACLED, DTM, HAPI, YEARLY_FORMAT, PORTAL_FORMAT, PAX_FORMAT, PAM_FORMAT, KOBO)


def terms_of_use(claims: Iterable[Claim]) -> tuple[str, ...]:
    """What providers forbid of the claims that they report, each as a sentence without its stop."""
    reporters = {claim.reporter for claim in claims}
    return (ACLED.terms,) if "ACLED" in reporters else ()
