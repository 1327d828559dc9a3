"""What must hold for every search page: no exception, no change by what no reader sees."""

import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.kinds.search.read import parse_search
from azscraper.parse.document import Document
from unit.kinds.search.search_page import US, classic, modern, oldest, per_unit, price
from unit.kinds.search.test_search_details import delivery, reviews
from unit.kinds.search.test_search_summary import info_bar

LINES = delivery("FREE delivery Mon, 10 Nov", "Only 3 left in stock.")
OFFERS = """<div data-cy="secondary-offer-recipe"><div class="a-row"><span>More Buying Choices</span><span>$8.00</span>
  <a href="/gp/offer-listing/B000000001/">(5 new offers)</a></div></div>"""
BADGE = '<span id="B000000001-best-seller" class="a-badge"><span>Best Seller</span></span>'
MODERN = modern(
    brand="HEARTH",
    prices=price("$29.99") + per_unit("$1.50", "count") + price("$39.99", strike=True),
    body=reviews("4.5 out of 5 stars", '<a aria-label="3,215 ratings">3.2K</a>') + LINES + OFFERS + BADGE,
)
RANGE = modern(prices=price("$5.00") + "<span>-</span>" + price("$9.00"), classes="AdHolder")
CLASSIC = classic(price_row='<span class="s-price">$10.00</span>', body='<div class="a-row"><a href="/x">y</a></div>')
PAGES = [MODERN + RANGE + info_bar("1-48 of over 1,000 results for"), CLASSIC, oldest()]
TAG = re.compile(r"<([a-z0-9]+)((?:\s+[\w-]+(?:=(?:\"[^\"]*\"|'[^']*'))?)+)\s*>")
ATTRIBUTE = re.compile(r"[\w-]+(?:=(?:\"[^\"]*\"|'[^']*'))?")


def read(html: str) -> tuple[object, ...]:
    page = parse_search(Document(f"<html lang=en-us><body>{html}</body></html>".encode(), US), US)
    return page.rows, page.summary


def shuffled(html: str, seed: int) -> str:
    chance = random.Random(seed)

    def reorder(tag: re.Match[str]) -> str:
        attributes = ATTRIBUTE.findall(tag[2])
        chance.shuffle(attributes)
        return f"<{tag[1]} {' '.join(attributes)}>"

    return TAG.sub(reorder, html)


@pytest.mark.parametrize("html", PAGES)
def test_made_up_pages_have_rows(html: str) -> None:
    rows, _ = read(html)
    assert rows


@pytest.mark.parametrize("html", PAGES)
@given(seed=st.integers(min_value=0, max_value=10_000))
def test_order_of_attributes_changes_nothing(html: str, seed: int) -> None:
    assert read(shuffled(html, seed)) == read(html)


@pytest.mark.parametrize("html", PAGES)
@given(gap=st.sampled_from(["\n", " \t\n ", " <!-- x -->", "<!-- <div data-asin='B000000009'> --> ", "\n<!---->\n"]))
def test_kinds_of_white_space_and_comments_change_nothing(html: str, gap: str) -> None:
    assert read(re.sub(r">\s*<", f">{gap}<", html)) == read(re.sub(r">\s*<", "> <", html))


@pytest.mark.parametrize("html", PAGES)
def test_pages_without_white_space_between_tags_say_the_same(html: str) -> None:
    assert read(re.sub(r">\s*<", "><", html))[0] == read(re.sub(r">\s*<", "> <", html))[0]


@given(st.binary(max_size=400))
def test_any_bytes_are_read(body: bytes) -> None:
    parse_search(Document(body, US), US)


@given(st.text(alphabet="0123456789.,$€ -/()[]abM…円", max_size=30), st.integers(min_value=0, max_value=3))
def test_any_text_in_any_place_is_read(shown: str, place: int) -> None:
    texts = ["$1", "4", "12", "Only 1 left"]
    texts[place] = shown
    body = reviews(texts[1], f'<a aria-label="{texts[2]}">{texts[2]}</a>') + delivery(texts[3])
    rows, _ = read(modern(prices=price(texts[0]), body=body))
    assert rows


@given(cut=st.integers(min_value=0, max_value=len(MODERN)))
def test_a_page_that_was_cut_off_is_read(cut: int) -> None:
    read(MODERN[:cut])


def test_time_grows_with_the_number_of_tiles() -> None:
    def seconds(count: int) -> float:
        document = Document((MODERN * count).encode(), US)
        return min(_timed(document) for _ in range(3))

    assert seconds(400) < 25 * max(seconds(40), 0.001)


def _timed(document: Document) -> float:
    start = time.process_time()
    parse_search(document, US)
    return time.process_time() - start


@pytest.mark.parametrize("filler", ["9", "(", "9(", "/", "$", " ", "(9", "<i>", ",9", "'", "<span>"])
def test_long_texts_take_little_time_and_raise_nothing(filler: str) -> None:
    long = filler * (60_000 // len(filler))
    offers = f'<div class="a-row">{long}<a href="/gp/offer-listing/B000000001/">({long})</a></div>'
    stars = reviews(long, f'<a aria-label="{long[:5000] if "<" not in long else 1}">{long}</a>')
    pages = f'<span class="s-pagination-strip"><a>{long}</a></span>'
    tile = modern(prices=price(long) + per_unit(long, long), body=stars + offers + delivery(long.replace("<", "")))
    start = time.process_time()
    read(tile + info_bar(long) + pages)
    assert time.process_time() - start < 5
