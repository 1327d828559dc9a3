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
