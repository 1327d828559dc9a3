"""What keywords and reviews tell, as checks that rules can be judged by. Pure."""
