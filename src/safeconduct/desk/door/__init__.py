"""Access: what every request must pass, who is let in, and what they may do."""
