"""What was asked for, and whose turn it is."""
