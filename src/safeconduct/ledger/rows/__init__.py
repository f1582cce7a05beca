"""Rows: claims.csv in and out. Comes in: cells. Goes out: claims, each row checked, all faults reported at once.

Does not know: what is done with a claim. Start reading at `columns.py`, then `read.py`.
"""
