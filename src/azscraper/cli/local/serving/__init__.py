"""Processes of the service: how each starts, what it logs, how it ends. Imported by a command when it runs."""
