"""What stands before the routes: who asks, from where and how much at once; each refuses what it must, and counts."""
