"""Telling by webhook: endpoints, what is sent to them, and how it gets there."""
