"""The pictures, addresses and choice of the members of a variation family."""

import pytest

from unit.kinds.details.product_page import product

FOLDER = "https://m.media-amazon.com/images/I"


def twister(dimensions: str, visual: str, galleries: str, members: str) -> str:
    """The scripts of a family whose dimensions are the colour and the size."""
    return f"""<script>var dataToReturn = {{ "dimensions" : {dimensions}, "dimensionsDisplay" : ["Color","Size"],
        "dimensionsDisplayType" : [ "swatch","dropdown", ], "dimensionValuesDisplayData" : {members} }};</script>
        <script>var obj = jQuery.parseJSON('{{"colorImages":{galleries},"visualDimensions":{visual}}}');</script>"""


MEMBERS = '{"B000000001":["Red","5\\" tall"],"B000000002":["Blue","5\\" tall"]}'


@pytest.mark.parametrize(
    ("dimensions", "visual", "key"),
    [
        ('["color_name","size_name"]', '["color_name"]', "Red"),
        ('["color_name","size_name"]', '["size_name","color_name"]', '5\\\\\\" tall Red'),
        ("[]", '["color_name"]', "Red"),
        ("[]", '["size_name"]', '5\\\\\\" tall'),
    ],
)
def test_a_member_has_the_first_picture_of_its_gallery(dimensions: str, visual: str, key: str) -> None:
    galleries = f'{{"{key}":[{{"hiRes":"{FOLDER}/red._SL1500_.jpg","large":"{FOLDER}/red._SL500_.jpg"}},{{"large":"{FOLDER}/b.jpg"}}]}}'
    found = product(twister(dimensions, visual, galleries, MEMBERS)).variants
    assert found is not None
    assert found.items[0].image == f"{FOLDER}/red.jpg"
    assert found.display_types == ("swatch", "dropdown")


def test_a_member_says_its_address_and_whether_the_page_is_about_it() -> None:
    found = product(twister('["color_name","size_name"]', '["color_name"]', "{}", MEMBERS)).variants
    assert found is not None
    assert [(one.url, one.is_selected, one.image) for one in found.items] == [
        ("https://www.amazon.com/dp/B000000001", True, None),
        ("https://www.amazon.com/dp/B000000002", False, None),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        f'<ul id="inline-twister-row-color_name"><li data-asin="B000000002"><img alt="Blue" src="{FOLDER}/blue._SS36_.jpg"></li></ul>',
        f'<div id="variation_color_name"><ul><li data-defaultasin="B000000002"><img alt="Blue" src="{FOLDER}/blue.jpg"></li></ul></div>',
        f"""<script>{{"sortedDimValuesForAllDims":{{"color_name":[{{"dimensionValueDisplayText":"Blue","imageAttribute":
            {{"url":"{FOLDER}/blue.jpg","width":87}}}}]}}}}</script>""",
    ],
)
def test_a_swatch_shows_the_value_of_a_member(rows: str) -> None:
    found = product(twister('["color_name","size_name"]', "[]", "{}", MEMBERS) + rows).variants
    assert found is not None
    assert [one.swatch for one in found.items] == [None, f"{FOLDER}/blue.jpg"]
