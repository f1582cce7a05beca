"""Words of outcomes and standards of needs, for pages that show results."""

from safeconduct.findings import outcome_words as outcome_words
from safeconduct.inference.assimilate import STANDARDS as STANDARDS
