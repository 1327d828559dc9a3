"""The kinds of pages that the pretend marketplace has: a file a kind, each a ``View`` (``views.py``)."""
