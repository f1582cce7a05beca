"""Tables of an invented road office, for safeconduct."""
