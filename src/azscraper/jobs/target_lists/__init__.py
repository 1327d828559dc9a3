"""Targets out of what people have: a pasted text, a CSV file, a workbook. Pure: bytes and text in, values out.

Nothing is dropped silently: what is not recognised is named with its row, the reason and, where there is one, a repair.
``encodings``, ``tables`` and ``workbooks`` read files, ``headers`` and ``columns`` choose the column, ``recognition`` tells
targets from the rest, ``reading`` is the whole. Files of strangers are read by :mod:`azscraper.jobs.list_files`, in a process of
its own.
"""

from azscraper.jobs.target_lists.reading import Offer, Reading, read
from azscraper.jobs.target_lists.recognition import (
    LONGEST_TARGET,
    MOST_TARGETS,
    Entry,
    Recognised,
    Rejected,
    lines,
    recognise,
)
from azscraper.marketplaces import Marketplace

__all__ = [
    "LONGEST_TARGET",
    "MOST_TARGETS",
    "Entry",
    "Offer",
    "Reading",
    "Recognised",
    "Rejected",
    "lines",
    "read",
    "recognise",
    "recognise_text",
]


def recognise_text(kind: str, text: str, default: Marketplace) -> Recognised:
    """The targets of a pasted text: a keyword a line; products also apart by spaces, commas and semicolons."""
    return recognise(kind, lines(text), default)
