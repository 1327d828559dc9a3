"""Commands that talk to any service."""
