"""What a struck-through price is, by the words beside it."""

from typing import Literal

from azscraper.marketplaces import folded, phrases_for

ListPriceKind = Literal["list", "was", "typical", "recommended", "lowest_30_days"]
_KINDS: tuple[ListPriceKind, ...] = ("lowest_30_days", "typical", "recommended", "was", "list")
"""In the order in which their words are looked for: that of the lowest price may name the list as well."""


def kind_of_list_price(words: str, language: str) -> ListPriceKind | None:
    """What it is, in a page of that language (BCP 47); None where no word tells."""
    lower = folded(words)
    rows = phrases_for(language)[:2]
    said = (kind for kind in _KINDS if any(label in lower for row in rows for label in row.price_labels.get(kind, ())))
    return next(said, None)
