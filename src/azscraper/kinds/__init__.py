"""What can be asked for: one folder a kind of page."""
