"""Commands that show what is on record over time: all of it on one page, and what became known between two dates."""
