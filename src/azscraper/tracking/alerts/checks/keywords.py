"""What the results of a keyword tell of products: positions, and the share of a rule's products. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from azscraper.kinds.observations import ABSENT, Ranking, Value, number
from azscraper.tracking.alerts.rule_sets import Watch
from azscraper.tracking.observations import position_of
from azscraper.tracking.observed import RankingChange
from azscraper.tracking.series_states import Change, Observed
from azscraper.words import AlertField as Special

_PERCENT = 100


def checks(
    of_keyword: Mapping[str, Sequence[Watch]], rankings: Sequence[RankingChange]
) -> Iterator[tuple[str, str | None, Observed, Sequence[Watch]]]:
    """Subject, ASIN, what was seen, and the rules, for each product or keyword that a rule watches.

    Only searches in the marketplace's own order and over all categories: others are another question.
    """
    for one in rankings:
        if one.after.sort or one.after.category:
            continue
        for watch in of_keyword.get(one.after.keyword, ()):
            yield from _of_rule(watch, one)


def _of_rule(watch: Watch, one: RankingChange) -> Iterator[tuple[str, str | None, Observed, Sequence[Watch]]]:
    keyword, products = one.after.keyword, watch.rule.what.products
    if Special.SHARE in watch.rule.fields:
        shares: dict[str, Change] = {Special.SHARE: _change(one, partial(_share, products=products))}
        yield keyword, None, _observed(one, "", shares), [watch]
        return
    for asin in products or _all(one):
        fields: dict[str, Change] = {
            Special.POSITION: _change(one, partial(_position, asin=asin, organic=False)),
            Special.ORGANIC_POSITION: _change(one, partial(_position, asin=asin, organic=True)),
        }
        yield f"{keyword}\n{asin}", asin, _observed(one, asin, fields), [watch]


def _all(one: RankingChange) -> list[str]:
    return list(dict.fromkeys([*one.after.asins, *(one.before.asins if one.before else ())]))


def _observed(one: RankingChange, asin: str, fields: Mapping[str, Change]) -> Observed:
    return Observed(one.after.marketplace, "", asin, one.after.observed_at, fields)


def _change(one: RankingChange, value: Callable[[Ranking], Value]) -> Change:
    """Searches of another number of pages are not compared: what is not on two pages may be on the third."""
    comparable = one.before is not None and one.before.pages == one.after.pages
    return Change(value(one.before) if one.before and comparable else None, value(one.after), None)


def _position(ranking: Ranking, asin: str, *, organic: bool) -> Value:
    found = position_of(ranking.asins, ranking.sponsored, asin)
    place = found.organic if organic else found.overall
    return ABSENT if place is None else number(place)


def _share(ranking: Ranking, products: Sequence[str]) -> Value:
    own = sum(asin in products for asin in ranking.asins)
    return number(own * _PERCENT / len(ranking.asins)) if ranking.asins else ABSENT
