"""Again and again, and what changed in between."""
