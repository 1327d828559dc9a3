"""Tools that read one page of a kind each: made from a table, answered with the columns that the kind shows to people."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.types import ToolAnnotations
from pydantic import Field
from pydantic.alias_generators import to_snake

from azscraper.client import Async, AsyncAzScraper, Job
from azscraper.client.models import Kind
from azscraper.mcp_server.answers import Failure, JobAnswer, failures_of, spoken, wait

_AUTO = "auto"
_LONGEST_TEXT = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """A tool of a kind of page."""

    tool: str
    type: str
    target: str
    """What its targets are."""
    says: str
    """What it answers, for the agent."""


PAGES = (
    Page(
        "best_sellers",
        "bestsellers",
        "Department, department/node (electronics/172541), root, or the list's URL",
        "Read a best-seller list now, or with options.list new_releases, movers_and_shakers, most_wished_for, most_gifted: a row for each rank.",
    ),
    Page(
        "offers", "offers", "ASIN or product URL", "Read all offers of a product now: price, condition, seller of each."
    ),
    Page(
        "category", "category", "Browse node id or the category's URL", "Read the products of a category now, in order."
    ),
    Page(
        "seller",
        "seller",
        "Seller id or the URL of its page",
        "Read a seller's profile now: ratings, feedback, the business.",
    ),
    Page("deals", "deals", "today, or the URL of a page of deals", "Read a page of deals now: a row for each deal."),
    Page(
        "reviews",
        "reviews",
        "ASIN, product URL or review-list URL",
        "Read the reviews of a product now, as far as they are printed.",
    ),
    Page(
        "suggest",
        "suggestions",
        "Beginning of a search",
        "Read what a marketplace suggests behind the beginning of a search.",
    ),
    Page(
        "read_url",
        _AUTO,
        "URL of any Amazon page, a short link, an ASIN or an EAN",
        "Read the page of any Amazon address now: the answer's rows say in record what they are.",
    ),
)

Marketplace = Annotated[str | None, Field(description="Country code such as us, de, jp, or a host; us when left out")]
Limit = Annotated[int, Field(ge=1, le=200, description="At most so many rows")]
OwnOptions = Annotated[
    dict[str, Any] | None, Field(description="Options of the kind of page, as kind_options describes them")
]


class PageAnswer(JobAnswer):
    """Rows with the columns that people look at first; crawl_pages has whole rows."""

    items: list[dict[str, Any]] = Field(default=[])
    summary: dict[str, Any] = Field(default={})
    """What the page says about itself, in single values."""
    coverage: dict[str, Any] | None = None
    """How many rows there are of those that the page claims: have, total, complete, reason."""
    failures: list[Failure] = Field(default=[])


class PageTools:
    """The tools of the table, over one client and one project."""

    def __init__(self, client: AsyncAzScraper, project: str | None) -> None:
        self._client = client
        self._project = project

    def add_to(self, server: MCPServer, annotations: ToolAnnotations) -> None:
        """Offer them."""
        for page in PAGES:
            text = f"{page.says} Takes seconds to a minute a page; with finished=false call job_results later."
            server.add_tool(self.tool_of(page), name=page.tool, description=text, annotations=annotations)

    def tool_of(self, page: Page) -> Callable[..., Awaitable[PageAnswer]]:
        """The function that reads pages of a kind."""
        target_text = Annotated[str, Field(min_length=1, max_length=2048, description=page.target)]

        async def read(
            target: target_text,
            context: Context,
            *,
            marketplace: Marketplace = None,
            options: OwnOptions = None,
            limit: Limit = 50,
        ) -> PageAnswer:
            config = {to_snake(name): value for name, value in (options or {}).items()}
            with spoken():
                kinds = await self._client.kinds()
                job = await self._client.begin(
                    page.type, target, project=self._project, **{"marketplace": marketplace, **config}
                )
                await wait(job, context)
                return await _answer(job, columns_of(kinds), limit)

        return read


def columns_of(kinds: Sequence[Kind]) -> dict[str, list[str]]:
    """Paths that an agent is shown, by the type of the row in lower case."""
    return {kind.records[0].replace("-", ""): kind.columns for kind in reversed(kinds) if kind.columns}


async def _answer(job: Job[Async], columns: Mapping[str, list[str]], limit: int) -> PageAnswer:
    items = [shown(row, columns) async for row in job.objects(most=limit, partial=True)]
    said = [one.summary async for one in job.summaries(most=1)]
    summary = said[0] if said else {}
    single = {
        name: value for name, value in summary.items() if not isinstance(value, dict | list) and value is not None
    }
    return PageAnswer.of(
        job.state, items=items, summary=single, coverage=summary.get("coverage"), failures=await failures_of(job)
    )


def shown(row: Mapping[str, Any], columns: Mapping[str, list[str]]) -> dict[str, Any]:
    """The row's columns by their paths, those without a value left out, and what the row is. Of an unknown type, its single values."""
    paths = columns.get(str(row.get("record", "")).lower())
    if paths is None:
        paths = [name for name, value in row.items() if not isinstance(value, dict | list)]
    found = {path: _short(_at(row, path.split("."))) for path in paths}
    kept = {path: value for path, value in found.items() if value is not None}
    return {"record": row.get("record"), **kept}


def _at(value: Any, path: Sequence[str]) -> Any:
    for name in path:
        if isinstance(value, list) and name.isdecimal():
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _short(value: Any) -> Any:
    return f"{value[:_LONGEST_TEXT]}…" if isinstance(value, str) and len(value) > _LONGEST_TEXT else value
