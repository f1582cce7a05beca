"""Simulation: tables and pages of simulated runs and of paired worlds.

Comes in: a scenario, its ensemble, its scores, its provenance. Goes out: a folder of files. Does not know: how any of
them was made. Start reading at `write.py` (of a run) and `whatif.py` (of two worlds).
"""

from typing import TYPE_CHECKING

from safeconduct.terms import offered_when_used

if TYPE_CHECKING:  # each is imported when it is first used
    from safeconduct.findings.simulation.assumptions import explained, first_to_measure
    from safeconduct.findings.simulation.summaries import EnsembleSummary
    from safeconduct.findings.simulation.tables import as_csv, in_short
    from safeconduct.findings.simulation.whatif import Counterfactual, GameNotes, whatif_said
    from safeconduct.findings.simulation.whatif_page import write_whatif
    from safeconduct.findings.simulation.write import fill, put, summary_of, write_findings

__getattr__ = offered_when_used(__name__, __file__)
