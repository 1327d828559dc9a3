"""``auto``: a job whose targets are addresses of any kind of page. Each target has the kind that its address is of.

A short link says nothing of what it leads to: its first step is the link itself, which is asked for and not followed. Where
it leads is then walked as any other address of that kind.
"""

from collections.abc import Mapping
from typing import Any

from azscraper.errors import Detail, InvalidInputError
from azscraper.kinds.kind import Asked, ColumnType, Done, Found, Kind, Target, column
from azscraper.kinds.walks import single
from azscraper.marketplaces import MARKETPLACES, Marketplace, is_certain
from azscraper.marketplaces.addresses import Address, address_of, short_link
from azscraper.marketplaces.sites import SHORT_LINKS
from azscraper.marketplaces.written import Refusal, product_code, readings, refusal
from azscraper.parse.page import Page
from azscraper.records.options import Options
from azscraper.records.pages import Read

AUTO = "auto"
"""``type`` of such a job, and of a target whose kind is not known before its link was followed."""
LANDINGS = frozenset({*SHORT_LINKS, *(host for site in MARKETPLACES.values() for host in site.hosts)})
"""Hosts of short links, and every site's: where a link leads is known behind it."""
_PRODUCT = "details"
_COLUMNS = (
    column("record", ColumnType.STATE),
    column("title", ColumnType.TEXT),
    column("asin", ColumnType.TEXT),
    column("position", ColumnType.NUMBER),
    column("price", ColumnType.MONEY),
    column("rating", ColumnType.NUMBER),
    column("ratingCount", ColumnType.NUMBER),
    column("marketplace", ColumnType.TEXT, shown=False),
)
"""What rows of most kinds have."""


def auto(kinds: Mapping[str, Kind[Any]]) -> Kind[Options]:
    """What jobs of the type are, over these kinds; its own walk is that of a short link, and brings no rows."""

    def resolves(text: str, marketplace: Marketplace) -> Target:
        return resolve(kinds, text, marketplace)

    return Kind(
        name=AUTO,
        label="Any address",
        about="Read pages of any kind: the address of each says which.",
        target_label="Addresses of Amazon, ASINs, EANs",
        example="https://www.amazon.com/dp/B08N5WRWNW",
        records=tuple(dict.fromkeys(record for kind in kinds.values() for record in kind.records)),
        columns=_COLUMNS,
        options=Options,
        resolve=resolves,
        next=single(_link),
        recognises=_shows_nothing,
        reads=_reads_nothing,
        rows=_no_rows,
        hosts=_hosts,
        round_trip=False,
    )


def resolve(kinds: Mapping[str, Kind[Any]], text: str, marketplace: Marketplace) -> Target:
    """What the text names: an address of Amazon of any kind, an ASIN, an EAN, a short link.

    Raises InvalidInputError for anything else: words are never taken for a keyword.
    """
    if (link := short_link(text)) is not None:
        return Target(AUTO, link, marketplace)
    if (address := address_of(text)) is not None:
        return of_address(kinds, address)
    if not any(is_certain(one) or product_code(one) for one in readings(text)):
        raise _refused(refusal(text))
    try:
        return kinds[_PRODUCT].resolve(text, marketplace)
    except InvalidInputError as exc:
        raise _refused(refusal(text)) from exc


def _refused(why: Refusal) -> InvalidInputError:
    """Its message speaks of products alone, where any page would do."""
    message = why.message.replace("the address of an Amazon product", "an address of Amazon")
    if why.reason == "not_a_product" and why.repair is None:
        message += ": for a keyword, ask for the type search"
    return InvalidInputError(message, [Detail("target", message)])


def of_address(kinds: Mapping[str, Kind[Any]], address: Address) -> Target:
    """What the address names. Raises InvalidInputError for one that no kind claims."""
    for kind in kinds.values():
        if kind.claims is not None and kind.claims(address):
            return kind.resolve(address.url, address.marketplace)
    message = f"{address.url[:200]!r} is an address of Amazon, of no kind of page that can be read"
    raise InvalidInputError(message, [Detail("target", message)])


def _link(asked: Asked[Options]) -> str:
    return asked.target.key


def _hosts(_: Marketplace) -> tuple[str, ...]:
    return (*LANDINGS,)


def _shows_nothing(_: Page) -> bool:
    return False


def _reads_nothing(_: Page, __: Asked[Any] | None) -> Read:
    return Read()


def _no_rows(_: Asked[Any], done: tuple[Done, ...]) -> Found:
    return Found((), done[-1].fetched_at)
