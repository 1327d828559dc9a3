"""Lists: what a project follows, on one or more marketplaces, refreshed by the clock."""
