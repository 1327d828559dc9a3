"""The made-up goods of the pretend marketplace, and the words that describe them."""
