"""What made-up search pages say about themselves."""

import pytest

from azscraper.kinds.search.read import parse_search
from azscraper.parse.document import Document
from azscraper.records import PageSummary
from unit.kinds.search.search_page import US, modern, parse


def info_bar(line: str, keyword: str = "kettle") -> str:
    return f"""<span data-component-type="s-result-info-bar"><div><h1><span class="a-declarative"><span>Filters</span></span>
      <h2><span>{line}</span><span> </span><span class="a-color-state a-text-bold">"{keyword}"</span></h2>
      <select><option>Sort by 24 h</option></select></h1></div></span>"""


def summary(around: str, *, url: str = US) -> PageSummary:
    return parse(modern(), url=url, around=around).summary


@pytest.mark.parametrize(
    ("bar", "total", "estimate"),
    [
        ("1-48 of over 10,000 results for", 10_000, True),
        ("1-16 of 306 results for", 306, False),
        ("16 results for", 16, False),
        ("33-48 of over 1,000 results for", 1000, True),
        ("1-48 of over 1,00,000 results for", 100_000, True),
        ("1-48 von mehr als 10.000 Ergebnissen oder Vorschlägen für", 10_000, True),
        ("1-16 sur plus de 50\u202f000 résultats pour", 50_000, True),
        ("1-48 de más de 90.000 resultados para", 90_000, True),
        ("1-48 de mais de 1.000 resultados para", 1000, True),
        ("1-48 dei più di 20.000 risultati in", 20_000, True),
        ("検索結果 20,000 以上 のうち 1-48件", 20_000, True),
        ("1-60 van meer dan 3.000 resultaten voor", 3000, True),
        ("1-48 av över 2 000 resultat för", 2000, True),
        ("1-48 z ponad 2 000 wyników dla", 2000, True),
        ("10.000 üzeri sonuç arasından 1-48 arası gösteriliyor. Aranan ürün:", 10_000, True),
        ("1-48 من أكثر من ٢٬٠٠٠ نتيجة لـ", 2000, True),
        ("2,000개 이상의 결과 중 1-48", 2000, True),
        ("2,000 से अधिक परिणामों में से 1-48", 2000, True),
        ("1-16 av 37 resultat för", 37, False),
        ("one result for", 1, False),
    ],
)
def test_totals(bar: str, total: int | None, *, estimate: bool | None) -> None:
    got = summary(info_bar(bar))
    assert (got.total_results, got.total_is_estimate) == (total, estimate)


@pytest.mark.parametrize(
    ("bar", "total", "estimate"),
    [
        ('<h2 id="s-result-count">1-48 of over 70,000 results for <span>Shoes : "24"</span></h2>', 70_000, True),
        ('<h1 id="resultCount"><span>显示： 1-48条， 共241条</span></h1>', 241, False),
        ("", None, None),
    ],
)
def test_totals_before_2019(bar: str, total: int | None, *, estimate: bool | None) -> None:
    got = summary(bar)
    assert (got.total_results, got.total_is_estimate) == (total, estimate)


@pytest.mark.parametrize(
    ("address", "keyword"),
    [
        ("https://www.amazon.com/s?k=tea+pot&ref=x", "tea pot"),
        ("https://www.amazon.com/s/ref=nb?url=search-alias%3Daps&field-keywords=tea", "tea"),
        ("https://www.amazon.co.jp/s?keywords=%E7%B4%85%E8%8C%B6&rh=x", "紅茶"),
        ("https://www.amazon.com/s", "boxed"),
        ("https://www.amazon.com/s?k=&page=2", "boxed"),
    ],
)
def test_keyword_is_of_the_address_then_of_the_search_box(address: str, keyword: str | None) -> None:
    assert summary('<input id="twotabsearchtextbox" value=" boxed ">', url=address).keyword == keyword


