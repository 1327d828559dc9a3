"""Schema versions, forward only, each as SQL text; run by ``db.migrate``."""
