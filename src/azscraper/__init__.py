"""AzScraper: a self-hosted Amazon data service."""
