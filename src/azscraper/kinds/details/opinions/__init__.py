"""What buyers say: stars and counts, the reviews on the page, the summary of the shop."""
