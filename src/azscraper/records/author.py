"""Authors' pages: a row for each title, what the page says about the author, and the options of jobs that ask for them."""

from typing import Literal

from azscraper.records.base import PageRecord
from azscraper.records.options import Options
from azscraper.records.parts import (
    Availability,
    BestsellerRank,
    Contributor,
    Coverage,
    DeliverTo,
    IsoDate,
    Money,
    PriceRange,
    Record,
    Savings,
    Seller,
)


class TitleSeries(Record):
    """The series that a title belongs to."""

    name: str
    position: int | None = None
    total: int | None = None


class Edition(Record):
    """A form in which the same work is sold."""

    asin: str
    format: str
    """As printed: "Kindle"."""
    price: Money | None = None
    """Where the page holds the edition as a title of its own."""


class AuthorTitle(PageRecord):
    """One title of an author, in one format (job type ``author``)."""

    author_id: str | None = None
    asin: str
    title: str | None = None
    image: str | None = None
    format: str | None = None
    """As printed: "Kindle Edition"."""
    format_id: str | None = None
    """The shop's own name of it: ``kindle_edition``."""
    price: Money | None = None
    """What is paid for this title alone: none where it is free for members or with a trial."""
    price_label: str | None = None
    """As printed: "Kindle Price"."""
    list_price: Money | None = None
    list_price_kind: Literal["list", "was", "typical", "recommended", "lowest_30_days"] | None = None
    savings: Savings | None = None
    rating: float | None = None
    rating_count: int | None = None
    release_date: IsoDate | None = None
    """ISO 8601 date, of a title that is not out yet."""
    is_preorder: bool = False
    is_best_seller: bool = False
    bestseller_rank: BestsellerRank | None = None
    """Of its badge."""
    accolade: str | None = None
    """What the shop's editors chose it for: "Best Books of the Year 2025"."""
    series: TitleSeries | None = None
    contributors: tuple[Contributor, ...] = ()
    editions: tuple[Edition, ...] = ()
    """The same work in all formats, this one included."""
    offer_count: int | None = None
    """Offers in any condition."""
    price_range: PriceRange | None = None
    """Of these offers."""
    availability: Availability | None = None
    seller: Seller | None = None
    product_type: str | None = None
    """The shop's own name of its kind: ``ABIS_EBOOKS``."""
    position: int = 1
    """Place on the page, from 1."""
    record: Literal["AuthorTitle"] = "AuthorTitle"
    """What the row is; the last column of a table."""


class NamedKey(Record):
    """A choice that a page offers."""

    key: str
    name: str | None = None


class SeriesCount(Record):
    """A series of the author."""

    name: str
    count: int | None = None
    """Titles that it has, as the page says."""


class SimilarAuthor(Record):
    """Another author."""

    name: str
    url: str | None = None
    image: str | None = None
    asin: str | None = None


class AuthorPage(Record):
    """What an author's page says about the author."""

    author_id: str | None = None
    name: str | None = None
    url: str | None = None
    photo: str | None = None
    biography: str | None = None
    about_url: str | None = None
    formats: tuple[NamedKey, ...] = ()
    """Of the titles that the page holds."""
    languages: tuple[str, ...] = ()
    """Of the author's titles, by the shop's own names."""
    sort_options: tuple[NamedKey, ...] = ()
    series: tuple[SeriesCount, ...] = ()
    similar_authors: tuple[SimilarAuthor, ...] = ()
    listed_asins: tuple[str, ...] = ()
    """Works that the page names, in its order; it holds data of the first ones alone."""
    coverage: Coverage
    """``total`` counts works; a row is a work in one format."""
    deliver_to: DeliverTo | None = None
    """The place that the page says its prices are for."""


class AuthorOptions(Options):
    """Options of jobs of type ``author``."""
