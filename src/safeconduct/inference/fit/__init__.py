"""Fitting parameters to recorded rows."""
