"""Tools of lists: what a project follows, and what changed of it."""

from datetime import date
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations
from pydantic import Field

from azscraper.client import AsyncAzScraper
from azscraper.client.models import Change, FoundProduct, ListItem, PostedJob, ProductList, PutItems
from azscraper.mcp_server.answers import spoken

_List = Annotated[str, Field(description="The list's name or id")]
_Targets = Annotated[list[str], Field(min_length=1, max_length=1000, description="ASINs, addresses or keywords")]
_Marketplaces = Annotated[list[str], Field(max_length=24, description="Country codes or hosts, such as us and de")]
_Every = Annotated[
    str | None,
    Field(description="hour, 2, 3, 4, 6, 8 or 12 hours, day, week or month. Left out: only when refresh_list asks"),
]
_At = Annotated[str | None, Field(description="Time of the day, such as 08:00")]
_Zone = Annotated[str, Field(description="IANA name of the time's zone")]
_Price = Annotated[float | None, Field(ge=0, description="Of each of them, in the marketplace's currency")]
_Limit = Annotated[int, Field(ge=1, le=200, description="At most so many")]


class ListTools:
    """The tools, over one client and one project."""

    def __init__(self, client: AsyncAzScraper, project: str | None) -> None:
        self._client = client
        self._project = project

    def add_to(self, server: MCPServer, crawls: ToolAnnotations, reads: ToolAnnotations, ends: ToolAnnotations) -> None:
        """Offer them."""
        for tool in (self.lists, self.list_items, self.changes, self.find_products):
            server.add_tool(tool, annotations=reads)
        for writing in (self.create_list, self.change_list, self.add_to_list, self.refresh_list):
            server.add_tool(writing, annotations=crawls)
        server.add_tool(self.remove_from_list, annotations=ends)

    async def lists(self) -> list[ProductList]:
        """The lists of products, keywords or pages that the project follows, and when each refreshes itself."""
        with spoken():
            return await self._client.lists(self._project)

    async def list_items(self, name: _List, limit: _Limit = 100) -> list[ListItem]:
        """What is in a list, with notes, tags and target prices."""
        with spoken():
            return [item async for item in self._client.list_items(name, most=limit, project=self._project)]

    async def create_list(
        self,
        name: Annotated[str, Field(min_length=1, max_length=120)],
        targets: _Targets,
        *,
        type: Annotated[str, Field(description="A type that page_kinds names")] = "details",  # noqa: A002 - the field's word
        marketplaces: _Marketplaces = ["us"],  # noqa: B006 - pydantic copies it
        every: _Every = "day",
        at: _At = None,
        timezone: _Zone = "UTC",
    ) -> ProductList:
        """Create a list of products, keywords or pages to follow. Each refresh crawls them on each marketplace."""
        refresh = _refresh(every, at, timezone)
        with spoken():
            return await self._client.create_list(
                name, type, targets, marketplaces=marketplaces, refresh=refresh, project=self._project
            )

    async def change_list(
        self,
        name: _List,
        *,
        newName: Annotated[str | None, Field(max_length=120)] = None,
        marketplaces: _Marketplaces = [],  # noqa: B006 - the same
        every: _Every = None,
        at: _At = None,
        timezone: _Zone = "UTC",
        pause: Annotated[bool, Field(description="No longer refresh by the clock")] = False,
    ) -> ProductList:
        """Change the name, the marketplaces or the refresh of a list; what is left out stays."""
        changes: dict[str, Any] = {
            "name": newName,
            "marketplaces": marketplaces,
            "refresh": _refresh(every, at, timezone),
        }
        said = {key: value for key, value in changes.items() if value} | ({"refresh": None} if pause else {})
        with spoken():
            return await self._client.change_list(name, project=self._project, **said)

    async def add_to_list(
        self,
        name: _List,
        targets: _Targets,
        note: Annotated[str, Field(max_length=1000)] = "",
        tags: Annotated[list[str], Field(max_length=20)] = [],  # noqa: B006 - the same
        targetPrice: _Price = None,
    ) -> PutItems:
        """Put targets into a list; its next refresh crawls them too. Those that are there already get the note, tags and price."""
        of_all = {"note": note, "tags": tags, "targetPrice": targetPrice}
        with spoken():
            items = [{"target": target, **of_all} for target in targets]
            return await self._client.put_items(name, items, project=self._project)

    async def remove_from_list(self, name: _List, targets: _Targets) -> str:
        """Take targets out of a list, by what list_items shows of them; their history stays."""
        wanted = set(targets)
        with spoken():
            found = self._client.list_items(name, project=self._project)
            ids = [item.id async for item in found if wanted & {item.id, item.key, item.target}]
            removed = await self._client.remove_items(name, ids, project=self._project) if ids else 0
        return f"{removed} removed"

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


def _refresh(every: str | None, at: str | None, timezone: str) -> dict[str, str] | None:
    return {"every": every, "timezone": timezone, **({"at": at} if at else {})} if every else None
