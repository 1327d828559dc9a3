"""The walks that most kinds take: one page, the pages of a numbered list, the products of a list. Pure."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from azscraper.crawl.policy import GiveUp
from azscraper.kinds.kind import Asked, Done, Finish, Next, Step
from azscraper.marketplaces import Marketplace, product_url
from azscraper.records.parts import Coverage

_PRODUCT = "dp:"


def single(url: Callable[[Asked[Any]], str]) -> Next[Any]:
    """One page, at that address."""

    def following(asked: Asked[Any], done: tuple[Done, ...]) -> Step | Finish:
        return Finish() if done else Step("1", url(asked), asked.target.kind)

    return following


def paged(url: Callable[[Asked[Any], int], str], pages: Callable[[Any], int]) -> Next[Any]:
    """Pages 1, 2, … at those addresses: as many as the options say, up to the last that the list has."""

    def following(asked: Asked[Any], done: tuple[Done, ...]) -> Step | Finish:
        number = len(done) + 1
        if number > pages(asked.options) or (done and _is_last(done[-1], number - 1)):
            return Finish()
        return Step(str(number), url(asked, number), asked.target.kind)

    return following


def product_step(marketplace: Marketplace, asin: str, *, variant: bool = False) -> Step:
    """A product's page on the way of another target, which goes on without it."""
    return Step(f"{_PRODUCT}{asin}", product_url(marketplace, asin, variant=variant), "details", optional=True)


def product_of(step: Step) -> str | None:
    """The product whose page the step asks for, of those that ``product_step`` makes."""
    return step.name.removeprefix(_PRODUCT) if step.name.startswith(_PRODUCT) else None


def first_asins(done: Iterable[Done], most: int) -> list[str]:
    """The first products of the pages' lists, without those that somebody paid for, each once."""
    rows = (row for one in done if one.read and product_of(one.step) is None for row in one.read.records)
    named = (getattr(row, "asin", None) for row in rows if not getattr(row, "sponsored", False))
    return list(islice(dict.fromkeys(asin for asin in named if asin), most))


def with_products(first: Next[Any], most: Callable[[Any], int]) -> Next[Any]:
    """Behind the pages of a list, those of as many of its first products as the options say."""

    def following(asked: Asked[Any], done: tuple[Done, ...]) -> Step | Finish | GiveUp:
        pages, products = parted(done)
        step = Finish() if products else first(asked, pages)
        if not isinstance(step, Finish):
            return step
        wanted = first_asins(pages, most(asked.options))
        return product_step(asked.target.marketplace, wanted[len(products)]) if len(products) < len(wanted) else step

    return following


def parted(done: tuple[Done, ...]) -> tuple[tuple[Done, ...], tuple[Done, ...]]:
    """The pages of a list, and those of its products."""
    pages = tuple(one for one in done if product_of(one.step) is None)
    return pages, done[len(pages) :]


def _is_last(done: Done, number: int) -> bool:
    read = done.read
    return read is None or not read.records or (read.last_page is not None and number >= read.last_page)


def incomplete(have: int, total: int | None, failure: str | None) -> Coverage:
    """Of an answer that had to do without a step: why, by what its failure was."""
    if failure == "robots_disallowed":
        return Coverage(have=have, total=total, complete=False, reason="robots_disallowed")
    if failure == "sign_in_required":
        return Coverage(have=have, total=total, complete=False, reason="sign_in_required")
    return Coverage(have=have, total=total, complete=False, reason="not_served")
