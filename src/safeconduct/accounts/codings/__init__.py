"""Codings of the record: acts, codebooks, restrictions."""
