"""Who holds which place for a keyword, as the client reads it."""

from collections.abc import Sequence
from typing import Literal

from azscraper.client import models
from azscraper.client.calls import Call, given, items
from azscraper.client.colours import C, operation
from azscraper.client.flows import Flow, answered
from azscraper.client.projects import Projects

Placement = Literal["organic", "sponsored", "both"]


class Keywords(Projects[C]):
    """Searches that were kept. ``keyword`` is that of a search, or of a best-seller list its address."""

    @operation
    def keyword_share(
        self,
        keyword: str,
        *,
        by: Literal["brand", "asin"] = "brand",
        placement: Placement = "both",
        marketplace: str | None = None,
        pages: int | None = None,
    ) -> Flow[list[models.Shelf]]:
        """Share of shelf by brand or product, for each search, newest first."""
        params = {"keyword": keyword, "by": by, "placement": placement, "marketplace": marketplace}
        params |= {"pages": None if pages is None else str(pages)}
        return answered(Call("GET", "/keywords/share", items(models.Shelf), given(**params)))

    @operation
    def keyword_positions(
        self, keyword: str, asins: Sequence[str] = (), brands: Sequence[str] = (), *, marketplace: str | None = None
    ) -> Flow[list[models.KeywordStanding]]:
        """Where products and brands stand in the last search, how that changed, and their best place."""
        params = {"keyword": keyword, "asins": ",".join(asins), "brands": ",".join(brands), "marketplace": marketplace}
        return answered(Call("GET", "/keywords/positions", items(models.KeywordStanding), given(**params)))

    @operation
    def keyword_moves(
        self, keyword: str, *, placement: Placement = "organic", marketplace: str | None = None
    ) -> Flow[list[models.KeywordMoves]]:
        """Who entered, left, rose and fell from one search to the next, newest first."""
        params = {"keyword": keyword, "placement": placement, "marketplace": marketplace}
        return answered(Call("GET", "/keywords/moves", items(models.KeywordMoves), given(**params)))
