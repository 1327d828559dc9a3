"""History from elsewhere."""
