"""Who holds which place for a keyword, as the client reads it."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypedDict, Unpack

from azscraper.client import models
from azscraper.client.calls import Call, given, items, moment
from azscraper.client.colours import C, operation
from azscraper.client.flows import Flow, answered
from azscraper.client.following.lists import Lists

Placement = Literal["organic", "sponsored", "both"]


class Searches(TypedDict, total=False):
    """Which searches of a keyword: without times the newest 30."""

    marketplace: str | None
    sort: str | None
    """Of jobs with this sort; without: of those with none."""
    category: str | None
    """Of jobs with this category; without: of those with none."""
    since: date | None
    until: date | None
    """Not included."""
    most: int | None
    """At most 400."""


class Keywords(Lists[C]):
    """Searches that were kept. ``keyword`` is that of a search, or of a best-seller list its address."""

    @operation
    def keyword_share(
        self,
        keyword: str,
        *,
        by: Literal["brand", "asin"] = "brand",
        placement: Placement = "both",
        pages: int | None = None,
        **which: Unpack[Searches],
    ) -> Flow[list[models.Shelf]]:
        """Share of shelf by brand or product, for each search, newest first; ``pages``: only the first ones of each search."""
        params = _sent(keyword, which) | given(by=by, placement=placement, pages=None if pages is None else str(pages))
        return answered(Call("GET", "/keywords/share", items(models.Shelf), params))

    @operation
    def keyword_positions(
        self,
        keyword: str,
        asins: Sequence[str] = (),
        brands: Sequence[str] = (),
        *,
        of_list: str | None = None,
        project: str | None = None,
        **which: Unpack[Searches],
    ) -> Flow[list[models.KeywordStanding]]:
        """Where products and brands stand in the last search, how that changed, and their best place.

        ``of_list``, a list's id or its name, adds the first 200 products of the list. Raises NotFoundError for one that there is not.
        """
        list_id = None if of_list is None else (yield from self._list_id(of_list, project))
        params = _sent(keyword, which) | given(
            asins=",".join(asins) or None, brands=",".join(brands) or None, listId=list_id
        )
        return (yield from answered(Call("GET", "/keywords/positions", items(models.KeywordStanding), params)))

    @operation
    def keyword_moves(
        self, keyword: str, *, placement: Placement = "organic", **which: Unpack[Searches]
    ) -> Flow[list[models.KeywordMoves]]:
        """Who entered, left, rose and fell from one search to the next, newest first."""
        params = _sent(keyword, which) | given(placement=placement)
        return answered(Call("GET", "/keywords/moves", items(models.KeywordMoves), params))


def _sent(keyword: str, which: Searches) -> dict[str, str]:
    most = which.get("most")
    return given(
        keyword=keyword,
        marketplace=which.get("marketplace"),
        sort=which.get("sort"),
        category=which.get("category"),
        to=moment(which.get("until")),
        limit=None if most is None else str(most),
        **{"from": moment(which.get("since"))},
    )
