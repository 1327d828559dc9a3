"""What is followed over time, as the client reads it: histories, changes, lists."""
