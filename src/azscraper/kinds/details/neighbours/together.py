"""What the page sells together with the product, with titles and prices."""

from azscraper.kinds.details import links
from azscraper.kinds.details.neighbours.cards import card_of, read_card
from azscraper.marketplaces import asin_from_url
from azscraper.parse.document import Document, Node, attr, first, lines, select
from azscraper.parse.json_text import json_object
from azscraper.parse.sources import Field
from azscraper.parse.values import money
from azscraper.records.page_parts import BoughtTogether, Neighbour
from azscraper.records.parts import Money

_KINDS = ("frequently_bought_together", "buy_it_with")
_BLOCKS = (
    "similarities_feature_div", "sims-productBundle_feature_div_01", "sims-productBundle_feature_div_0", "sims-fbt", "sims_fbt",
    "sims-fbt-container", "sims-fbt-content", "sims-fbt-primary",
)  # fmt: skip
_TOTALS = "[data-price-totals]"
_LONGEST_TOTAL = 60

bought_together = Field[Document, BoughtTogether, BoughtTogether | None](
    "The companions with title and price, and the price of all, from the block that their links stand in."
)


@bought_together.source("links of the block")
def _linked(document: Document) -> BoughtTogether | None:
    for kind, marks in zip(_KINDS, links.BOUGHT_TOGETHER_LINKS, strict=True):
        found: dict[str, list[Node]] = {}
        for link in document.links(*marks):
            key = asin_from_url(attr(link, "href") or "")
            if key:
                found.setdefault(key, []).append(link)
        companions = [key for key in found if key in document.once(links.companions)]
        if companions:
            products = tuple(
                _companion(key, found[key], document, place) for place, key in enumerate(companions, start=1)
            )
            return BoughtTogether(kind=kind, total_price=_total(document), products=products)
    return None


@bought_together.source("block without marked links")
def _unmarked(document: Document) -> BoughtTogether | None:
    companions = document.once(links.companions)
    found: dict[str, list[Node]] = {}
    for link in select(document.by_id(*_BLOCKS), "a[href]"):
        key = asin_from_url(attr(link, "href") or "")
        if key in companions:
            found.setdefault(key, []).append(link)
    products = tuple(
        _companion(key, listed, document, place) for place, (key, listed) in enumerate(found.items(), start=1)
    )
    return BoughtTogether(kind=_KINDS[0], total_price=_total(document), products=products) if products else None


def _companion(key: str, listed: list[Node], document: Document, position: int) -> Neighbour:
    """The picture of a companion and its line of text are in different places of older blocks."""
    cards = {card.mem_id: card for card in map(card_of, listed)}
    read = [read_card(key, card, document, position) for card in cards.values()]
    titles = [one.title for one in read if one.title]
    return read[0].model_copy(
        update={
            "title": next((one.title for one in read if one.title and one.image), max(titles, key=len, default=None)),
            "price": next((one.price for one in read if one.price), None) or _printed_price(listed[-1], document),
            "image": next((one.image for one in read if one.image), None),
        }
    )


def _printed_price(link: Node, document: Document) -> Money | None:
    """Until 2014 the price is bare text behind the title."""
    return next((amount for line in lines(card_of(link)) if (amount := money(line, document.marketplace))), None)


def _total(document: Document) -> Money | None:
    """Of all: what scripts of the block print for every choice of its boxes, before 2023 a line of its own."""
    block = document.by_id(*_BLOCKS)
    totals = json_object(attr(first(block, _TOTALS), "data-price-totals"))
    everything = max(totals, key=len, default=None)
    if everything and isinstance(printed := totals[everything], str):
        return money(printed, document.marketplace)
    short = (line for line in lines(block) if ":" in line[:_LONGEST_TOTAL] or "：" in line[:_LONGEST_TOTAL])
    return next(
        (amount for line in short if len(line) <= _LONGEST_TOTAL and (amount := money(line, document.marketplace))),
        None,
    )
