"""What a seller does each day, as pages: compare, see what changed, take it along."""

import csv
import html
import io
import re
from datetime import timedelta

import httpx
import pytest

from azscraper.kinds.observations import ABSENT, Sighting, number, text
from azscraper.store.db import transaction
from azscraper.tracking import series
from azscraper.tracking.observed import Source
from integration.one_app import App

ORIGIN = {"Origin": "http://test"}
US, DE = "www.amazon.com", "www.amazon.de"
RED, BLUE = "B000000001", "B000000002"


def seen(now, asin, days_ago, price, host=US, **fields):
    """A page of that day; None: it had no price."""
    told = {name: text(value) if isinstance(value, str) else number(value) for name, value in fields.items()}
    told["price"] = ABSENT if price is None else number(price, "USD" if host == US else "EUR")
    return Sighting(host, asin, now - timedelta(days=days_ago), told)


@pytest.fixture
async def browser(services, tenant):
    transport = httpx.ASGITransport(App(services))
    cookies = {"azscraper_session": tenant.token}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=ORIGIN, cookies=cookies) as it:
        yield it


@pytest.fixture
async def base(pool, services, tenant):
    """A project with two products, one of them on two marketplaces: the address of its pages."""
    now = services.clock()
    pages = [
        seen(now, RED, 40, 50, title="Red <kettle>", availability="in_stock", seller="Anna", rating=4.5),
        seen(now, RED, 5, 40, rank=7),
        seen(now, RED, 0.2, 30, seller="Bert"),
        seen(now, BLUE, 8, 60, title="Blue kettle", availability="in_stock"),
        seen(now, BLUE, 0.3, None, availability="out_of_stock"),
        seen(now, BLUE, 0.1, 60, availability="in_stock"),
        seen(now, RED, 3, 28, host=DE, title="Roter Kessel"),
    ]
    async with transaction(pool) as conn:
        for page in pages:
            await series.add(conn, Source("o", tenant.project_id, "j" * 24), [page])
    return f"/app/projects/{tenant.project_id}"


@pytest.fixture
async def mine(tenant):
    """The red kettle is one's own, sold as Anna; the blue one is in the same list."""
    await tenant.http.patch(f"/projects/{tenant.project_id}", json={"ownSellers": [" anna"]})
    items = [{"target": RED, "tags": ["Mine"]}, {"target": BLUE}]
    made = {"name": "Kettles", "type": "details", "marketplaces": ["us", "de"], "items": items}
    return (await tenant.http.post(f"/projects/{tenant.project_id}/lists", json=made)).json()["data"]["id"]


async def shown(browser, url, **headers):
    response = await browser.get(url, headers=headers)
    assert response.status_code == 200, response.text[-600:]
    return html.unescape(re.sub(r"<[^>]+>|\s+", " ", response.text))


async def token_of(browser):
    return {"form_token": re.search(r'name="form_token" value="([^"]+)"', (await browser.get("/app/projects")).text)[1]}


async def test_chosen_products_stand_side_by_side(browser, base):
    form = await token_of(browser) | {"marketplace": US, "asin": [RED, BLUE]}
    led = await browser.post(f"{base}/products/compare", data=form)
    assert led.headers["location"] == f"{base}/compare?of={RED}:US&of={BLUE}:US"
    page = await shown(browser, led.headers["location"])
    assert "Red <kettle>" in page
    assert re.search(r"Price +\$30\.00 +Lowest +\$60\.00 +\+100\.0% above the lowest", page)
    assert re.search(r"Lowest +\$30\.00 .* \$60\.00 ", page)
    assert "Rank 7" in re.sub(" +", " ", page)
    assert f"+ DE {RED}" in re.sub(" +", " ", page) or f"DE {RED}" in re.sub(" +", " ", page)
    german = await shown(browser, led.headers["location"], **{"Accept-Language": "de"})
    assert "+100,0 % über dem niedrigsten" in german


async def test_one_product_is_compared_on_its_marketplaces(browser, base):
    form = await token_of(browser) | {"marketplace": US, "asin": RED}
    led = await browser.post(f"{base}/products/compare", data=form)
    assert led.headers["location"] == f"{base}/compare?of={RED}:US&of={RED}:DE"
    page = await shown(browser, led.headers["location"])
    assert "Price, the first of each is 100%" in page
    assert "€28.00" in page
    assert "above the lowest" not in page  # dollars and euros


async def test_a_comparison_of_little_says_what_to_do(browser, base):
    for query in ("", "of=B0NOTSEEN1:US", f"of={RED}:XX"):
        assert "Nothing to compare yet" in await shown(browser, f"{base}/compare?{query}"), query
    assert "One product is here so far" in await shown(browser, f"{base}/compare?show=title&days=5&of={RED}:us")


