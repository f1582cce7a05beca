"""The guarantee game's comparison of accounts."""
