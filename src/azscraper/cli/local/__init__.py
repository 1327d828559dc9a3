"""Commands that run the service, or work in its database."""
