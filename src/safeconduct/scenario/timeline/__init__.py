"""What a case adds that covers a whole ceasefire: phases, stocks, inflows, passages.

Comes in: rows of `stocks.csv`, `inflows.csv`, `passages.csv` and the phases of `case.yaml`. Goes out: `Timeline`.
Does not know: what happens next. Start reading at `types.py`.
"""
