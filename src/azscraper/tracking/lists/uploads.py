"""Files of items that people put into lists, read: by the API and the dashboard alike."""

import asyncio
from dataclasses import dataclass

from azscraper.errors import Detail, InvalidInputError
from azscraper.jobs import list_files
from azscraper.jobs.target_lists import Recognised
from azscraper.tracking.lists import item_files
from azscraper.tracking.lists.items import NewItem
from azscraper.tracking.lists.lists import ProductList

_NAMED = 100
"""Lines of a file that an error names."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What a file comes to."""

    items: list[NewItem]
    found: Recognised
    """What is no target; empty of a CSV with the columns of items."""
    wrong: list[str]
    """Lines with a target and something beside it that can't be read, such as a price."""


async def read(body: bytes, name: str, *, kind: str, host: str) -> Upload:
    """The items of a CSV with the columns of items, or what is recognized in any other file; ``name`` says by its ending what it is.

    Columns for notes, tags and target prices are known by their names in many languages. ``host`` is the marketplace of
    targets that name none. Raises UnavailableError, and InvalidInputError for a file that can't be read at all.
    """
    known = await asyncio.to_thread(item_files.read, body)
    if known is not None:
        return Upload(known[0], Recognised(), known[1])
    reading = await list_files.read_soon(body, name, kind=kind, marketplace=host, beside=True)
    rows = await asyncio.to_thread(lambda: list(item_files.of_rows(reading.found.targets, reading.beside, host)))
    items = [each for each in rows if isinstance(each, NewItem)]
    return Upload(items, reading.found, [each for each in rows if isinstance(each, str)])


async def items_of_file(body: bytes, name: str, one: ProductList, *, skip: bool = False) -> list[NewItem]:
    """As ``read``. Raises InvalidInputError that names the lines that can't be read; with ``skip`` those are left out."""
    upload = await read(body, name, kind=one.type, host=one.marketplaces[0])
    wrong = [f"line {each.row}: {each.message}" for each in upload.found.rejected] + upload.wrong
    if wrong and not skip:
        details = [Detail("file", each) for each in wrong[:_NAMED]]
        lines = "1 line of the file is" if len(wrong) == 1 else f"{len(wrong):,} lines of the file are"
        raise InvalidInputError(f"{lines} not recognized", details)
    if not upload.items:
        raise InvalidInputError.of("file", "has no targets that are recognized")
    return upload.items
