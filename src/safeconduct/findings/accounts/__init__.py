"""Pages of the accounts and their game."""
