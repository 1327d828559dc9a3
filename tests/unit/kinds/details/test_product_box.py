"""What comes in the box, and which content of the manufacturer the page has."""

import pytest

from unit.kinds.details.product_page import product


def deck(*entries: str) -> str:
    """The block of an American page."""
    items = "".join(
        f'<li class="postpurchase-included-components-list-item"><span>{one}</span></li>' for one in entries
    )
    return f'<div id="whatsInTheBoxDeck"><h2>What\'s in the box</h2><dl id="witb-content-list">{items}</dl></div>'


def row(label: str, value: str) -> str:
    return f'<div id="prodDetails"><table class="prodDetTable"><tr><th>{label}</th><td>{value}</td></tr></table></div>'


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (deck("Kettle", "USB-C Cable (1 m), white"), ("Kettle", "USB-C Cable (1 m), white")),
        (deck("kettle, lid, filter"), ("kettle", "lid", "filter")),
        (deck(" / "), ()),
        (row("Included Components", "Kettle"), ("Kettle",)),
        (row("Enthaltene Komponenten", "1 x Kocher; 1 x Sieb, fein"), ("1 x Kocher", "1 x Sieb, fein")),
        (row("付属品", "ケトル"), ("ケトル",)),
        (deck("Kettle", "Lid") + row("Included Components", "Kettle"), ("Kettle", "Lid")),
        ("", ()),
    ],
)
def test_what_is_in_the_box(content: str, parts: tuple[str, ...]) -> None:
    assert product(content).included_components == parts


@pytest.mark.parametrize(
    ("id_", "inside", "told"),
    [
        ("aplus_feature_div", "<h4>Quick</h4>", (True, False)),
        ("aplus_feature_div", "", (False, False)),
        ("aplusBrandStory_feature_div", "<h4>Ours</h4>", (False, True)),
    ],
)
def test_content_of_the_manufacturer_is_told_from_the_story_of_the_brand(
    id_: str, inside: str, told: tuple[bool, bool]
) -> None:
    found = product(f'<div id="{id_}"><div class="celwidget aplus-module module-1">{inside}</div></div>')
    assert (found.has_a_plus, found.has_brand_story) == told


def bundle(*parts: str) -> str:
    """The block of 2024 on."""
    return f'<div id="bundleComponentDetails_feature_div"><h2>About the components</h2>{"".join(parts)}</div>'


def part(place: int, title: str, asin: str) -> str:
    """A part whose picture is the link."""
    named = f'<span id="bundle-component-details-component-title-{place}">{title}</span>'
    return f'<div class="a-row"><a href="/dp/{asin}?ref_=bundle"><img alt=""></a><div>{named}<p>4.5 out of 5 stars</p></div></div>'


@pytest.mark.parametrize(
    ("content", "items"),
    [
        (
            bundle(part(0, "Kettle", "B000000002"), part(1, "Lid", "B000000003")),
            (("B000000002", "Kettle", None), ("B000000003", "Lid", None)),
        ),
        (
            bundle(part(0, "2 von Tasse, 0,3 l", "B000000002"), part(1, "3 of Cup", "B000000003")),
            (("B000000002", "Tasse, 0,3 l", 2), ("B000000003", "Cup", 3)),
        ),
        (bundle(part(0, "12 Offices", "B000000002")), (("B000000002", "12 Offices", None),)),
        (
            bundle('<a id="bundle-component-details-component-title-0" href="/dp/B000000002">Cup</a>'),
            (("B000000002", "Cup", None),),
        ),
        (
            bundle(
                '<p id="bundle-component-details-component-title-0">Cup</p>',
                '<p id="bundle-component-details-component-title-1">Lid</p>',
                '<a href="/dp/B000000002">both</a>',
            ),
            (),
        ),
        (
            bundle('<p id="bundle-component-details-component-title-0">Cup</p>') + '<a href="/dp/B000000002">other</a>',
            (),
        ),
        (
            '<div id="bundleV2_feature_div"><div class="bundle-comp-title"><a href="/dp/B000000004">Mug</a></div></div>',
            (("B000000004", "Mug", None),),
        ),
        (bundle() + "<style>.bundle-comp-title{}</style>", ()),
    ],
)
def test_what_a_bundle_holds(content: str, items: tuple[tuple[str, str, int | None], ...]) -> None:
    record = product(content)
    assert tuple((item.asin, item.title, item.quantity) for item in record.bundle_items) == items
    assert record.is_bundle is bool(items)
