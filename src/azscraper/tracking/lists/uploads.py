"""Files of items that people put into lists, read: by the API and the dashboard alike."""

import asyncio

from azscraper.errors import Detail, InvalidInputError
from azscraper.jobs import list_files
from azscraper.tracking.lists import item_files
from azscraper.tracking.lists.items import NewItem
from azscraper.tracking.lists.lists import ProductList

_NAMED = 100
"""Lines of a file that an error names."""


async def items_of_file(body: bytes, name: str, one: ProductList, *, skip: bool = False) -> list[NewItem]:
    """The items of a CSV with the columns of items, or what is recognized in any other file; ``name`` says by its ending what it is.

    Columns for notes, tags and target prices are known by their names in many languages. Raises UnavailableError, and
    InvalidInputError that names the lines that can't be read; with ``skip`` those are left out.
    """
    items = await asyncio.to_thread(item_files.read, body, skip=skip)
    if items is None:
        reading = await list_files.read_soon(body, name, kind=one.type, marketplace=one.marketplaces[0], beside=True)
        found = reading.found
        read = await asyncio.to_thread(lambda: list(item_files.of_rows(found.targets, reading.beside, one)))
        wrong = [f"line {each.row}: {each.message}" for each in found.rejected]
        wrong += [each for each in read if isinstance(each, str)]
        if wrong and not skip:
            details = [Detail("file", each) for each in wrong[:_NAMED]]
            raise InvalidInputError(f"{len(wrong):,} lines of the file are not recognized", details)
        items = [each for each in read if isinstance(each, NewItem)]
    if not items:
        raise InvalidInputError.of("file", "has no targets that are recognized")
    return items
