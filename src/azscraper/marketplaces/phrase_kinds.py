"""What a page says in words: the kinds of phrases that each language has a row of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """What Amazon prints in one language: parts of texts, unless a field says otherwise."""

    language: str
    """ISO 639-1."""
    sponsored: tuple[str, ...]
    in_stock: tuple[str, ...]
    few_left: tuple[str, ...]
    """Beside a number: so many are left."""
    out_of_stock: tuple[str, ...]
    unavailable: tuple[str, ...]
    preorder: tuple[str, ...]
    temporarily: tuple[str, ...]
    """Out of stock, and to come back."""
    ships_in: tuple[str, ...]
    """Before a time of preparation: in stock, unless that takes weeks or months."""
    long_wait: tuple[str, ...]
    """Weeks and months."""
    backorder: tuple[str, ...]
    """On order: can be bought now and is delivered when it comes."""
    not_shippable: tuple[str, ...]
    byline: tuple[str, ...]
    """The whole byline with ``*`` for the brand: ``visit the * store``."""
    free_delivery: tuple[str, ...]
    standard_delivery: tuple[str, ...]
    """The service that the words on shipping behind a price speak of."""
    months: tuple[str, ...]
    """January to December, by the letters that every printed form begins with."""
    weekdays: tuple[str, ...]
    """Monday to Sunday, by the letters that every printed form begins with."""
    today: tuple[str, ...]
    tomorrow: tuple[str, ...]
    not_later: tuple[str, ...]
    """Before or behind a date that is the latest of several."""
