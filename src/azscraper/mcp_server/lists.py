"""Tools of lists: what a project follows, and what changed of it."""

from datetime import date
from typing import Annotated

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations
from pydantic import Field

from azscraper.client import AsyncAzScraper
from azscraper.client.models import Change, FoundProduct, ListItem, PostedJob, ProductList, PutItems
from azscraper.mcp_server.answers import spoken

_List = Annotated[str, Field(description="The list's name or id")]
_Limit = Annotated[int, Field(ge=1, le=200, description="At most so many")]


class ListTools:
    """The tools, over one client and one project."""

    def __init__(self, client: AsyncAzScraper, project: str | None) -> None:
        self._client = client
        self._project = project

    def add_to(self, server: MCPServer, crawls: ToolAnnotations, reads: ToolAnnotations) -> None:
        """Offer them."""
        for tool in (self.lists, self.list_items, self.changes, self.find_products):
            server.add_tool(tool, annotations=reads)
        for writing in (self.add_to_list, self.refresh_list):
            server.add_tool(writing, annotations=crawls)

    async def lists(self) -> list[ProductList]:
        """The lists of products, keywords or pages that the project follows, and when each refreshes itself."""
        with spoken():
            return await self._client.lists(self._project)

    async def list_items(self, name: _List, limit: _Limit = 100) -> list[ListItem]:
        """What is in a list, with notes, tags and target prices."""
        with spoken():
            return [item async for item in self._client.list_items(name, most=limit, project=self._project)]

    async def add_to_list(
        self,
        name: _List,
        targets: Annotated[list[str], Field(min_length=1, max_length=1000, description="ASINs, addresses or keywords")],
        note: Annotated[str, Field(max_length=1000)] = "",
    ) -> PutItems:
        """Put targets into a list; its next refresh crawls them too."""
        with spoken():
            items = [{"target": target, "note": note} for target in targets]
            return await self._client.put_items(name, items, project=self._project)

    async def refresh_list(self, name: _List) -> list[PostedJob]:
        """Crawl a list now: one job for each marketplace."""
        with spoken():
            return await self._client.refresh_list(name, project=self._project)

    async def changes(
        self,
        since: Annotated[
            date | None, Field(description="From this day on, UTC; of the last 24 hours when left out")
        ] = None,
        fields: Annotated[
            list[str] | None, Field(max_length=20, description="Such as price, availability, seller; all when left out")
        ] = None,
        limit: _Limit = 100,
    ) -> list[Change]:
        """What changed in the project's products, newest first, before and after. Crawls nothing."""
        with spoken():
            found = self._client.changes(self._project, since=since, fields=fields, most=limit)
            return [change async for change in found]

    async def find_products(
        self,
        where: Annotated[
            str | None, Field(max_length=500, description="Such as price<20,rating>=4.5,change.7<=-10")
        ] = None,
        sort: Annotated[str, Field(max_length=100, description="Such as price or -change.7")] = "-checkedAt",
        limit: _Limit = 50,
    ) -> list[FoundProduct]:
        """Products among all that the project ever saw, with their values now and price changes over 1, 7 and 30 days. Crawls nothing."""
        with spoken():
            found = self._client.products(self._project, where=where, sort=sort, most=limit)
            return [product async for product in found]
