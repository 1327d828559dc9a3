"""Which pages are sellers' pages, and what they say."""

from typing import Any

from azscraper.kinds.kind import Asked, Done, Found, Heard
from azscraper.kinds.seller import business, feedback, identity, ratings
from azscraper.kinds.whole import is_whole
from azscraper.parse.document import Document
from azscraper.parse.page import Page
from azscraper.parse.sources import Field
from azscraper.records import PageKind
from azscraper.records.pages import Read
from azscraper.records.seller import SellerOptions, SellerProfile

_NAMES = ("seller-name", "sellerName-rd", "sellerName")
_BLOCKS = ("seller-profile-container", "feedback-summary-table", "storefront-link", "seller-feedback-summary")
_AFTER = ("page-section-products", "page-section-help", "products-link")

_BLOCKS_OF = {
    name: field
    for module in (identity, ratings, feedback, business)
    for name, field in vars(module).items()
    if isinstance(field, Field)
}
FIELDS: dict[str, Field[Document, Any, Any]] = {
    name: _BLOCKS_OF[name] for name in SellerProfile.model_fields if name in _BLOCKS_OF
}
"""The fields that have a block in a module, by their name there, in the order of the record."""


def recognises(page: Page) -> bool:
    """Whether it shows a seller, whole or not."""
    document = page.document
    return document.by_id(*_NAMES) is not None and document.by_id(*_BLOCKS) is not None


def reads(page: Page, _: Asked[Any] | None) -> Read:
    """Its profile. Never raises."""
    document = page.document
    if not is_whole(document, _AFTER):
        return Read(wrong=PageKind.TRUNCATED)
    values = {name: document.once(field) for name, field in FIELDS.items()}
    seller = values["seller_id"]
    profile = SellerProfile(
        url=f"https://{document.marketplace.host}/sp?seller={seller}" if seller else None,
        marketplace=document.marketplace.host,
        language=document.language,
        **values,
    )
    return Read((profile,))


def rows(asked: Asked[SellerOptions], done: tuple[Done, ...]) -> Found:
    """The profile."""
    fetched_at = done[-1].fetched_at
    records = (one for step in done if step.read for one in step.read.records if isinstance(one, SellerProfile))
    return Found(
        tuple(_complete(one, asked).model_copy(update={"fetched_at": fetched_at}) for one in records), fetched_at
    )


def _complete(profile: SellerProfile, asked: Asked[SellerOptions]) -> SellerProfile:
    """Old pages do not name the seller that they are of."""
    return profile if profile.seller_id else profile.model_copy(update={"seller_id": asked.target.key})


def sources(name: str) -> list[str]:
    """The sources of a field, best first."""
    return [source.name for source in FIELDS[name].sources] if name in FIELDS else []


def hear(page: Page, name: str) -> Heard:
    """All sources of a field."""
    for record in reads(page, None).records:
        yield record, FIELDS[name].heard(page.document) if name in FIELDS else []
