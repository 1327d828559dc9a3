"""From made-up things to HTML in Amazon's page structure: its ids, classes and data attributes, our own templates."""

import gzip
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from azscraper.demo.goods import locales
from azscraper.demo.goods.locales import Locale
from azscraper.demo.goods.model import DemoProduct

_PAGES_KEPT = 1024
_GZIP_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page, plain and compressed."""

    body: bytes
    gzipped: bytes


@lru_cache(_PAGES_KEPT)
def other_page(locale: Locale, name: str) -> Page:
    """A page that was not asked for: the name of a template without ``.html``, such as ``robot_check``."""
    return page_of(render(f"{name}.html", locale))


def page_of(text: str) -> Page:
    """A text as a page."""
    body = text.encode()
    return Page(body, gzip.compress(body, _GZIP_LEVEL, mtime=0))


def render(template: str, locale: Locale, **context: Any) -> str:
    """A template of ``templates`` in the locale's language: ``locale`` and ``t``, its phrases, are always there."""
    return _environment().get_template(template).render(locale=locale, t=locale.phrases, **context)


def product_path(product: DemoProduct) -> str:
    """Amazon's canonical path, with words of the title in front: ``/Oakumi-Kettle-O001/dp/B0DEMO0001``."""
    words = re.findall(r"[A-Za-z0-9]+", product.title)[:5]
    return f"/{'-'.join(words) or '-'}/dp/{product.asin}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {
        "price_parts": locales.price_parts,
        "money": locales.money_text,
        "number": locales.count_text,
        "stars": locales.rating_text,
        "rating_number": locales.rating_number,
        "bought": locales.bought_text,
        "product_path": product_path,
    }
    return environment
