"""The sentence of an alert: what its form offers to choose, and the rule that it says, as the API's body."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from azscraper.errors import InvalidInputError
from azscraper.marketplaces.urls import is_asin
from azscraper.tracking.lists.lists import ProductList
from azscraper.web.dashboard.forms import read, text, texts
from azscraper.web.dashboard.language import marked as _
from azscraper.wire.alerts import ConditionIn, NewAlert
from azscraper.words import JobType


@dataclass(frozen=True, slots=True)
class Said:
    """The end of a sentence, and the condition that it is."""

    words: str
    condition: Mapping[str, Any]
    unit: str = ""
    """What stands behind the number, or that it is the name of a seller; empty: it takes neither."""
    usual: str = ""
    """A number to begin with."""


_MOST = 10**12
_LONGEST_SHOWN = 60
MONEY, PERCENT, PLACES, STARS, HOURS, SELLER = "money", "percent", "places", "stars", "hours", "seller"
_TARGET = {"field": "price", "op": "below", "value": "target"}
_OWN = {"field": "price", "op": "below", "value": "own"}
_STOCK = {"field": "availability", "op": "changes_to"}
OF_PRODUCTS = {
    "price_target": Said(_("falls below its target price"), _TARGET),
    "price_below": Said(_("costs less than"), {"field": "price", "op": "below"}, MONEY),
    "price_drops": Said(_("falls in price by"), {"field": "price", "op": "drops_by", "unit": "percent"}, PERCENT, "10"),
    "price_rises": Said(_("rises in price by"), {"field": "price", "op": "rises_by", "unit": "percent"}, PERCENT, "10"),
    "undercut": Said(_("costs less than mine in its list"), _OWN),
    "lowest_ever": Said(_("is as cheap as never before"), {"field": "price", "op": "lowest_ever"}),
    "lowest_90": Said(
        _("is cheaper than in the 90 days before"), {"field": "price", "op": "lowest_in_days", "days": 90}
    ),
    "price_changes": Said(_("changes its price"), {"field": "price", "op": "changes"}),
    "in_stock": Said(_("is in stock again"), _STOCK | {"value": "in_stock"}),
    "out_of_stock": Said(_("goes out of stock"), _STOCK | {"value": "out_of_stock"}),
    "unavailable": Said(_("is no longer available"), _STOCK | {"value": "unavailable"}),
    "coupon": Said(_("gets a coupon"), {"field": "coupon", "op": "appears"}),
    "buy_box_lost": Said(_("loses the buy box, until now held by"), {"field": "buyBoxLost"}, SELLER),
    "seller_changes": Said(_("gets another seller in the buy box"), {"field": "seller", "op": "changes"}),
    "new_seller": Said(_("has a seller in the buy box who never had it"), {"field": "newSeller"}),
    "rank_enters": Said(_("enters the best sellers up to rank"), {"field": "rank", "op": "enters_top"}, PLACES, "100"),
    "rank_leaves": Said(_("leaves the best sellers up to rank"), {"field": "rank", "op": "leaves_top"}, PLACES, "100"),
    "rating_below": Said(_("is rated below"), {"field": "rating", "op": "below"}, STARS, "4"),
    "review_below": Said(_("gets a review below"), {"field": "reviewBelow"}, STARS, "3"),
    "title_changes": Said(_("changes its title"), {"field": "title", "op": "changes"}),
}
OF_KEYWORDS = {
    "position_enters": Said(_("enters the first"), {"field": "position", "op": "enters_top"}, PLACES, "10"),
    "position_leaves": Said(_("leaves the first"), {"field": "position", "op": "leaves_top"}, PLACES, "10"),
    "organic_leaves": Said(
        _("leaves the first without advertisements"), {"field": "organicPosition", "op": "leaves_top"}, PLACES, "10"
    ),
    "position_changes": Said(_("changes its place"), {"field": "position", "op": "changes"}),
    "position_appears": Said(_("appears"), {"field": "position", "op": "appears"}),
    "position_disappears": Said(_("disappears"), {"field": "position", "op": "disappears"}),
}
OF_RUNS = {
    "failed": Said(_("fails for at least"), {"field": "failed"}, PERCENT, "100"),
    "blocked": Said(_("is blocked for at least"), {"field": "blocked"}, PERCENT, "10"),
    "rows_dropped": Said(_("brings fewer results than before, by"), {"field": "rowsDropped"}, PERCENT, "50"),
    "fields_dropped": Said(_("fills a field much less than before"), {"field": "fillRateDropped"}),
    "overdue": Said(_("is not over after"), {"field": "overdue"}, HOURS, "24"),
}
ENDINGS = {"product": OF_PRODUCTS, "keyword": OF_KEYWORDS, "run": OF_RUNS}
"""By what the sentence is about."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the project has to choose from."""

    lists: Sequence[ProductList] = ()
    tags: Sequence[str] = ()
    keywords: Sequence[str] = ()
    hosts: Sequence[str] = ()
    """Marketplaces on which it follows products, the one with most first."""
    own_sellers: Sequence[str] = ()

    @property
    def of_products(self) -> list[ProductList]:
        """The lists whose items are products."""
        return [one for one in self.lists if one.type != JobType.SEARCH]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What of it was chosen before the form was opened."""

    what: str = ""
    products: Sequence[str] = field(default=())


def rule_of(form: FormData, choices: Choices) -> NewAlert:
    """What the sentence says. Raises InvalidInputError that names fields of the form."""
    kind, _colon, chosen = text(form, "what").partition(":")
    about = kind if kind in {"keyword", "run"} else "product"
    said = _said(form, about, ENDINGS[about])
    hosts = _hosts(form, choices, chosen if kind == "list" else None)
    if said.unit == MONEY and len(hosts) != 1:
        raise InvalidInputError.of("marketplace", "is needed for a price, because it sets the currency")
    body = {
        "what": _what(form, kind, chosen) | ({"marketplaces": hosts} if about != "run" else {}),
        "when": [_condition(form, about, said)],
        "digest": _given(form, {"every": "digest", "at": "at", "weekday": "weekday", "timezone": "timezone"}),
        "rearm": _given(form, {"after": "again", "hours": "again_hours"}),
        **_given(form, {"name": "name", "note": "note"}),
        **_quiet_hours(form),
    }
    return read(NewAlert, body)


def condition_of(form: FormData, about: str, endings: Mapping[str, Said]) -> ConditionIn:
    """The condition that the end of a sentence is. Raises InvalidInputError that names fields of the form."""
    said = _said(form, about, endings)
    return read(ConditionIn, _condition(form, about, said), {"value": f"{about}_value"})


def _said(form: FormData, about: str, endings: Mapping[str, Said]) -> Said:
    said = endings.get(text(form, about))
    if said is None:
        raise InvalidInputError.of(about, "is not known")
    return said


def _condition(form: FormData, about: str, said: Said) -> dict[str, Any]:
    return dict(said.condition) | ({"value": _value(form, about, said)} if said.unit else {})


def _what(form: FormData, kind: str, chosen: str) -> dict[str, Any]:
    products = _products(form) if kind in {"keyword", "products"} else []
    match kind:
        case "list":
            return {"listId": chosen}
        case "tag":
            return {"tag": chosen}
        case "run":
            return {"runs": True}
        case "keyword":
            if not text(form, "keyword_text"):
                raise InvalidInputError.of("keyword_text", "is missing")
            return {"keyword": text(form, "keyword_text"), "products": products}
        case "products" if not products:
            raise InvalidInputError.of("products", "is missing")
        case "products":
            return {"products": products}
    return {}


def _products(form: FormData) -> list[str]:
    """The ASINs. Raises InvalidInputError that names the first line with something else."""
    found = []
    for row, line in enumerate("\n".join(texts(form, "products")).splitlines(), 1):
        for one in line.replace(",", " ").split():
            if not is_asin(one.upper()):
                raise InvalidInputError.of("products", f"line {row}: {one[:_LONGEST_SHOWN]!r} is not an ASIN")
            found.append(one)
    return found


def _hosts(form: FormData, choices: Choices, list_id: str | None) -> list[str]:
    """The marketplace that was chosen; for all of them, the only one that it can be, because it sets the currency."""
    if host := text(form, "marketplace"):
        return [host]
    of_list: Collection[str] = next((one.marketplaces for one in choices.lists if one.id == list_id), choices.hosts)
    return list(of_list) if len(of_list) == 1 else []


def _value(form: FormData, about: str, said: Said) -> float | str:
    if said.unit != SELLER:
        return _number(form, about)
    if not (seller := text(form, f"{about}_seller")):
        raise InvalidInputError.of(f"{about}_seller", "is missing")
    return seller


def _number(form: FormData, about: str) -> float:
    given = text(form, f"{about}_value")
    with suppress(ValueError):
        value = float(given.replace(",", "."))
        if 0 <= value < _MOST:
            return value
    raise InvalidInputError.of(f"{about}_value", "is not a number, for example 19.90" if given else "is missing")


def _given(form: FormData, names: Mapping[str, str]) -> dict[str, Any]:
    """Fields of the body that were filled in, by the form's names."""
    found = {name: value for name, source in names.items() if (value := text(form, source))}
    return {name: int(value) if value.isdecimal() and name == "hours" else value for name, value in found.items()}


def _quiet_hours(form: FormData) -> dict[str, Any]:
    begin, end = text(form, "quiet_from"), text(form, "quiet_to")
    if not begin and not end:
        return {}
    return {"quietHours": {"from": begin, "to": end, **_given(form, {"timezone": "timezone"})}}
