"""What commands are given: targets, options, bookmarks."""
