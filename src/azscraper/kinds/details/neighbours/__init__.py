"""Products that the page puts beside this one: bought together, related, other formats."""
