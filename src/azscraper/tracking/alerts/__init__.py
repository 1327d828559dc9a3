"""Rules that say when somebody is to be told, and what came of them."""
