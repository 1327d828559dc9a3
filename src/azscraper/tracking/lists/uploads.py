"""Files of items that people put into lists, read: by the API and the dashboard alike."""

import asyncio
from dataclasses import asdict, dataclass
from functools import partial

from azscraper.errors import Detail, InvalidInputError
from azscraper.jobs import list_files, target_lists
from azscraper.jobs.target_lists import Recognised
from azscraper.kinds.registry import find_kind
from azscraper.marketplaces import Marketplace
from azscraper.tracking.lists import item_files, items
from azscraper.tracking.lists.items import NewItem
from azscraper.tracking.lists.lists import ProductList

NAMED = 100
"""Lines of a file that an error names."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What a file comes to."""

    items: list[NewItem]
    found: Recognised
    """What is no target; empty of a CSV with the columns of items."""
    wrong: list[str]
    """Lines with a target and something beside it that can't be read, such as a price."""

    @property
    def left_out(self) -> list[str]:
        """Each line that gives no item, and why."""
        return [f"line {each.row}: {each.message}" for each in self.found.rejected] + self.wrong


@dataclass(frozen=True, slots=True)
class Part:
    """What of a file to take; None: what is recognized."""

    sheet: str | None = None
    column: str | None = None
    """By its header or letter."""


WHOLE = Part()


async def read(body: bytes, name: str, *, kind: str, host: str, part: Part = WHOLE) -> Upload:
    """The items of a CSV with the columns of items, or what is recognized in any other file; ``name`` says by its ending what it is.

    Columns for notes, tags and target prices are known by their names in many languages. ``host`` is the marketplace of
    targets that name none. Raises UnavailableError, and InvalidInputError for a file that can't be read at all.
    """
    known = await asyncio.to_thread(item_files.read, body, partial(items.require, find_kind(kind)))
    if known is not None and part == WHOLE:
        return Upload(known[0], Recognised(), known[1])
    reading = await list_files.read_soon(body, name, kind=kind, marketplace=host, beside=True, **asdict(part))
    rows = await asyncio.to_thread(lambda: list(item_files.of_rows(reading.found.targets, reading.beside, host)))
    known_items = [each for each in rows if isinstance(each, NewItem)]
    return Upload(known_items, reading.found, [each for each in rows if isinstance(each, str)])


def of_text(text: str, *, kind: str, site: Marketplace) -> Upload:
    """The items of a pasted text; of cells of a spreadsheet with what stands beside the targets."""
    found, beside = target_lists.read_pasted(kind, text, site)
    if not beside:
        return Upload([NewItem(target) for target in found.targets], found, [])
    rows = list(item_files.of_rows(found.targets, beside, site.host))
    known = [each for each in rows if isinstance(each, NewItem)]
    return Upload(known, found, [each for each in rows if isinstance(each, str)])


async def of_file(body: bytes, name: str, one: ProductList, *, part: Part = WHOLE, skip: bool = False) -> Upload:
    """As ``read``. Raises InvalidInputError that names the lines that can't be read; with ``skip`` those are left out."""
    upload = await read(body, name, kind=one.type, host=one.marketplaces[0], part=part)
    if upload.left_out and not skip:
        details = [Detail("file", each) for each in upload.left_out[:NAMED]]
        count = len(upload.left_out)
        lines = "1 line of the file is" if count == 1 else f"{count:,} lines of the file are"
        raise InvalidInputError(f"{lines} not recognized", details)
    if not upload.items:
        details = [Detail("file", each) for each in upload.left_out[:NAMED]]
        raise InvalidInputError("The file has no targets that are recognized", details)
    return upload