async def test_seven_products_are_too_many_to_compare(browser, base):
    form = await token_of(browser) | {"marketplace": US, "asin": [f"B00000000{digit}" for digit in range(7)]}
    response = await browser.post(f"{base}/products/compare", data=form)
    assert response.status_code == 400
    assert "Choose 2 to 6 products to compare" in response.text
    assert (await browser.get(f"{base}/compare?of=nonsense")).status_code == 404


async def test_the_home_of_a_demo_that_is_being_filled_says_so_and_looks_again(browser, tenant, pool):
    home = f"/app/projects/{tenant.project_id}"
    assert "Which products do you want to watch?" in (await browser.get(home)).text
    items = {"items": [{"target": RED}], "marketplaces": [US], "refresh": {"every": "day", "at": "08:00"}}
    made = await tenant.http.post(
        f"/projects/{tenant.project_id}/lists", json={"name": "L", "type": "details", **items}
    )
    assert made.status_code == 201, made.text
    assert "Which products do you want to watch?" not in (await browser.get(home)).text
    async with transaction(pool) as conn:
        await conn.execute("UPDATE projects SET is_demo = true WHERE id = %s", [tenant.project_id])
    assert "Sixty days of made-up history are being put in." in (await browser.get(home)).text


@pytest.mark.usefixtures("mine")
async def test_home_counts_what_changed_and_says_which_products_are_mine(browser, base):
    page = re.sub(" +", " ", await shown(browser, base))
    numbers = "1 prices fell 0 prices rose 1 out of stock 1 back in stock 1 buy boxes lost 0 listings changed"
    assert numbers in page
    assert "Kettles Buy box lost 2 products · US, DE" in page
    assert "Red <kettle> lost the buy box US B000000001 Mine Anna Bert" in page
    assert "All 4" in page
    assert "Only my products" in page
    own = re.sub(" +", " ", await shown(browser, f"{base}?mine=1"))
    assert "1 prices fell 0 prices rose 0 out of stock 0 back in stock 1 buy boxes lost" in own
    assert "Blue kettle" not in own
    raw = (await browser.get(base)).text
    for kind, count in (("fell", 1), ("out", 1), ("back", 1), ("lost", 1)):
        link = html.unescape(re.search(rf'href="([^"]*changes[^"]*kind={kind}[^"]*)"><b>', raw)[1])
        assert f" {count} change" in await shown(browser, link)  # the page behind a number shows as many


@pytest.mark.usefixtures("mine")
async def test_home_tells_how_own_products_moved_for_keywords(browser, base, tenant, services):
    now = services.clock()
    words = {"name": "Words", "type": "search", "marketplaces": ["us"], "items": [{"target": "Red kettle"}]}
    await tenant.http.post(f"/projects/{tenant.project_id}/lists", json=words)
    others = [f"C{number:09}" for number in range(4)]
    async with transaction(services.pool) as conn:
        for days, asins in ((3, [RED, *others[:3]]), (0.1, [*others, RED])):
            await conn.execute(
                """INSERT INTO keyword_observations (organization_id, project_id, job_id, marketplace, keyword, sort, category, pages,
                       observed_at, asins, sponsored, tile_pages)
                   SELECT organization_id, id, 'j', %s, 'red kettle', '', '', 2, %s, %s, %s, %s FROM projects WHERE id = %s""",
                [
                    US,
                    now - timedelta(days=days),
                    asins,
                    [False] * len(asins),
                    [1] * 4 + [2] * (len(asins) - 4),
                    tenant.project_id,
                ],
            )
    page = re.sub(" +", " ", await shown(browser, base))
    assert "1 keyword moves" in page
    assert "Your share 0% −25.0 points in 30 days Moved up 0 Moved down 1 Left page 1 1" in page
    feed = re.sub(" +", " ", await shown(browser, f"{base}?kind=keyword", **{"Accept-Language": "de"}))
    assert "Red <kettle> steht für „red kettle“ nicht mehr auf Seite 1 US B000000001 Eigene Position 1 → 5 ▼ 4" in feed


