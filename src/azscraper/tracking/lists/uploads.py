"""Files of items that people put into lists, read: by the API and the dashboard alike."""

import asyncio
from collections.abc import Sequence

from azscraper.errors import Detail, InvalidInputError
from azscraper.jobs import list_files
from azscraper.jobs.target_lists import Rejected
from azscraper.tracking.lists import item_files
from azscraper.tracking.lists.items import NewItem
from azscraper.tracking.lists.lists import ProductList

_NAMED = 100
"""Lines of a file that an error names."""


async def items_of_file(body: bytes, name: str, one: ProductList, *, skip: bool = False) -> list[NewItem]:
    """The items of a CSV with the columns of items, or what is recognized in any other file; ``name`` says by its ending what it is.

    Raises UnavailableError, and InvalidInputError that names the lines that can't be read; with ``skip`` those are left out.
    """
    items = await asyncio.to_thread(item_files.read, body, skip=skip)
    if items is None:
        found = (await list_files.read_soon(body, name, kind=one.type, marketplace=one.marketplaces[0])).found
        if found.rejected and not skip:
            raise _not_recognized(found.rejected)
        items = [NewItem(target) for target in found.targets]
    if not items:
        raise InvalidInputError.of("file", "has no targets that are recognized")
    return items


def _not_recognized(rejected: Sequence[Rejected]) -> InvalidInputError:
    wrong = [Detail("file", f"line {each.row}: {each.message}") for each in rejected[:_NAMED]]
    return InvalidInputError(f"{len(rejected):,} lines of the file are not recognized", wrong)
