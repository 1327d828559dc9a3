"""Offers over time: who sells a product, who is new and who left, and how far the buy box is from the lowest price."""
