"""The MCP server: what an agent may ask of a service, as tools with typed answers.

Each tool says in its text what it costs and what to call next; what goes wrong is told as a sentence, not as a trace.
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Any, Self

from mcp.server.mcpserver import Context, MCPServer
from mcp.types import ToolAnnotations
from pydantic import Field
from pydantic.alias_generators import to_snake

import azscraper
from azscraper.client import Async, AsyncAzScraper, Job
from azscraper.client.models import Alert, KeywordPoint, Kind, ProductPoint, ProductStatistics, Schedule
from azscraper.mcp_server.answers import Answer, Failure, JobAnswer, RowsAnswer, begin, failures_of, spoken, wait
from azscraper.mcp_server.calling import Server
from azscraper.mcp_server.keywords import KeywordTools
from azscraper.mcp_server.lists import ListTools
from azscraper.mcp_server.pages import PageTools
from azscraper.records import Product, SearchRow
from azscraper.records.parts import Money

_INSTRUCTIONS = """Amazon product data through a self-hosted AzScraper service. search_products and get_products crawl pages \
and wait for them, which takes seconds to minutes because the crawler is polite; when they come back with finished=false, call \
job_results with the jobId later. best_sellers, offers, category, seller, deals, reviews and suggest read other pages in the same \
way, and read_url the page of any Amazon address; coverage says how much of what a page claims the answer holds. price_history and keyword_history read what was crawled before and cost nothing. \
watch_price makes the service crawl by itself; history grows from then on."""

_MOST_PRODUCTS = 20
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_CRAWLS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=True)
_ENDS = ToolAnnotations(read_only_hint=False, destructive_hint=True, open_world_hint=False)

Asin = Annotated[str, Field(description="ASIN, ten characters")]
ProductName = Annotated[str, Field(description="ASIN, ten characters, or the product's URL")]
Marketplace = Annotated[str | None, Field(description="Country code such as us, de, jp, or a host; us when left out")]
Limit = Annotated[int, Field(ge=1, le=200, description="At most so many")]
Since = Annotated[date | None, Field(description="From this day on, UTC")]


class Tile(Answer):
    """A product as a search page shows it."""

    position: int
    organic_position: int | None
    sponsored: bool
    asin: str
    title: str | None
    price: Money | None
    rating: float | None
    rating_count: int | None
    keyword: str | None

    @classmethod
    def of(cls, row: SearchRow) -> Self:
        """The fields that an agent compares by."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class SearchAnswer(JobAnswer):
    """The tiles of a search, in order."""

    tiles: list[Tile] = Field(default=[])
    failures: list[Failure] = Field(default=[])


class ProductsAnswer(JobAnswer):
    """Whole product records."""

    products: list[Product] = Field(default=[])
    failures: list[Failure] = Field(default=[])


class WatchAnswer(Answer):
    """A schedule that crawls products again and again."""

    schedule_id: str
    asins: list[str]
    cron: str
    timezone: str
    enabled: bool
    next_run_at: datetime | None
    how_to_be_told: str

    @classmethod
    def of(cls, schedule: Schedule, how_to_be_told: str) -> Self:
        """From the schedule."""
        return cls(
            schedule_id=schedule.id,
            asins=schedule.crawl_config.targets,
            cron=schedule.cron,
            timezone=schedule.timezone,
            enabled=schedule.enabled,
            next_run_at=schedule.next_run_at,
            how_to_be_told=how_to_be_told,
        )


_READ_LATER = "Call price_history with the ASIN; or give watch_price a webhookUrl to be posted to."


