"""The parts of a sentence: tokens, word lists, names of a case, amounts and their units, dates.

Start reading at `tokens.py`.
"""
