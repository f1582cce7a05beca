"""Acts set from their own day in a case with phases: both worlds, measure by measure.

Comes in: a scenario, acts, two ensembles with common draws. Goes out: a folder of files, sentences.
Does not know: how a run is computed. Start reading at `compared.py`.
"""

from safeconduct.findings.acts.compared import (
    HEAD,
    REFUSED,
    ActsCompared,
    acts_said,
    compare,
    depends,
    overview,
    write_acts,
    write_overview,
)
