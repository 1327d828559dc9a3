"""When an offer arrives, what that costs, and where to."""
