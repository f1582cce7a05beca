"""How the documentation is built, by `make docs`. `from_code.py` beside this file reads tables from the code."""

import sys
from pathlib import Path
from shutil import copytree

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

CHARTS = "ceasefire"  # pictures for wide and narrow screens, which the page names in HTML


def copy_charts(app, failed) -> None:
    """Pictures that are named in HTML go along; Sphinx itself copies those of Markdown alone."""
    if not failed:
        copytree(Path(app.srcdir) / CHARTS, Path(app.outdir) / CHARTS, dirs_exist_ok=True)


def setup(app) -> None:
    """What happens at the end of a build."""
    app.connect("build-finished", copy_charts)