class Tools:
    """The tools, over one client and one project."""

    def __init__(self, client: AsyncAzScraper, project: str | None) -> None:
        self._client = client
        self._project = project

    async def search_products(
        self,
        keyword: Annotated[str, Field(description="What a shopper would type")],
        context: Context,
        *,
        marketplace: Marketplace = None,
        pages: Annotated[int, Field(ge=1, le=20, description="Result pages to read")] = 1,
        limit: Limit = 50,
    ) -> SearchAnswer:
        """Search a marketplace now; the tiles in order with price and rating. Takes seconds to a minute a page."""
        with spoken():
            job = await begin(
                self._client, "search", [keyword], project=self._project, marketplace=marketplace, pages=pages
            )
            await wait(job, context)
            return await _search_answer(job, limit)

    async def get_products(
        self,
        asins: Annotated[list[ProductName], Field(min_length=1, max_length=_MOST_PRODUCTS)],
        context: Context,
        *,
        marketplace: Marketplace = None,
    ) -> ProductsAnswer:
        """Read product pages now: price, availability, seller, rating, features, variants and more."""
        with spoken():
            job = await begin(self._client, "details", asins, project=self._project, marketplace=marketplace)
            await wait(job, context)
            return await _products_answer(job, _MOST_PRODUCTS)

    async def page_kinds(self, marketplace: Marketplace = None) -> list[Kind]:
        """What can be read: kinds of pages with their targets, the schema of their options, and what robots.txt allows."""
        with spoken():
            return await self._client.kinds(marketplace=marketplace)

    async def kind_options(self, type: str) -> dict[str, Any]:  # noqa: A002 - the field's word
        """The JSON Schema of a kind's options, for crawl_pages."""
        with spoken():
            return await self._client.schema(f"{type}-options")

    async def crawl_pages(
        self,
        type: Annotated[str, Field(description="A type that page_kinds names")],  # noqa: A002 - the same
        targets: Annotated[list[str], Field(min_length=1, max_length=_MOST_PRODUCTS)],
        context: Context,
        *,
        options: Annotated[
            dict[str, Any] | None, Field(description="marketplace, and what kind_options describes")
        ] = None,
        limit: Limit = 50,
    ) -> RowsAnswer:
        """Read pages of any kind now. search_products and get_products say less of search pages and products."""
        config = {to_snake(name): value for name, value in (options or {}).items()}
        with spoken():
            job = await begin(self._client, type, targets, project=self._project, **config)
            await wait(job, context)
            return await _rows_answer(job, limit)

    async def job_status(self, jobId: str) -> JobAnswer:
        """Where a job stands, without its rows."""
        with spoken():
            return JobAnswer.of((await self._client.job(jobId)).state)

    async def job_results(self, jobId: str, limit: Limit = 50) -> SearchAnswer | ProductsAnswer | RowsAnswer:
        """The rows that a job has so far, with what failed."""
        with spoken():
            job = await self._client.job(jobId)
            answer: SearchAnswer | ProductsAnswer | RowsAnswer = await _ANSWERS.get(job.type, _rows_answer)(job, limit)
            return answer

    async def price_history(
        self, asin: Asin, marketplace: Marketplace = None, since: Since = None, limit: Limit = 100
    ) -> list[ProductPoint]:
        """What a product cost and how it stood over time, newest first, from crawls of the past. Crawls nothing."""
        with spoken():
            points = self._client.product_history(asin, marketplace=marketplace, since=since, most=limit)
            return [point async for point in points]

    async def product_statistics(
        self,
        asin: Asin,
        marketplace: Marketplace = None,
        days: Annotated[int, Field(ge=1, le=9999, description="Of the window, which ends now")] = 90,
    ) -> list[ProductStatistics]:
        """A product's fields now, with lowest, highest, mean and median by time, and the buy box by seller. Crawls nothing."""
        with spoken():
            return await self._client.product_statistics(asin, marketplace=marketplace, days=[days])

    async def keyword_history(
        self, keyword: str, asin: Asin, marketplace: Marketplace = None, since: Since = None, limit: Limit = 100
    ) -> list[KeywordPoint]:
        """Where a product stood among the results of a keyword over time, newest first. Crawls nothing."""
        with spoken():
            points = self._client.keyword_history(keyword, asin, marketplace=marketplace, since=since, most=limit)
            return [point async for point in points]

    async def watch_price(
        self,
        asins: Annotated[list[ProductName], Field(min_length=1, max_length=1000)],
        *,
        marketplace: Marketplace = None,
        cron: Annotated[str, Field(description="Five fields as in crontab(5), or @daily, @hourly")] = "@daily",
        timezone: Annotated[str, Field(description="IANA name")] = "UTC",
        webhookUrl: Annotated[
            str | None, Field(description="https address that is posted to when price, rating or availability change")
        ] = None,
    ) -> WatchAnswer:
        """Crawl products again and again by the clock. Creates a schedule, and with webhookUrl a webhook."""
        with spoken():
            how = _READ_LATER
            if webhookUrl is not None:
                made = await self._client.create_webhook(webhookUrl, ["product.changed"], project=self._project)
                how = f"Changes are posted to {webhookUrl}, signed with {made.secret}, which nothing will show again."
            schedule = await self._client.create_schedule(
                cron, "details", asins, timezone=timezone, project=self._project, marketplace=marketplace
            )
            return WatchAnswer.of(schedule, how)

    async def watch(
        self,
        when: Annotated[
            list[dict[str, Any]],
            Field(
                min_length=1,
                max_length=10,
                description='Conditions: [{"field": "price", "op": "below", "value": 20}]. Ops: below, above, drops_by (unit percent), '
                "rises_by, changes, changes_to, appears, disappears, lowest_ever, lowest_in_days (days), enters_top, leaves_top. "
                "The value own of price below: cheaper than the user's own cheapest product in the same list",
            ),
        ],
        *,
        asins: Annotated[
            list[Asin], Field(max_length=1000, description="Products; all that were crawled when empty")
        ] = [],  # noqa: B006 - pydantic copies it
        keyword: Annotated[
            str | None, Field(description="For the field position: a product's place in its results")
        ] = None,
        marketplace: Marketplace = None,
        to: Annotated[
            list[str], Field(max_length=20, description="Channels of the project by name, or email:me@example.com")
        ] = [],  # noqa: B006 - the same
        name: str | None = None,
    ) -> Alert:
        """Have people told when a product becomes so. It is judged whenever its page is crawled: watch_price crawls by itself."""
        what = {"products": asins, "keyword": keyword, "marketplaces": [marketplace or "us"]}
        with spoken():
            return await self._client.create_alert(
                when,
                what={key: value for key, value in what.items() if value},
                channels=to,
                project=self._project,
                **({"name": name} if name else {}),
            )

    async def list_watches(self) -> list[WatchAnswer]:
        """The schedules that crawl products."""
        with spoken():
            found = await self._client.schedules(self._project)
            return [WatchAnswer.of(one, _READ_LATER) for one in found if one.crawl_config.type == "details"]

    async def stop_watching(self, scheduleId: str) -> str:
        """Delete a schedule; what was crawled stays."""
        with spoken():
            await self._client.delete_schedule(scheduleId)
            return f"{scheduleId} is deleted; its history stays"


