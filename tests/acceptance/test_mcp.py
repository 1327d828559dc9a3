"""The MCP server as an agent's host starts it: a process of its own, spoken to by the SDK's client."""

import socket
import subprocess
import sys
from contextlib import asynccontextmanager

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from acceptance.conftest import clean_environ, free_port, running, wait_until
from azscraper.mcp_server.pages import PAGES


@asynccontextmanager
async def speaking(service):
    environ = clean_environ(URL=service.url, TOKEN=service.token, PROJECT=service.project_id)
    command = StdioServerParameters(command=sys.executable, args=["-m", "azscraper", "mcp"], env=environ)
    async with Client(command) as session:
        yield session


async def called(session, name, /, **arguments):
    """The tool's structured answer, checked by the client against the tool's own schema."""
    result = await session.call_tool(name, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def refused(session, name, /, **arguments):
    result = await session.call_tool(name, arguments)
    assert result.is_error
    return result.content[0].text


async def test_a_session(service):
    async with speaking(service) as session:
        await go_through(session)
        await go_wrong(session)


async def test_over_http(service):
    port = free_port()
    environ = clean_environ(URL=service.url, TOKEN=service.token, PROJECT=service.project_id)
    url = f"http://127.0.0.1:{port}/mcp"
    with running(["azscraper", "mcp", "--http", "--port", str(port)], environ, stdout=subprocess.PIPE, text=True) as it:
        token = it.stdout.readline().split()[-1]
        wait_until(lambda: answers(port), "the start of the MCP server")
        for sent in ({}, {"Authorization": f"Bearer {token}x"}, {"Authorization": service.token}):
            refused = httpx2.post(url, json={}, headers=sent)
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http,
            Client(streamable_http_client(url, http_client=http)) as session,
        ):
            assert (await called(session, "list_watches"))["result"] == []


def test_a_token_that_can_be_guessed_is_refused(service):
    environ = clean_environ(URL=service.url, TOKEN=service.token, MCP_TOKEN="short")
    command = [sys.executable, "-m", "azscraper", "mcp", "--http", "--port", str(free_port())]
    run = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert (run.returncode, len(run.stderr.splitlines())) == (2, 1)
    assert "AZSCRAPER_MCP_TOKEN needs 16 ASCII characters or more" in run.stderr


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def go_through(session):
    tools = {tool.name: tool for tool in (await session.list_tools()).tools}
    assert tools.keys() >= {
        "search_products",
        "get_products",
        "watch",
        "watch_price",
        "price_history",
        "keyword_history",
        "product_statistics",
        "product_series",
        "keyword_share",
        "keyword_positions",
        "keyword_moves",
        "product_sellers",
        "lists",
        "create_list",
        "change_list",
        "remove_from_list",
        "changes",
        "find_products",
        "job_status",
        *(page.tool for page in PAGES),
    }
    assert all(tool.description and tool.output_schema for tool in tools.values())

    told = []

    async def heard(progress, total, _message):
        told.append((progress, total))

    found = await session.call_tool("search_products", {"keyword": "kettle", "limit": 5}, progress_callback=heard)
    search = found.structured_content
    assert search["finished"]
    assert told[-1] == (1, 1)
    assert len(search["tiles"]) == 5
    asin = search["tiles"][0]["asin"]

    answer = await called(session, "get_products", asins=[asin, "B0FAULT404"])
    assert (answer["succeeded"], answer["failed"]) == (1, 1)
    (product,) = answer["products"]
    assert product["asin"] == asin
    assert [failure["code"] for failure in answer["failures"]] == ["not_found"]

    read = await called(session, "read_url", target=f"https://smile.amazon.de/-/en/dp/{asin}?tag=x")
    (item,) = read["items"]
    assert (item["record"], item["asin"], item.get("marketplace", "")) == ("Product", asin, "")
    assert set(item) <= {
        "record",
        "title",
        "asin",
        "price",
        "availability.status",
        "rating",
        "ratingCount",
        "brand.name",
        "bestsellerRanks.0.rank",
    }
    offers = await called(session, "offers", target=asin, limit=3)
    assert offers["coverage"]["have"] == offers["rows"]
    assert {one["record"] for one in offers["items"]} <= {"OfferRow"}

    status = await called(session, "job_status", jobId=answer["jobId"])
    assert status["status"] == "completed"
    again = await called(session, "job_results", jobId=search["jobId"], limit=1)
    assert again["result"]["tiles"] == search["tiles"][:1]

    assert "organicPosition" in search["tiles"][0], "one spelling: that of the HTTP API"
    (point, *_) = (await called(session, "price_history", asin=asin))["result"]
    assert point["asin"] == asin
    (place, *_) = (await called(session, "keyword_history", keyword="kettle", asin=asin))["result"]
    assert place["position"] == 1

    found = (await called(session, "find_products", sort="asin"))["result"]
    assert asin in [one["asin"] for one in found]
    assert (await called(session, "changes"))["result"] == []
    assert (await called(session, "lists"))["result"] == []
    await go_through_lists(session, asin)

    watch = await called(session, "watch_price", asins=[asin], cron="@hourly")
    assert watch["nextRunAt"]
    assert "price_history" in watch["howToBeTold"]
    assert watch["scheduleId"] in [one["scheduleId"] for one in (await called(session, "list_watches"))["result"]]
    await called(session, "stop_watching", scheduleId=watch["scheduleId"])
    assert (await called(session, "list_watches"))["result"] == []


