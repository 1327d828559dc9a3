"""What a page says in words: the kinds of phrases that each language has. The phrases are in ``words/<language>.toml``."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """What Amazon prints in one language: parts of texts, unless a field says otherwise. Empty: nobody has written them yet.

    All lower case, for lower-case cleaned text. A bar at either end of a phrase stands for the end of a word: ``|rent`` is
    in "rent now" and "rental", not in "current".
    """

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
    free: tuple[str, ...]
    """Costs nothing; counts beside a word of ``carriage``."""
    carriage: tuple[str, ...]
    """Delivery, shipping, and the names of their speeds ("one-day")."""
    members: tuple[str, ...]
    """Members of Prime: what a line says that names them is not for everyone."""
    not_members: tuple[str, ...]
    """Those who are not, in words that may hold the ones before."""
    standard_delivery: tuple[str, ...]
    """The service that the words on shipping behind a price speak of."""
    months: tuple[str, ...]
    """January to December, by the letters that every printed form begins with; several spellings with a slash: ``maa/mrt``."""
    weekdays: tuple[str, ...]
    """Monday to Sunday, by the letters that every printed form begins with."""
    today: tuple[str, ...]
    tomorrow: tuple[str, ...]
    not_later: tuple[str, ...]
    """Before or behind a date that is the latest of several."""
    new: tuple[str, ...] = ()
    """Of an offer's condition: unused."""
    used: tuple[str, ...] = ()
    """Of an offer's condition: not new."""
    rent: tuple[str, ...] = ()
    """Behind the price of a loan."""
    to_buy: tuple[str, ...] = ()
    """In the line that says what it costs to own what members may play for nothing."""
    timed_deal: tuple[str, ...] = ()
    """In the badge of a deal for a time; badges of festivals and of members' prices name none of these."""
    more_than: tuple[str, ...] = ()
    """Beside a count of results that is an estimate."""
    month: tuple[str, ...] = ()
    """In "50 bought in past month"."""
    by: tuple[str, ...] = ()
    """Before the name of a maker or an author: whole words."""
    ad_from: tuple[str, ...] = ()
    """Before the brand in the label of an advertisement."""
    shop_at: tuple[str, ...] = ()
    """Before the brand in the call of an advertisement: "Shop Apple"."""
    for_keyword: tuple[str, ...] = ()
    """Before the keyword for which a product is the shop's choice."""
    in_category: tuple[str, ...] = ()
    """Before the category of which a product is the best seller."""
    deliver_to: tuple[str, ...] = ()
    """Before the place that a page is priced for; one of the whole is enough."""
    hours: tuple[str, ...] = ()
    """Behind a number: a time until which to order, no day of delivery."""
    until: tuple[str, ...] = ()
    """Between the two days of a promise: whole words."""
    unfold: tuple[str, ...] = ()
    """What shows or hides the rest of a text: whole lines."""
    notice: tuple[str, ...] = ()
    """In a line that the shop puts among the bullets of a product: whether it fits, whose terms hold."""
    several: tuple[str, ...] = ()
    """In a line that counts offers without a word on their condition."""
    overall_pick: tuple[str, ...] = ()
    """In the badge that took the place of the shop's choice."""
    frequently_returned: tuple[str, ...] = ()
    """In the badge of products that buyers often send back."""
    usually_kept: tuple[str, ...] = ()
    """In the badge of products that buyers seldom send back."""
    least_price: tuple[str, ...] = ()
    """Before or behind the least price of several offers: whole words."""
    lightning_deal: tuple[str, ...] = ()
    """In the badge of a deal for few hours and pieces."""
    starts_in: tuple[str, ...] = ()
    """Before or behind the time that is left until a deal begins."""
    subscription: tuple[str, ...] = ()
    """In what the shop calls an order that is sent again and again, and those who place one."""
    or_more: tuple[str, ...] = ()
    """Behind the least number of things, or behind their name: "5 products or more"."""
    at_least: tuple[str, ...] = ()
    """Before the least number of things."""
    offer_labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Whole labels of the buy box's lines, by record field: ``seller``, ``ships_from``, ``return_policy``."""
    seller_labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Whole labels of the block about a seller's business, by record field. No label names two fields, whatever its language."""
    price_labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Before a struck-through price, by what that is: ``list``, ``was``, ``typical``, ``recommended``, ``lowest_30_days``."""
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """In the words on an offer's condition, by what that is: ``like_new``, ``very_good``, ``good``, ``acceptable``, ``collectible``, ``renewed``."""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Whole labels of the detail tables, by record field. No label names two fields, whatever its language.

    Sites are left out of them. What a package measures and weighs has fields of its own, ``package_dimensions`` and
    ``package_weight``; ``rank`` and ``reviews`` are rows that other fields read.
    """
