"""Regions of made-up pages that no source reads, and the layout that they are of."""

import pytest

from azscraper.kinds.explain import explain_all
from azscraper.kinds.unread import Region, unread
from azscraper.parse.page import Page
from unit.kinds.details.product_page import price_tag
from unit.kinds.search.search_page import US, modern

LONG = "Recommended by experts for kitchens of all sizes."
URL = "https://www.amazon.com/dp/B000000001"


def product(extra: str = "", *, device: str = "a-desktop", title: str = "productTitle") -> Page:
    body = f"""<html class="a-no-js {device}" lang="en-us"><body><div id="dp"><span id="{title}">Kettle</span><input id="ASIN" value="B000000001">
      <div id="feature-bullets"><ul><li>Boils a litre in a minute and switches itself off when it is done</li></ul></div>
      <div id="corePrice_feature_div">{price_tag("$6.00")}</div>{extra}<div id="customerReviews"></div></div></body></html>"""
    return Page(body.encode(), URL)


def names(page: Page) -> list[str]:
    found = unread(page)
    return [region.name for region in found.regions] if found else []


def test_a_region_that_no_source_asks_for_is_named_with_what_it_says() -> None:
    found = unread(product(f'<div id="expertPicks_feature_div"><p>{LONG}</p></div>'))
    assert found.regions == (Region("expertPicks_feature_div", len(LONG), LONG),)


def test_a_page_that_is_read_has_no_unread_regions() -> None:
    assert names(product()) == []


@pytest.mark.parametrize(
    "extra",
    [
        '<div id="badge">Short label</div>',
        f'<div id="hidden" class="aok-hidden">{LONG}</div>',
        f'<div id="later" style="display: none">{LONG}</div>',
        f'<div id="nav-flyout">{LONG}</div><div id="navFooter"><div id="links">{LONG}</div></div>',
        f'<script id="data">{LONG}</script>',
        f"<div><p>{LONG}</p></div>",
    ],
)
def test_what_is_short_hidden_a_menu_or_without_a_name_is_none(extra: str) -> None:
    assert names(product(extra)) == []


def test_only_the_outermost_region_is_named_and_numbers_are_left_out() -> None:
    inner = f'<div id="inner">{LONG}</div>'
    extra = (
        f'<div data-feature-name="experts_12">{inner}</div><div id="sims-7">{LONG}</div><div id="sims-8">{LONG}</div>'
    )
    assert names(product(extra)) == ["experts_#", "sims-#"]


@pytest.mark.parametrize(
    ("device", "title", "layout"),
    [
        ("a-desktop", "productTitle", ("details", "desktop", "productTitle")),
        ("a-mobile", "title", ("details", "phone", "title")),
        ("a-tablet a-mobile-nonsense"[:8], "productTitle", ("details", "tablet", "productTitle")),
    ],
)
def test_the_layout_is_kind_device_and_title(device: str, title: str, layout: tuple[str, str, str]) -> None:
    found = unread(product(device=device, title=title))
    assert (found.kind, found.device, found.title) == layout


def test_result_lists() -> None:
    body = f"""<html lang="en-us"><body><div id="search"><div class="s-main-slot">{modern()}</div></div>
      <div id="s-refinements"><div id="brandsRefinements"><span id="p_123-title">Brand</span> {LONG}</div></div>
      <div id="askTheExpert">{LONG}</div><div id="pagn"></div></body></html>"""
    found = unread(Page(body.encode(), US))
    assert (found.kind, found.title, [region.name for region in found.regions]) == (
        "search",
        "search",
        ["askTheExpert"],
    )


def test_a_wall_has_no_layout() -> None:
    assert unread(Page(b"<html><body>Robot Check</body></html>", URL)) is None


def test_explaining_all_fields_lists_the_unread_regions() -> None:
    kind, told = explain_all(product(f'<div id="expertPicks">{LONG}</div>').body, URL)
    assert (str(kind), told["layout"]) == ("product", {"kind": "details", "device": "desktop", "title": "productTitle"})
    assert told["unread"] == [{"name": "expertPicks", "characters": len(LONG), "text": LONG}]
    assert told["fields"]["price"][0]["value"] == {"amount": 6, "currency": "USD"}
    assert set(told["fields"]) >= {"title", "asin", "url"}


def test_a_deep_nest_of_regions_takes_little_time() -> None:
    nest = "".join(f'<div id="n{number}x">' for number in range(3000))
    assert names(product(nest + LONG + "</div>" * 3000)) == ["n#x"]
    assert names(product(nest + "</div>" * 3000)) == []
