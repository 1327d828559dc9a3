"""Product pages, as rows of every field that a buyer sees."""
