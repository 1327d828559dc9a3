"""How a product can be bought: terms of the offer, promises of delivery, every box of the buy box."""
