"""Safeconduct: an executable model of a guaranteed ceasefire.

Data flows one way, and a room imports only from rooms to its left:

    terms <- ledger <- scenario <- actors <- engine <- ensemble <- inference <- findings <- app

`study.py` is the whole path, read from top to bottom.
"""

__version__ = "0.2.0"