@pytest.mark.parametrize(
    ("address", "pages", "page", "last"),
    [
        ("https://www.amazon.com/s?k=x&page=3", "", 3, None),
        ("https://www.amazon.com/Tea/s/ref=sr_pg_12?rh=x", "", 12, None),
        ("https://www.amazon.com/s?k=x&page=zero", "", 1, None),
        ("https://www.amazon.com/s?k=x", '<span class="s-pagination-strip"><a class="s-pagination-item">1</a><span class="s-pagination-item s-pagination-selected">2</span><span class="s-pagination-item s-pagination-disabled">20</span><a>Next</a></span>', 2, 20),
        ("https://www.amazon.com/s?k=x", '<div id="pagn"><span class="pagnCur">1</span><span class="pagnLink"><a>2</a></span><span class="pagnDisabled">400</span></div>', 1, 400),
        ("https://www.amazon.com/s?k=x", '<ul class="a-pagination"><li class="a-selected"><a>4</a></li><li class="a-normal"><a>5</a></li></ul>', 4, 5),
    ],
)  # fmt: skip
def test_page_and_last_page(address: str, pages: str, page: int, last: int | None) -> None:
    got = summary(pages, url=address)
    assert (got.page, got.last_page) == (page, last)


def test_corrected_keyword() -> None:
    old = '<span id="didYouMean">Showing results for <a>t-shirt</a>. Search instead for <a>ketle</a>.</span>'
    banner = '<div cel_widget_id="MAIN-TOP_BANNER_MESSAGE-1"><a>"kettle"</a> <a>"ketle"</a></div>'
    url = "https://www.amazon.com/s?k=ketle"
    assert summary(old, url=url).corrected_keyword == "t-shirt"
    assert summary(banner, url=url).corrected_keyword == "kettle"
    assert summary(info_bar("1-16 of 300 results for", "kettle"), url=url).corrected_keyword == "kettle"


def test_no_corrected_keyword() -> None:
    suggestion = '<span id="didYouMean">Did you mean: <a>cattle</a></span>'
    assert summary(suggestion + info_bar("1-16 of 300 results for", "Kettle")).corrected_keyword is None


def test_related_searches() -> None:
    widget = '<div cel_widget_id="MAIN-TEXT_REFORMULATION-33"><a href="/s?k=pot"><span>tea pot</span></a><a href="/s?k=pot">tea pot</a><a> </a></div>'
    old = '<div id="relatedSearches">related: <a href="/s/ref=x">cup</a>, <a>mug</a></div>'
    assert summary(widget).related_searches == ("tea pot",)
    assert summary(old).related_searches == ("cup", "mug")
    cards = """<span data-component-type="s-searchgrid-carousel" data-component-props='{"name":"bottom_related-searches"}'>
      <a href="/s/?k=cup"><img alt="cup"><noscript>&lt;img&gt;</noscript></a><a href="/s/?k=cup">cup</a></span>
      <span data-component-type="s-searchgrid-carousel" data-component-props='{"name":"top"}'><a href="/s/?k=pan">pan</a></span>"""
    assert summary(cards).related_searches == ("cup",)
    unmarked = '<div>Related: <a href="/s/ref=sr_kk_1?k=cup">cup</a>, <a href="/s/ref=sr_kk_2?k=mug">mug</a>. <a href="/s/ref=sr_pg_2">2</a></div>'
    assert summary(unmarked).related_searches == ("cup", "mug")


def test_refinements() -> None:
    filters = """<div id="s-refinements"><div id="p_89-title"><span>Brand</span></div><ul>
      <li><a class="s-navigation-item" href="/s?k=kettle&amp;rh=p_89%3AHearth&amp;dc&amp;qid=1&amp;ref=sr_nr_1"><span>Hearth</span></a></li></ul>
      <div id="p_72-title">Customer Review</div>
      <a class="s-navigation-item" href="/s?k=kettle&amp;rh=p_72"><i class="a-icon"><span class="a-icon-alt">4 Stars &amp; Up</span></i><span>&amp; Up</span></a></div>"""
    brand, stars = summary(filters).refinements
    assert (brand.group, brand.name) == ("Brand", "Hearth")
    assert brand.url == "https://www.amazon.com/s?k=kettle&rh=p_89%3AHearth"
    assert (stars.group, stars.name) == ("Customer Review", "4 Stars & Up")


