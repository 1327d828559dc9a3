"""A job in work: claim, attempt, save."""
