"""Titles of the members of a variation family."""

from unit.kinds.details.product_page import product

FAMILY = """<script>var dataToReturn = { "dimensions" : ["color_name"], "dimensionsDisplay" : ["Color"], "dimensionValuesDisplayData" :
    {"B000000001":["Red"],"B000000002":["Blue"],"B000000003":["Green"]} };</script>"""
CARD = '<li><a href="/dp/{}/ref=pd_sbs_1"><img src="https://m.media-amazon.com/images/I/a.jpg" alt="{}"></a></li>'


def test_a_member_has_the_title_that_the_page_prints() -> None:
    cards = CARD.format("B000000002", "Kettle, Blue") + CARD.format("B000000003", "Kettle with a long nam...")
    found = product(f"{FAMILY}<h2>Viewed</h2><ul>{cards}{CARD.format('B000000009', 'Lamp')}</ul>").variants
    assert found is not None
    assert [(one.asin, one.title) for one in found.items] == [
        ("B000000001", "Kettle"),
        ("B000000002", "Kettle, Blue"),
        ("B000000003", None),
    ]
