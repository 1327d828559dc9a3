"""What a kind of page of the pretend marketplace is: its addresses, and the function that writes it. One file a kind in ``pages``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from azscraper.demo.faults import Asked, asked_by_asin
from azscraper.demo.goods.catalogue import product_at, products, stand_in
from azscraper.demo.goods.locales import Locale
from azscraper.demo.goods.model import DemoProduct
from azscraper.demo.goods.moves import Moment
from azscraper.demo.render import Page, page_of, render

HTML = "text/html;charset=UTF-8"
_PAGES_KEPT = 2048
"""Some 30 kB a page with its gzip: all products of three marketplaces, and as many other pages."""
_LONGEST_VALUE = 300
_HIGHEST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Visit:
    """A page that is asked for: of which marketplace, by what address, at which moment."""

    locale: Locale
    path: Mapping[str, str] = field(default_factory=dict)
    """The named parts of the address's path."""
    query: Mapping[str, str] = field(default_factory=dict)
    moment: Moment | None = None
    """None in a marketplace that does not move."""

    @property
    def products(self) -> tuple[DemoProduct, ...]:
        """All products as they are at the moment."""
        return products(self.locale, self.moment)

    def product(self, asin: str) -> DemoProduct | None:
        """One of them."""
        return product_at(self.locale, asin, self.moment)

    def asked_product(self) -> DemoProduct | None:
        """The one that the address names; an ASIN that asks for a fault shows one when it answers well."""
        asin = self.word("asin")
        return self.product(asin) or (stand_in(self.locale, asin) if asked_by_asin(asin) else None)

    def word(self, name: str, default: str = "") -> str:
        """A value of the address, of its path or its query, at most 300 characters of it."""
        return self.path.get(name, self.query.get(name, default))[:_LONGEST_VALUE]

    def number(self, name: str, default: int = 1) -> int:
        """A whole number of up to 999 of the address; the default for anything else."""
        text = self.word(name, str(default))
        return int(text) if text.isdecimal() and len(text) < len(str(_HIGHEST_PAGE)) else default

    def render(self, template: str, **context: Any) -> str:
        """A template in the marketplace's language."""
        return render(template, self.locale, **context)


@dataclass(frozen=True, slots=True)
class View:
    """A kind of page. ``app.VIEWS`` lists them all."""

    kind: str
    """What ``/__stats`` counts it as."""
    paths: tuple[str, ...]
    """Its addresses, as Starlette's patterns."""
    write: Callable[[Visit], str | None]
    """The page as text; None if the marketplace does not have it, which answers 404. Pure: its answers are kept."""
    key: Callable[[Visit], str]
    """The one spelling of its address, by which requests for a page are counted and faults drawn."""
    names: tuple[str, ...] = ()
    """Of the query: the values that the page depends on."""
    path_names: tuple[str, ...] = ()
    """Likewise of the path."""
    asked: Callable[[Visit], Asked | None] = lambda _: None
    """The fault that an address asks for."""
    redirects_to: Callable[[Visit], str] | None = None
    """Where the fault of a redirect leads: another page of the kind. None: a product."""
    media_type: str = HTML

    def page(self, visit: Visit) -> Page | None:
        """The page, written once and kept."""
        path = tuple((name, visit.path[name]) for name in self.path_names if name in visit.path)
        query = tuple((name, visit.word(name)) for name in self.names if name in visit.query)
        return _kept(self, visit.locale, path, query, visit.moment)


@lru_cache(_PAGES_KEPT)
def _kept(
    view: View,
    locale: Locale,
    path: tuple[tuple[str, str], ...],
    query: tuple[tuple[str, str], ...],
    moment: Moment | None,
) -> Page | None:
    text = view.write(Visit(locale, dict(path), dict(query), moment))
    return None if text is None else page_of(text)
