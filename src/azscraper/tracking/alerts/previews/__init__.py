"""What a rule would have told in the days before, from what is stored."""
