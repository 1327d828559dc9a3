"""AzScraper: a self-hosted Amazon data service."""

__version__ = "0.1.0"
