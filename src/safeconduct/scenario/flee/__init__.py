"""Flee's folder format, and that format only."""
