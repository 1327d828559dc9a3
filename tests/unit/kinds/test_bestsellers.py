"""The five lists: what their kind keeps to, which addresses name one, and when a second page is asked for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.bestsellers import BESTSELLERS
from azscraper.kinds.kind import Asked, Done, Step
from azscraper.kinds.recognise import parse
from azscraper.kinds.testing import check_kind
from azscraper.marketplaces import by_host
from azscraper.records.bestsellers import BestsellersOptions, ChartPage, ChartRow
from azscraper.records.pages import Read

CASES = Path(__file__).parents[2] / "cases"
US = by_host("www.amazon.com")
THEN = datetime(2026, 1, 1, tzinfo=UTC)

test_kind = check_kind(BESTSELLERS, cases=CASES)


@pytest.mark.parametrize(
    ("text", "key", "host"),
    [
        ("electronics", "electronics", "www.amazon.com"),
        (" Electronics/172623 ", "electronics/172623", "www.amazon.com"),
        ("root", "root", "www.amazon.com"),
        ("most_gifted/toys-and-games", "most_gifted/toys-and-games", "www.amazon.com"),
        ("https://www.amazon.com/gp/bestsellers", "root", "www.amazon.com"),
        ("https://www.amazon.de/-/en/gp/bestsellers/ce-de/571860/ref=zg_bs_nav_ce-de_1", "ce-de/571860", "www.amazon.de"),
        ("https://www.amazon.com/Best-Sellers/zgbs/ref=zg_bs_unv_0_1", "root", "www.amazon.com"),
        ("https://www.amazon.com/-/zh/%E9%94%80/zgbs/electronics", "electronics", "www.amazon.com"),
        ("amazon.co.uk/Best-Sellers-Books/zgbs/books/72/ref=zg?pg=2", "books/72", "www.amazon.co.uk"),
        ("https://www.amazon.com/gp/new-releases/toys-and-games/166508011", "new_releases/toys-and-games/166508011", "www.amazon.com"),
        ("https://m.amazon.in/gp/movers-and-shakers/books?ref_=x", "movers_and_shakers/books", "www.amazon.in"),
        ("https://smile.amazon.com/gp/most-wished-for", "most_wished_for/root", "www.amazon.com"),
        ("/zgbs/digital-text/156150011/142-2669579-2693744?tf=1", "digital-text/156150011?free", "www.amazon.com"),
    ],
)  # fmt: skip
def test_what_names_a_list(text, key, host):
    target = BESTSELLERS.resolve(text, US)
    assert (target.key, target.marketplace.host) == (key, host)
    assert BESTSELLERS.resolve(key, US).key == key
    step = BESTSELLERS.next(Asked(target, BestsellersOptions()), ())
    assert BESTSELLERS.resolve(step.url, US).key == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "two words",
        "172623",
        "electronics/x",
        "https://www.amazon.com/dp/B08N5WRWNW",
        "https://example.com/gp/bestsellers",
        "https://www.amazon.com/s?k=bestsellers",
        "//",
        "/gp/bestseller",
    ],
)
def test_what_names_none(text):
    with pytest.raises(InvalidInputError, match="names no list"):
        BESTSELLERS.resolve(text, US)


@pytest.mark.parametrize(
    ("text", "options", "url"),
    [
        ("electronics", {}, "/gp/bestsellers/electronics"),
        ("electronics/1", {"list": "new_releases"}, "/gp/new-releases/electronics/1"),
        ("most_gifted/electronics", {"list": "new_releases"}, "/gp/most-gifted/electronics"),
        ("digital-text", {"free": True}, "/gp/bestsellers/digital-text?tf=1"),
        ("root", {"list": "movers_and_shakers"}, "/gp/movers-and-shakers"),
    ],
)
def test_the_target_wins_over_the_options(text, options, url):
    target = BESTSELLERS.resolve(text, US)
    step = BESTSELLERS.next(Asked(target, BestsellersOptions.model_validate(options)), ())
    assert step.url == f"https://www.amazon.com{url}"


def page_of(ranks, *, last_page=None, department="electronics", page=1):
    rows = tuple(ChartRow(list="best_sellers", rank=rank, asin=f"B0DEMO{rank:04}") for rank in ranks)
    return Read(rows, ChartPage(list="best_sellers", department=department, page=page, last_page=last_page), last_page)


def walk(*reads, text="electronics", **options):
    asked = Asked(BESTSELLERS.resolve(text, US), BestsellersOptions.model_validate(options))
    done = ()
    for read in reads:
        step = BESTSELLERS.next(asked, done)
        assert isinstance(step, Step)
        done = (*done, Done(step, read, None, step.url, THEN))
    return asked, done


@pytest.mark.parametrize(
    ("read", "options", "goes_on"),
    [
        (page_of(range(1, 51)), {}, True),
        (page_of(range(1, 51), last_page=2), {}, True),
        (page_of(range(1, 51)), {"pages": 1}, False),
        (page_of(range(1, 51), last_page=1), {}, False),
        (page_of(range(1, 50)), {}, False),
        (page_of(range(1, 8)), {}, False),
        (page_of([]), {}, False),
        (page_of(range(1, 121), department=None), {}, False),
    ],
)
def test_the_second_page_is_asked_for_after_a_full_first(read, options, goes_on):
    asked, done = walk(read, **options)
    following = BESTSELLERS.next(asked, done)
    assert isinstance(following, Step) is goes_on
    if goes_on:
        assert following.url == "https://www.amazon.com/gp/bestsellers/electronics?pg=2"


def test_a_second_page_that_is_the_first_again_adds_nothing():
    first = page_of(range(1, 51))
    asked, done = walk(first, first)
    found = BESTSELLERS.rows(asked, done)
    assert [row.position for row in found.records] == list(range(1, 51))


def test_a_whole_list_is_a_ranking_and_has_all_its_ranks():
    asked, done = walk(page_of(range(1, 51), last_page=2), page_of(range(51, 101), last_page=2, page=2))
    found = BESTSELLERS.rows(asked, done)
    assert [row.position for row in found.records] == [row.rank for row in found.records] == list(range(1, 101))
    assert (found.summary.coverage.have, found.summary.coverage.complete) == (100, True)
    (ranking,) = BESTSELLERS.follow(asked, found).rankings
    assert ranking.keyword == "https://www.amazon.com/gp/bestsellers/electronics"
    assert ranking.asins[99] == "B0DEMO0100"
    _, half = walk(page_of(range(1, 51), last_page=2), pages=1)
    assert BESTSELLERS.rows(asked, half).summary.coverage.complete is False


_MOVER = """<html><body><div id="zg"><div id="zg-right-col"><h1>Movers</h1><ol id="zg-ordered-list">
<li class="zg-item-immersion"><span class="zg-badge-text">#1</span><span class="aok-inline-block zg-item">
<a class="a-link-normal" href="/Lamp/dp/B000000011?_encoding=UTF8"><div class="p13n-sc-truncate p13n-sc-line-clamp-2">Lamp</div></a>
<div class="a-row"><span class="zg-percent-change">{}</span></div><span class="zg-sales-movement">{}</span>
<a class="a-link-normal"><span class="a-size-base a-color-price"><span class="p13n-sc-price">{}</span></span></a>
</span></li></ol></div></div></body></html>"""


@pytest.mark.parametrize(
    ("site", "printed", "ranks", "amount"),
    [
        ("com", ("1,450%", "Sales rank: 1,034 (was 16,123)", "$5.99"), (1034, 16123), 5.99),
        ("com", ("1,450%", "Sales rank: 34 (previously unranked)", "$5.99"), (34, None), 5.99),
        ("de", ("1.450 %", "Verkaufsrang: 1.034 (war 16.123)", "1.234,50 €"), (1034, 16123), 1234.5),
        ("co.jp", ("1,450%", "Amazonランキング: 34（以前は16,123位）", "￥1,980"), (34, 16123), 1980),
        ("com.tr", ("%1.450", "Satış sıralaması: 34 (önceden 16.123)", "1.234,50 TL"), (34, 16123), 1234.5),
        ("pl", ("1450%", "Ranking: 34 (poprzednio: brak)", "1 234,50 zł"), (34, None), 1234.5),
        ("sa", ("١٬٤٥٠٪", "ترتيب المبيعات: ٣٤ (كان ١٦٬١٢٣)", "١٬٢٣٤٫٥٠ ر.س."), (34, 16123), 1234.5),
        ("se", ("1 450 %", "Försäljningsrankning: 34 (var 16 123)", "1 234,50 kr"), (34, 16123), 1234.5),
    ],
)  # fmt: skip
def test_how_a_product_moved_in_every_way_of_writing_numbers(site, printed, ranks, amount):
    page = _MOVER.format(*printed).encode()
    (row,) = parse(page, f"https://www.amazon.{site}/gp/movers-and-shakers/toys").read.records
    assert isinstance(row, ChartRow)
    assert (row.list, row.sales_rank, row.prior_sales_rank) == ("movers_and_shakers", *ranks)
    assert (row.rank_change_percent, row.price and float(row.price.amount)) == (1450, amount)


_OF_2014 = b"""<html><body><div id="zg"><h1 id="zg_listTitle">Best Sellers in Toys</h1><div id="zg_centerListWrapper">
<div class="zg_itemImmersion"><span class="zg_rankNumber">1.</span><div class="zg_itemWrapper"><div class="zg_image">
<a href="http://www.amazon.com/Lamp/dp/B000000011/ref=zg_bs_1"><img src="http://ecx.images-amazon.com/images/I/41a._SL160_.jpg" alt="Lamp"></a></div>
<div class="zg_title"><a href="http://www.amazon.com/Lamp/dp/B000000011/ref=zg_bs_1">Lamp</a></div><div class="zg_byline">by Lumen</div>
<div class="zg_reviews"><span class="crAvgStars"><a href="x"><span class="swSprite s_star_4_5 "><span>4.4 out of 5 stars</span></span></a>(<a href="y">1,234</a>)</span></div>
<div class="zg_price"><span class="listprice">$24.99</span> <strong class="price">$12.99</strong></div>
<div class="zg_usedPrice">10 used &amp; new from <span class="price">$9.50</span></div></div></div></div></div></body></html>"""


def test_a_tile_of_2014_whose_links_have_no_class():
    parsed = parse(_OF_2014, "http://www.amazon.com/Best-Sellers-Toys/zgbs/toys")
    (row,) = parsed.read.records
    assert isinstance(row, ChartRow)
    assert (row.asin, row.rank, row.title, row.rating, row.rating_count) == ("B000000011", 1, "Lamp", 4.4, 1234)
    assert [one and float(one.amount) for one in (row.price, row.offers_from)] == [12.99, 9.5]
    assert (row.offer_count, row.contributors[0].name, row.image) == (
        10,
        "Lumen",
        "https://ecx.images-amazon.com/images/I/41a.jpg",
    )
    assert isinstance(parsed.summary, ChartPage)
    assert parsed.summary.title == "Best Sellers in Toys"
