"""The codings and the three accounts that tests of the game rest on."""

from safeconduct.accounts.codings.restrictions import BY_KEY
from safeconduct.scenario import shipped_cases

CODINGS = shipped_cases() / "karabakh" / "codings"
FEW = tuple(BY_KEY[key] for key in ("static", "overstretch", "face_saving"))