def test_refinements_under_a_heading_without_an_id() -> None:
    filters = """<div id="s-refinements"><div id="p_90-title">Delivery</div><div id="filter-p_36"><div class="sf-refinement-heading">Price</div></div>
      <ul><li><a class="s-navigation-item" href="/s?k=kettle&amp;rh=p_36%3A-2000">Up to $20</a></li></ul></div>"""
    assert [(found.group, found.name) for found in summary(filters).refinements] == [("Price", "Up to $20")]


def test_refinements_before_2019() -> None:
    column = """<div id="leftNavContainer"><h3>Show results for</h3><ul><li><a href="https://www.amazon.com/s/ref=sr_nr_n_0?rh=n%3A1&amp;qid=2">
      <span class="a-color-base">Unlocked</span></a></li></ul><h4>Condition</h4><a href="/gp/help/x">(What?)</a>
      <a href="/s?rh=c"><span class="refinementLink">Used</span><span class="narrowValue">(25)</span></a></div>"""
    assert [(found.group, found.name, found.url) for found in summary(column).refinements] == [
        ("Show results for", "Unlocked", "https://www.amazon.com/s?rh=n%3A1"),
        ("Condition", "Used", "https://www.amazon.com/s?rh=c"),
    ]


def test_names_of_filters() -> None:
    column = """<div id="s-refinements"><div id="p_72-title">Customer Reviews</div>
      <a class="s-navigation-item s-navigation-clear-link" href="/s?k=kettle"><span>Clear</span></a>
      <a class="s-navigation-item" href="/s?k=kettle&rh=p_72%3A1"><i class="a-icon-star"><span class="a-icon-alt">4 Stars</span></i><span>&amp; Up</span></a>
      <a class="s-navigation-item" href="/s?k=kettle&rh=p_72%3A2"><i class="a-icon-star"><span class="a-icon-alt">3 Stars &amp; Up</span></i><span>&amp; Up</span></a>
      <a class="s-navigation-item" href="/s?k=kettle&rh=p_76%3A1"><span>Free Shipping</span><div class="a-spacing-top-mini"><span>Get it free over $35</span></div></a></div>"""
    names = [one.name for one in summary(column).refinements]
    assert names == ["4 Stars & Up", "3 Stars & Up", "Free Shipping"]


def test_filters_of_2018_are_links_and_boxes() -> None:
    column = """<div id="leftNavContainer"><h3>Show results for</h3><ul><li><a href="/s/ref=x?rh=n%3A1"><h4>Kitchen</h4></a></li>
      <li><a href="/s/ref=x?rh=n%3A2"><span class="a-color-base">Kettles</span></a></li><li><a href="/s/ref=x?rh=n%3A3"><h4>Garden</h4></a></li></ul><h4>Brand</h4>
      <span data-action="s-ref-selected" data-s-ref-selected='{"url":"/s/ref=sr_nr_p_89_0?rh=p_89%3AHearth&amp;keywords=kettle"}'>
      <label><input type="checkbox"><span class="a-size-small a-color-base">Hearth</span></label></span>
      <a href="/gp/search/other/ref=sr_sa_p_89?rh=p_89"><span>See more</span></a><h4>Avg. Customer Review</h4>
      <a href="/s/ref=x?rh=p_72%3A1"><i><span class="a-icon-alt">4 Stars &amp; Up</span></i><span class="a-color-base">&amp; Up</span></a></div>"""
    found = summary(column).refinements
    assert [(one.group, one.name) for one in found] == [
        ("Show results for", "Kitchen"),
        ("Kitchen", "Kettles"),
        ("Show results for", "Garden"),
        ("Brand", "Hearth"),
        ("Avg. Customer Review", "4 Stars & Up"),
    ]
    assert found[3].url == "https://www.amazon.com/s?rh=p_89%3AHearth&keywords=kettle"


def test_any_address_is_read() -> None:
    assert parse_search(Document(b"", "https://["), "https://[").summary == PageSummary(empty_reason="no_results")
