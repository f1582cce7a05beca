"""App: the command line.

Comes in: words typed in a terminal. Goes out: findings, and sentences on the screen. Does not know: how anything
is computed. Start reading at `main.py`; each command stands in a file of its own and is imported when it is called.
"""

from safeconduct.app.main import main
