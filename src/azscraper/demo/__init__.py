"""A pretend marketplace: made-up products in the page structure of Amazon, with faults on request."""
