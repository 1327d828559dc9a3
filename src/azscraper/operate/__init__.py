"""What an operator sees, cleans up and keeps safe."""
