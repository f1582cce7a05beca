"""Influence: which assumptions move a result, all varied at once.

Comes in: names of parameters and a function that runs rows of chances. Goes out: effects (Morris) and shares of
variance (Sobol). Does not know: cases, units, pages. Start reading at `designs.py`.
"""

from safeconduct.inference.influence.designs import Effect, Index, decompose, most_influential, screen
