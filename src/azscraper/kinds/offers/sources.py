"""Where the fields of offers and of their list come from: what ``explain`` asks."""

from azscraper.kinds.kind import Heard
from azscraper.kinds.offers import head
from azscraper.kinds.offers.listed import listed_in
from azscraper.kinds.offers.page import reads
from azscraper.kinds.offers.read import FIELDS, row_of
from azscraper.parse import places
from azscraper.parse.page import Page
from azscraper.parse.sources import Source
from azscraper.records.offers import OfferRow, OffersSummary

_ROWS: places.Places = {name: field.sources for name, field in FIELDS.items()} | {
    "landed_price": (Source("price and shipping together", lambda _: None),),
    "is_featured": (Source("#aod-pinned-offer", lambda offer: offer.is_featured),),
}
_HEAD: places.Places = {name: field.sources for name, field in head.FIELDS.items()}


def row_sources(name: str) -> list[str]:
    """Of a field of an offer."""
    return places.names(_ROWS, name)


def hear_rows(page: Page, name: str) -> Heard:
    """All sources of a field of each offer."""
    rows = [one for one in reads(page, None).records if isinstance(one, OfferRow)]
    for listed in listed_in(page.document):
        made = row_of(listed, page.document, page.url)
        row = next((one for one in rows if made and made.model_copy(update={"position": one.position}) == one), None)
        if row is not None:
            rows.remove(row)
            yield row, _heard(listed, row, name)


def _heard(listed: object, row: OfferRow, name: str) -> list[tuple[str, object]]:
    if name == "landed_price":
        return [(places.names(_ROWS, name)[0], row.landed_price)]
    return places.heard(_ROWS, name, listed)


def head_sources(name: str) -> list[str]:
    """Of a field of the list itself."""
    return places.names(_HEAD, name)


def hear_head(page: Page, name: str) -> Heard:
    """All sources of a field of the list itself."""
    said = reads(page, None).summary
    if isinstance(said, OffersSummary):
        yield said, places.heard(_HEAD, name, page.document)
