"""Story: one page on which a whole ceasefire can be seen at once, each voice beside the others.

Comes in: a monitor view, and finished runs. Goes out: one self-contained page. Does not know: how a run was computed.
Start reading at `page.py`, then `tracks.py` (which report stands on which track) and `claims.py` (what is held of one).
"""

from safeconduct.findings.story.page import Story, story_html, story_of, write_story
from safeconduct.findings.story.path import read_story
from safeconduct.findings.story.tracks import TRACKS, track_of
