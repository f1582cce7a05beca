"""Compiled loops over parties and vehicles."""
