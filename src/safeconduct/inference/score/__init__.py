"""Runs and baselines scored on the record."""