async def go_through_lists(session, asin):
    made = await called(session, "create_list", name="Kettles", targets=[asin], marketplaces=["us", "de"], at="08:00")
    assert (made["refresh"]["every"], made["refresh"]["at"], made["items"]) == ("day", "08:00", 1)
    changed = await called(session, "change_list", name="Kettles", newName="Mine", every="6 hours", marketplaces=["us"])
    assert (changed["name"], changed["marketplaces"], changed["items"]) == ("Mine", ["www.amazon.com"], 1)
    put = await called(session, "add_to_list", name="Mine", targets=["B0DEMO0003", asin], tags=["own"], targetPrice=9.5)
    assert (put["added"], put["changed"], put["total"]) == (1, 1, 2)
    (where,) = (await called(session, "keyword_positions", keyword="kettle", asins=[asin]))["result"]
    of_list = (await called(session, "keyword_positions", keyword="kettle", ofList="Mine"))["result"]
    assert (where["position"], [one["name"] for one in of_list]) == (1, [asin, "B0DEMO0003"])
    removed = await called(session, "remove_from_list", name="Mine", targets=["B0DEMO0003"])
    assert removed["result"] == "1 removed"
    (item,) = (await called(session, "list_items", name="Mine"))["result"]
    assert (item["target"], item["tags"], item["targetPrice"]["amount"]) == (asin, ["own"], 9.5)
    assert (await called(session, "change_list", name="Mine", pause=True))["refresh"] is None

    (shelf,) = (await called(session, "keyword_share", keyword="kettle", by="asin"))["result"]
    assert shelf["shares"][0]["tiles"] / shelf["tiles"] == shelf["shares"][0]["share"]
    assert (await called(session, "keyword_moves", keyword="kettle"))["result"] == [], "it was searched once"
    assert (await called(session, "product_sellers", asin=asin))["result"][0]["asin"] == asin
    (price,) = (await called(session, "product_series", asin=asin, marketplace="us"))["result"]
    assert (price["field"], len(price["points"])) == ("price", 1)


async def go_wrong(session):
    assert "NOT_FOUND" in await refused(session, "list_items", name="No such list")
    assert "every" in await refused(session, "create_list", name="Never", targets=["B0DEMO0001"], every="blue moon")
    assert "NOT_FOUND" in await refused(session, "job_status", jobId="0" * 24)
    assert "mars" in await refused(session, "search_products", keyword="kettle", marketplace="mars")
    assert "cron" in await refused(session, "watch_price", asins=["B0DEMO0001"], cron="sometimes")
    assert "target: " in await refused(session, "get_products", asins=["nonsense"])
    assert await refused(session, "search_products", keyword="") == "target: must not be empty (VALIDATION_ERROR)"
    assert await refused(session, "search_products", limit=3) == "keyword is missing"
    assert await refused(session, "read_url", url="https://www.amazon.com/dp/B0DEMO0001") == (
        "url is not an argument of read_url; did you mean 'target'?"
    )
    assert (await refused(session, "job_status", x=1)).startswith("x is not an argument of job_status; it takes jobId")
    assert not (await refused(session, "get_products", asins=["nonsense"])).startswith("Error executing")
