"""How the documentation is built, by `make docs`. `from_code.py` beside this file reads tables from the code."""

import sys
from pathlib import Path

from safeconduct import __version__

sys.path.insert(0, str(Path(__file__).parent))

project = "Safeconduct"
author = "The Safeconduct developers"
copyright = "2026, the Safeconduct developers. MIT licence"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "from_code"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
nitpicky = True
nitpick_ignore_regex = [("py:.*", ".*")]  # types of signatures are not pages of ours; links between pages stay checked

html_theme = "furo"
html_title = f"Safeconduct {__version__}"
html_show_sourcelink = False