async def test_all_lists_are_checked_at_once(browser, base, tenant, pool, mine):
    form = await token_of(browser)
    led = await browser.post(f"{base}/check", data=form)
    assert led.headers["location"] == f"{base}?job=last"
    assert re.search("The check on amazon.(com|de) runs: 0 of 2 done", await shown(browser, led.headers["location"]))
    for url, again in (
        (f"{base}/check", {}),
        (f"/app/lists/{mine}", {"action": "refresh"}),
    ):  # a check that runs is enough
        led = await browser.post(url, data=await token_of(browser) | again)
        assert led.headers["location"].endswith("?job=last")
    led = await browser.post(f"{base}/check", data=form)
    jobs = (await tenant.http.get(f"/projects/{tenant.project_id}/jobs")).json()["data"]
    assert sorted(job["name"] for job in jobs) == ["Kettles", "Kettles"]  # on both marketplaces
    url = f"/app/jobs/{jobs[0]['id']}/check"
    part = {"HX-Request": "true"}
    assert f'<a href="/app/jobs/{jobs[0]["id"]}">View job</a>' in (await browser.get(url, headers=part)).text
    async with transaction(pool) as conn:
        await conn.execute(
            """UPDATE jobs SET status = 'completed', pending = 0, failed = 1, succeeded = total - 1, completed_at = now()
               WHERE project_id = %s""",
            [tenant.project_id],
        )
    assert (await browser.get(url, headers=part)).headers["HX-Refresh"] == "true"
    page = re.sub(" +", " ", await shown(browser, led.headers["location"]))
    assert "The check is done. US: 1 failed DE: 1 failed" in page


async def test_nothing_can_be_checked_without_lists(browser, base, tenant):
    empty = {"name": "Empty", "type": "details", "marketplaces": ["us"]}
    await tenant.http.post(f"/projects/{tenant.project_id}/lists", json=empty)
    response = await browser.post(f"{base}/check", data=await token_of(browser))
    assert response.status_code == 409
    assert "The list is empty" in response.text


async def test_seller_names_are_settings_of_the_project(browser, base, tenant):
    form = await token_of(browser) | {"action": "sellers", "own_sellers": "Anna\n\n Lamps, Inc. \nAnna"}
    assert (await browser.post(f"{base}/settings", data=form)).status_code == 303
    project = (await tenant.http.get(f"/projects/{tenant.project_id}")).json()["data"]
    assert project["ownSellers"] == ["Anna", "Lamps, Inc."]
    assert ">Anna\nLamps, Inc.</textarea>" in (await browser.get(f"{base}/settings")).text


PAGES = {
    "best sellers": "/keywords",
    "Bestseller": "/keywords",
    "webhooks": "/webhooks",
    "ZEITPLÄNE": "/schedules",
    "vergleich": "/compare",
    "what changed": "/changes",
    "verkäufer": "/settings",
    "passwort": "/app/settings",
    "guthaben": "/app/usage",
    "swagger": "/api/docs",
}
"""What people type, and the page that they mean."""


async def test_every_page_is_found_by_its_words(browser, base):
    for language in ("en", "de"):
        for q, leads in PAGES.items():
            found = await browser.get(f"{base}/find", params={"q": q}, headers={"Accept-Language": language})
            links = re.findall(r'href="([^"]+)"', found.text)
            assert leads in links or base + leads in links, (language, q)


async def test_what_only_stands_in_a_list_of_best_sellers_is_no_product(browser, base, services, tenant):
    place = Sighting(US, "B00000TOPS", services.clock(), {"chart:bestsellers:kitchen": number(3)})
    async with transaction(services.pool) as conn:
        await series.add(conn, Source("o", tenant.project_id, "j" * 24, "bestsellers"), [place])
    page = re.sub(" +", " ", await shown(browser, f"{base}/products"))
    assert "2 of 2" in page
    assert "B00000TOPS" not in page
    assert "2 products" in re.sub(" +", " ", await shown(browser, base))
    assert "B00000TOPS" in await shown(browser, f"{base}/find?q=b00000tops")  # found by who knows it


async def test_a_job_that_is_over_opens_on_its_rows(browser, tenant, pool):
    job = await tenant.post_job()
    url = f"/app/jobs/{job['id']}"
    assert "waiting" in await shown(browser, url)
    async with transaction(pool) as conn:
        await conn.execute(
            "UPDATE jobs SET status = 'completed', result_count = 3, completed_at = now() WHERE id = %s", [job["id"]]
        )
    assert (await browser.get(url)).headers["location"] == f"{url}/rows"
    assert "3 rows" in await shown(browser, f"{url}?view=targets")
    async with transaction(pool) as conn:
        await conn.execute("UPDATE jobs SET pending = 0, failed = 2 WHERE id = %s", [job["id"]])
    assert "2 failed" in re.sub(" +", " ", await shown(browser, url)), "why comes first where most of it failed"
    async with transaction(pool) as conn:
        await conn.execute("UPDATE jobs SET result_count = 0 WHERE id = %s", [job["id"]])
    assert "Targets" in await shown(browser, url)  # without rows, what happened comes first


SLOTS = {
    "mine=1": "R",
    "box=others": "R",  # Bert has it; the blue one's seller is not known
    "box=mine": "",
    "stars=4.5": "R",
    "stars=4,6": "",
    "low=40": "B",
    "high=40": "R",
    "rank=10": "R",
    "stars_below=4.6": "R",
    "stars_below=4.5": "",
    "rank_above=6": "R",
    "rank_above=7": "",
    "low=nonsense&stars=-1&box=x": "RB",
}


