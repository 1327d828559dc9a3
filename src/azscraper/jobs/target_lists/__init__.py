"""Targets out of what people have: a pasted text, a CSV file, a workbook. Pure: bytes and text in, values out.

Nothing is dropped silently: what is not recognised is named with its row, the reason and, where there is one, a repair.
``encodings``, ``tables`` and ``workbooks`` read files, ``headers`` and ``columns`` choose the column, ``recognition`` tells
targets from the rest, ``reading`` is the whole. Files of strangers are read by :mod:`azscraper.jobs.list_files`, in a process of
its own.
"""

from contextlib import suppress

from azscraper.errors import InvalidInputError
from azscraper.jobs.target_lists.reading import Beside, Offer, Reading, read
from azscraper.jobs.target_lists.recognition import (
    LONGEST_TARGET,
    MOST_TARGETS,
    Entry,
    Recognised,
    Rejected,
    lines,
    recognise,
)
from azscraper.jobs.target_lists.tables import read_text
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
    "read_pasted",
    "recognise",
    "recognise_text",
]


_PASTED = "pasted.txt"


def recognise_text(kind: str, text: str, default: Marketplace) -> Recognised:
    """The targets of a pasted text: of the cells of a spreadsheet the column that has them, else a keyword a line, products also
    apart by spaces, commas and semicolons.
    """
    return read_pasted(kind, text, default)[0]


def read_pasted(kind: str, text: str, default: Marketplace) -> tuple[Recognised, Beside]:
    """As ``recognise_text``, with what stands beside each target in a table; nothing of a text that is none."""
    with suppress(InvalidInputError):  # of no table that can be read: each line is looked at for itself
        body = text.encode(errors="replace")
        if not read_text(body, _PASTED).is_text:
            reading = read(body, _PASTED, default, kind=kind, beside=True)
            if reading.found.targets:
                return reading.found, reading.beside
    return recognise(kind, lines(text), default), ()
