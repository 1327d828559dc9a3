"""What there is in a project, and what changed: the finder and the list of changes."""
