"""Flee's rules: people who walk from place to place."""
