"""TODO: what these pages are. Their record, and the options of jobs that ask for them."""

from typing import Literal

from azscraper.records.base import PageRecord
from azscraper.records.options import Options


class ThingsRow(PageRecord):
    """TODO: what a row is (job type ``things``)."""

    key: str | None = None
    """What the target asked for."""
    position: int = 1
    """Place in the list, from 1."""
    title: str | None = None
    record: Literal["ThingsRow"] = "ThingsRow"
    """What the row is; the last column of a table."""


class ThingsOptions(Options):
    """Options of jobs of type ``things``."""

    sort: Literal["newest", "oldest"] | None = None
    """TODO: what the option does; or leave it out, and its part of the address."""