def make_server(client: AsyncAzScraper, *, project: str | None = None) -> MCPServer:
    """The server with all tools, talking to the client's service and project."""
    server = Server(
        "azscraper", title="AzScraper", instructions=_INSTRUCTIONS, version=azscraper.__version__, log_level="WARNING"
    )
    tools = Tools(client, project)
    crawling: tuple[Callable[..., object], ...] = (
        tools.search_products,
        tools.get_products,
        tools.crawl_pages,
        tools.watch_price,
        tools.watch,
    )
    reading: tuple[Callable[..., object], ...] = (
        tools.page_kinds,
        tools.kind_options,
        tools.job_status,
        tools.job_results,
        tools.price_history,
        tools.product_statistics,
        tools.keyword_history,
        tools.list_watches,
    )
    for tool in crawling:
        server.add_tool(tool, annotations=_CRAWLS)
    for tool in reading:
        server.add_tool(tool, annotations=_READS)
    server.add_tool(tools.stop_watching, annotations=_ENDS)
    PageTools(client, project).add_to(server, _CRAWLS)
    ListTools(client, project).add_to(server, _CRAWLS, _READS, _ENDS)
    KeywordTools(client, project).add_to(server, _READS)
    return server


async def _search_answer(job: Job[Async], limit: int) -> SearchAnswer:
    tiles = [Tile.of(row) async for row in job.search_rows(most=limit, partial=True)]
    return SearchAnswer.of(job.state, tiles=tiles, failures=await failures_of(job))


async def _products_answer(job: Job[Async], limit: int) -> ProductsAnswer:
    products = [product async for product in job.products(most=limit, partial=True)]
    return ProductsAnswer.of(job.state, products=products, failures=await failures_of(job))


async def _rows_answer(job: Job[Async], limit: int) -> RowsAnswer:
    items = [row async for row in job.objects(most=limit, partial=True)]
    return RowsAnswer.of(job.state, items=items, failures=await failures_of(job))


_ANSWERS: dict[str, Callable[[Job[Async], int], Awaitable[Any]]] = {
    "search": _search_answer,
    "details": _products_answer,
}
