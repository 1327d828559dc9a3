"""What a seller does each day, as pages: compare, see what changed, take it along."""

import html
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


@pytest.mark.parametrize("query", ["", "of=B0NOTSEEN1:US", f"of={RED}:XX", f"show=title&days=5&of={RED}:us"])
async def test_a_comparison_of_little_says_what_to_do(browser, base, query):
    page = await shown(browser, f"{base}/compare?{query}")
    assert ("One product is here so far" if "show" in query else "Nothing to compare yet") in page


async def test_seven_products_are_too_many_to_compare(browser, base):
    form = await token_of(browser) | {"marketplace": US, "asin": [f"B00000000{digit}" for digit in range(7)]}
    response = await browser.post(f"{base}/products/compare", data=form)
    assert response.status_code == 400
    assert "Choose 2 to 6 products to compare" in response.text
    assert (await browser.get(f"{base}/compare?of=nonsense")).status_code == 404
