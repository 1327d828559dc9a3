"""Fetching politely: robots, pace, retries, and the only socket to shops."""