@pytest.mark.usefixtures("mine")
async def test_products_are_filtered_by_slots(browser, base):
    for query, letters in SLOTS.items():
        page = await shown(browser, f"{base}/products?{query}")
        found = [letter for letter, title in (("R", "Red <kettle>"), ("B", "Blue kettle")) if title in page]
        assert "".join(found) == letters, query


async def test_products_are_said_to_be_mine_or_a_competitors(browser, base, mine):
    """From the table, from the list and on the product's own page; a list's name alone says it too, but a tag is stronger."""

    async def own():
        page = await shown(browser, f"{base}/products?mine=1")
        return "".join(letter for letter, title in (("R", "Red <kettle>"), ("B", "Blue kettle")) if title in page)

    form = await token_of(browser) | {"marketplace": US}
    await browser.post(f"{base}/products/own", data=form | {"asin": [RED, BLUE], "own": "yes"})
    assert await own() == "RB"
    await browser.post(f"{base}/products/own", data=form | {"asin": [RED], "own": "no", "back": "product"})
    assert await own() == "B"
    for page in (f"{base}/products/{RED}?marketplace={US}", f"{base}/products", f"/app/lists/{mine}"):
        assert "Competitor" in (await shown(browser, page)).replace("Competitors’ products", "").replace(
            "Competitor’s", ""
        )
    listed = (await browser.get(f"/app/lists/{mine}")).text
    red = re.search(rf'name="item" value="([^"]+)"[^>]*>(?:(?!name="item").)*{RED}', listed, re.DOTALL)[1]
    await browser.post(f"/app/lists/{mine}/chosen", data=form | {"item": [red], "own": "yes"})
    assert await own() == "RB"
    led = await browser.post(f"/app/lists/{mine}/chosen", data=form | {"item": [red], "own": "neither"})
    assert "The mark is taken away" in await shown(browser, led.headers["location"])
    assert await own() == "B"
    await browser.post(f"/app/lists/{mine}/chosen", data=form | {"item": [red], "own": "yes"})
    await browser.post(
        f"/app/lists/{mine}", data=form | {"name": "My products", "marketplaces": [US], "type": "details"}
    )
    await browser.post(f"/app/lists/{mine}/chosen", data=form | {"item": [red], "own": "no"})
    assert await own() == "B"


@pytest.mark.usefixtures("mine")
async def test_columns_stay_as_they_were_chosen(browser, base):
    page = (await browser.get(f"{base}/products?column=rank&column=price&column=nonsense&stars=4")).text
    assert re.findall(r'<td class="[^"]*(c-[a-z0-9]+)', page) == ["c-check", "c-pic", "c-price", "c-rank"]
    assert "own-columns" in page
    assert "column=price&amp;column=rank" in re.search(r'<th scope="col" class="number"[^>]*><a href="([^"]+)', page)[1]
    assert '<input type="hidden" name="stars" value="4">' in page  # the form of columns keeps the filters


async def test_the_height_of_rows_is_kept_for_the_user(browser, base):
    assert 'class="card compact" id="list"' not in (await browser.get(f"{base}/products")).text
    form = await token_of(browser) | {"density": "compact"}
    done = await browser.post("/app/settings/density", data=form, headers={"HX-Request": "true"})
    assert done.status_code == 204
    assert 'class="card compact" id="list"' in (await browser.get(f"{base}/products")).text


@pytest.mark.usefixtures("mine")
async def test_a_target_stands_where_its_currency_is_the_marketplaces(browser, base):
    form = await token_of(browser) | {"asin": RED, "marketplace": US, "back": "product", "price": "29.50"}
    assert (await browser.post(f"{base}/products/target", data=form)).status_code == 303
    assert "Target $29.50" in await shown(browser, f"{base}/products/{RED}?marketplace={US}")
    there = await shown(browser, f"{base}/products/{RED}?marketplace={DE}")
    assert ("Target $29.50" in there, "Set target" in there, "Replaces $29.50" in there) == (False, True, True)


@pytest.mark.usefixtures("mine")
async def test_a_product_says_how_often_the_buy_box_was_mine(browser, base):
    page = re.sub(" +", " ", await shown(browser, f"{base}/products/{RED}?marketplace={US}"))
    assert "My buy box 100% of the time with a seller" in page  # nobody looked since Bert has it
    assert "Marked as Mine" in page
    file = await browser.get(f"{base}/products/{RED}/history.csv?marketplace={US}&days=90")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [(row["Price"], row["Currency"], row["Seller"], row["Rank"]) for row in rows] == [
        ("30.0", "USD", "Bert", "7"),
        ("40.0", "USD", "Anna", "7"),
        ("50.0", "USD", "Anna", ""),
    ]
    assert file.headers["content-disposition"].startswith(f'attachment; filename="{RED}-amazon.com-')
