"""Keywords and charts over time: positions of products and brands, share of shelf, who came and went."""
