"""Tools of keywords and of what is known of products over time. They crawl nothing."""

from datetime import date
from typing import Annotated, Literal

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations
from pydantic import Field

from azscraper.client import AsyncAzScraper
from azscraper.client.following.keywords import Placement
from azscraper.client.models import KeywordMoves, KeywordStanding, ProductSellers, Series, Shelf, Step
from azscraper.mcp_server.answers import spoken

_Keyword = Annotated[str, Field(description="As it was searched; or the address of a best-seller list")]
_Marketplace = Annotated[str | None, Field(description="Country code or host; us when left out")]
_Since = Annotated[date | None, Field(description="From this day on, UTC")]
_Searches = Annotated[int, Field(ge=1, le=100, description="The newest so many searches")]
_MOST_GAPS = 50
"""The newest; an agent reads all of them."""


class KeywordTools:
    """The tools, over one client and one project."""

    def __init__(self, client: AsyncAzScraper, project: str | None) -> None:
        self._client = client
        self._project = project

    def add_to(self, server: MCPServer, reads: ToolAnnotations) -> None:
        """Offer them."""
        for tool in (
            self.keyword_share,
            self.keyword_positions,
            self.keyword_moves,
            self.product_series,
            self.product_sellers,
        ):
            server.add_tool(tool, annotations=reads)

    async def keyword_share(
        self,
        keyword: _Keyword,
        *,
        by: Literal["brand", "asin"] = "brand",
        placement: Placement = "both",
        pages: Annotated[int | None, Field(ge=1, le=20, description="Only the first so many pages")] = None,
        marketplace: _Marketplace = None,
        since: _Since = None,
        searches: _Searches = 1,
    ) -> list[Shelf]:
        """Share of shelf: which part of a keyword's results each brand or product has, plain and weighted by place, newest search first."""
        with spoken():
            return await self._client.keyword_share(
                keyword, by=by, placement=placement, pages=pages, marketplace=marketplace, since=since, most=searches
            )

    async def keyword_positions(
        self,
        keyword: _Keyword,
        *,
        asins: Annotated[list[str], Field(max_length=200)] = [],  # noqa: B006 - pydantic copies it
        brands: Annotated[list[str], Field(max_length=200)] = [],  # noqa: B006 - the same
        ofList: Annotated[str | None, Field(description="The products of this list, by its name or id")] = None,
        marketplace: _Marketplace = None,
        since: _Since = None,
        searches: _Searches = 30,
    ) -> list[KeywordStanding]:
        """Where products and brands stand for a keyword in the last search, how that changed, and their best place of these searches."""
        with spoken():
            return await self._client.keyword_positions(
                keyword,
                asins,
                brands,
                of_list=ofList,
                project=self._project,
                marketplace=marketplace,
                since=since,
                most=searches,
            )

    async def keyword_moves(
        self,
        keyword: _Keyword,
        *,
        placement: Placement = "organic",
        marketplace: _Marketplace = None,
        since: _Since = None,
        searches: _Searches = 30,
    ) -> list[KeywordMoves]:
        """Who entered, left, rose and fell in a keyword's results, or on a best-seller list, from one search to the next."""
        with spoken():
            return await self._client.keyword_moves(
                keyword, placement=placement, marketplace=marketplace, since=since, most=searches
            )

    async def product_series(
        self,
        asin: Annotated[str, Field(pattern="^[A-Za-z0-9]{10}$")],
        *,
        fields: Annotated[
            list[str],
            Field(min_length=1, max_length=30, description="Such as price, rank, seller, coupon; all for each"),
        ] = ["price"],  # noqa: B006 - the same
        marketplace: _Marketplace = None,
        since: _Since = None,
        step: Annotated[Step | None, Field(description="One value for each, with lowest, highest and mean")] = None,
    ) -> list[Series]:
        """Each field of a product over time, oldest point first: a point for each change, and when it was last checked."""
        with spoken():
            return await self._client.product_series(asin, fields, marketplace=marketplace, since=since, step=step)

    async def product_sellers(
        self,
        asin: Annotated[str, Field(pattern="^[A-Za-z0-9]{10}$")],
        *,
        marketplace: _Marketplace = None,
        since: _Since = None,
    ) -> list[ProductSellers]:
        """Who sold a product when: first and last seen, new and lost, the buy box by seller, and its price beside the lowest one.

        Of the last 30 days without since. It knows what jobs of type offers have read.
        """
        with spoken():
            found = await self._client.product_sellers(asin, marketplace=marketplace, since=since)
            return [one.model_copy(update={"gaps": one.gaps[-_MOST_GAPS:]}) for one in found]
