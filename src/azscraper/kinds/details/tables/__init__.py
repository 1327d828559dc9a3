"""The tables and lists of a product page: their rows, and what a single row holds."""
