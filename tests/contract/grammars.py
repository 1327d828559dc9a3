"""What parameters hold that have a grammar of their own, and which rules and items go together: no schema says it."""

import json
import zlib

from hypothesis import strategies as st

from azscraper.kinds.registry import kinds
from azscraper.tracking.finding import finder
from azscraper.words import MONEY_FIELDS, SeriesField

_RECORDS = [record for kind in kinds().values() for record in kind.records]
_IN_ALL = sorted(set.intersection(*({one.alias or name for name, one in r.model_fields.items()} for r in _RECORDS)))
"""Keys of every row, so that any job has them. They are left out: the document says rows that are whole."""
_TEXT = st.text(st.characters(exclude_categories=["C"]), max_size=10)
_QUOTED = _TEXT.map(lambda text: '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"')))
_SIGNS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
_OF_ROWS = st.builds("{}{}{}".format, st.sampled_from(["record", "marketplace", "url"]), _SIGNS | st.just("~"), _QUOTED)
_OF_PRODUCTS = st.builds("title{}{}".format, st.sampled_from(["=", "!=", "~"]), _QUOTED) | st.builds(
    "{}{}{}".format,
    st.sampled_from(["price", "rating", "rank", "change.7"]),
    _SIGNS,
    st.integers(-999, 999) | st.decimals(-9, 99, places=2),
)


def _listed(one, most):
    return st.lists(one, min_size=1, max_size=most).map(",".join)


FORMATS = {
    "row-fields": _listed(st.sampled_from([f"-{name}" for name in _IN_ALL if name != "record"]), 3),
    "row-where": _listed(_OF_ROWS, 5),
    "record-name": st.sampled_from(["SearchRow", "search-row"]),
    "product-where": _listed(_OF_PRODUCTS, 5),
    "product-sort": st.builds("{}{}".format, st.sampled_from(["", "-"]), st.sampled_from(sorted(finder.PATHS))),
    "series-fields": st.just("all") | _listed(st.sampled_from([*map(str, SeriesField), "rank:Kitchen & Dining"]), 5),
    "series-number": st.sampled_from(["price", "rating", "rank", "newCount", "rank:Kitchen & Dining"]),
    "series-prices": _listed(st.sampled_from(sorted(map(str, MONEY_FIELDS))), 4),
}
_RULES = [
    ({}, {"field": "price", "op": "below", "value": 20.5}),
    ({"products": ["B000000001"]}, {"field": "availability", "op": "changes"}),
    ({"tag": "mine"}, {"field": "rank", "op": "drops_by", "value": 10, "unit": "percent", "days": 7}),
    ({"seller": "Acme"}, {"field": "buyBoxLost", "value": "Acme"}),
    ({"keyword": "kettle"}, {"field": "position", "op": "enters_top", "value": 10}),
    ({"keyword": "kettle", "products": ["B000000001"]}, {"field": "share", "op": "below", "value": 30}),
    ({"node": "1234"}, {"field": "position", "op": "above", "value": 3}),
    ({"runs": True}, {"field": "failed", "value": 3}),
    ({}, {"field": "price", "op": "lowest_in_days", "days": 30}),
]
"""What goes together."""


def sound_rule(body):
    """The body of an alert with a rule that goes together, and of the rest what was made up."""
    what, condition = _RULES[zlib.crc32(json.dumps(body, sort_keys=True, default=str).encode()) % len(_RULES)]
    places = (body.get("what") or {}).get("marketplaces", [])
    sound = body | {"what": what | {"marketplaces": places}, "when": [condition], "currency": "EUR"}
    if "channels" in body:
        sound["channels"] = []
    quiet = body.get("quietHours")
    if quiet and quiet["from"] == quiet["to"]:
        sound["quietHours"] = quiet | {"from": "22:00", "to": "07:00"}
    return sound


def sound_refresh(refresh):
    """Times by one of both ways of saying them."""
    times = {"cron": refresh["cron"]} if refresh.get("cron") else {"every": "day", "at": "08:00", "weekdays": ["mon"]}
    return {name: refresh[name] for name in ("timezone", "until") if name in refresh} | times


_OF_WHAT_IS_THERE = {"exportList": ("marketplace",), "putItems": ("column", "sheet")}


def sound_query(operation, query):
    """Without the parameters that exclude each other, need another, or name what is in no list or file at hand."""
    query = {name: value for name, value in query.items() if name not in _OF_WHAT_IS_THERE.get(operation, ())}
    if operation in {"exportJob", "exportList"}:
        return _sound_export(query)
    if operation == "askByAddress":
        return query | {"url": "https://www.amazon.com/dp/B0DEMO0001"}
    if operation == "getProductSellers":
        return {name: value for name, value in query.items() if name != "from"}
    if operation != "listRows":
        return query
    if query.get("cursor") is not None:  # of another feed it is refused
        query = {name: value for name, value in query.items() if name != "since"} | {"cursor": "0.0.0"}
    alone = query.get("failures") in {True, "true"}
    return {name: value for name, value in query.items() if not (alone and name in {"where", "fields"})}


def _sound_export(query):
    """Names and columns of tables are for tables, and columns are chosen once."""
    if query.get("names", "dotted") != "dotted" or query.get("columns", "all") != "all":
        query = query | {"format": "csv"}
    return {name: value for name, value in query.items() if not (name == "columns" and query.get("fields"))}
