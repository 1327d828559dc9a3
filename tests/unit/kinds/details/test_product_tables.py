"""The tables of a product page: those of 2025 and 2026, long values, measures."""

from decimal import Decimal

import pytest

from unit.kinds.details.product_page import product

ROWS = (
    '<div role="listitem" class="a-row po-scent"><span class="a-span3 a-text-bold">Scent</span><span class="a-span9">Lemon</span></div>',
    '<table role="list"><tr role="listitem" class="po-scent"><td role="presentation">Scent</td><td>Lemon</td></tr></table>',
    '<div class="product-facts-detail"><div class="a-col-left">Scent</div><div class="a-col-right">Lemon</div></div>',
    '<table class="prodDetTable"><tr><th>Scent</th><td>Lemon</td></tr></table>',
)


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize(
    "block",
    [
        "voyagerNorthstarATF",
        "voyager-ns-desktop-side-sheet-main-section",
        "topHighlight",
        "nic-po-expander-content",
        "itemDetails",
    ],
)
def test_rows_in_the_expanders_of_2025(block: str, row: str) -> None:
    record = product(
        f'<div id="{block}"><h1>Features &amp; Specs</h1><div class="a-expander-content">{row}</div></div>'
    )
    assert (record.attributes, record.scent) == ({"Scent": "Lemon"}, "Lemon")


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ('<span>Kit for <a href="/s?k=x">two pans</a></span>', "Kit for two pans"),
        ('ISBN: <a href="javascript:void(0)">1600000000</a>', "ISBN: 1600000000"),
        (
            '<span class="a-truncate-full">Pan, pot</span><span class="a-truncate-cut">Pan…</span><a class="a-popover-trigger">See more</a>',
            "Pan, pot",
        ),
        ('<span class="a-truncate-full">Pan, pot</span> <a href="/s?k=lid">and lid</a>', "Pan, pot and lid"),
        (
            """<span>Pan, p…</span><span data-a-modal='{"inlineContent":"Pan, pot &amp;amp; &lt;b>lid&lt;/b>"}'><a>Ver más</a></span>""",
            "Pan, pot & lid",
        ),
        ("<span>Pan, p…</span><span data-a-modal='[]'><a>もっと見る</a></span>", "Pan, p…"),
        ("<span>Pan, p...</span><span data-a-modal='{'></span>", "Pan, p..."),
    ],
)
def test_a_value_goes_on_in_a_link_or_a_sheet(value: str, printed: str) -> None:
    table = f'<div id="prodDetails"><table><tr><th>Compatible with</th><td>{value}</td></tr></table></div>'
    assert product(table).attributes == {"Compatible with": printed}


@pytest.mark.parametrize(
    ("label", "printed", "value", "unit"),
    [
        ("Unit Count", "12.0 Fl Oz", "12", "Fl Oz"),
        ("Net Quantity", "1 Pack", "1", "Pack"),
        ("Anzahl der Einheiten", "1200,00 gramm", "1200", "gramm"),
        ("Número de unidades", "2.5 unidades", "2.5", "unidades"),
        ("ユニット数", "3 個", "3", "個"),
        ("Unit Count", "24", "24", None),
    ],
)
def test_how_much_a_package_holds(label: str, printed: str, value: str, unit: str | None) -> None:
    found = product(
        f'<div id="prodDetails"><table><tr><th>{label}</th><td>{printed}</td></tr></table></div>'
    ).unit_count
    assert found is not None
    assert (found.value, found.unit) == (Decimal(value), unit)


def test_a_count_in_words_is_none() -> None:
    table = '<div id="prodDetails"><table><tr><th>Unit Count</th><td>two pairs</td></tr></table></div>'
    assert product(table).unit_count is None
