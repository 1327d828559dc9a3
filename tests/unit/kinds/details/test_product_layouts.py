"""Made-up pages in the layouts of 2011 to 2020 and of the newest pages: reviews, families, prices, tables."""

from decimal import Decimal

import pytest

from azscraper.records.parts import AvailabilityStatus, Money, OfferState, Savings
from unit.kinds.details.product_page import product

PRINTED = {"id", "title", "body", "rating", "author", "date", "country", "verified", "helpful"}


def test_a_histogram_that_says_its_percent_in_words() -> None:
    fit = "".join('<tr class="a-histogram-row"><td><div class="a-meter" aria-label="20%"></div></td></tr>' * 5)
    rows = "".join(
        f'<tr class="a-histogram-row"><td><div class="a-meter" aria-label="{share}"></div></td></tr>'
        for share in ("74%", "12 %", "%5", "2%", "7%")
    )
    record = product(
        f'<div id="reviewsMedley"><table id="fitRecommendationHistogramTable">{fit}</table>'
        f'<table id="histogramTable"><table id="histogramTable">{rows}</table></table></div>'
    )
    assert record.rating_histogram == {"5": 74, "4": 12, "3": 5, "2": 2, "1": 7}


OF_2014 = """<div id="revMHRL"><div id="rev-dpReviewsMostHelpful-R1AAAAAAAAAAA" class="reviews">
<div class="gry txtsmall hlp">1,048 of 1,050 people found the following review helpful</div>
<div class="ttl"><span title="5.0 out of 5 stars"><span>5.0 out of 5 stars</span></span>
<a href="/review/R1AAAAAAAAAAA" class="reviewTitle"><strong>Good</strong></a> <span class="txtsmall">September 29, 2011</span></div>
<div class="ath">By <a href="/gp/pdp/profile/A1">Ann</a></div><span class="avp">Verified Purchase</span>
<div class="reviewText">Boils. <a href="/product-reviews/B1/ref=cm_cr_dp_text#R1" class="readMoreLink">Read more ›</a></div></div></div><div id="rev-dpReviewsMostRecent-R2AAAAAAAAAAA">Fine.</div>"""
OF_2015 = """<div id="revMHRL"><div id="rev-dpReviewsMostHelpfulAUI-R1AAAAAAAAAAA"><div><span>1,048 of 1,050 people found this</span>
<a title="5.0 out of 5 stars" href="/review/R1AAAAAAAAAAA"></a><a href="/review/R1AAAAAAAAAAA"><span class="a-text-bold">Good</span></a>
<span class="a-color-secondary"> By <a href="/gp/pdp/profile/A1">Ann</a> <span class="a-color-secondary"> on September 29, 2011</span></span></div>
<div id="revData-dpReviewsMostHelpfulAUI-R1AAAAAAAAAAA"><span class="a-color-state">Verified Purchase</span>
<div class="a-section">Boils.<a href="/product-reviews/B1/ref=cm_cr_dp_text#R1"> Read more ›</a></div></div></div></div>"""
OF_2011 = """<span id="btAsinTitle">Kettle</span><b>Most Helpful</b><a name="R1AAAAAAAAAAA"></a><br><div>
<div>1,048 of 1,050 people found the following review helpful:</div><div><span title="5.0 out of 5 stars"></span>
<b>Good</b>, <nobr>September 29, 2011</nobr></div><div>By <a href="/gp/pdp/profile/A1">Ann</a></div>
<b class="avp">Verified</b> Boils. </div>
<a name="R2AAAAAAAAAAA"></a><div><a href="/Kettle/product-reviews/B1#R2AAAAAAAAAAA">Fine</a></div>"""


@pytest.mark.parametrize("content", [OF_2014, OF_2015, OF_2011])
def test_the_most_helpful_reviews_of_old_pages(content: str) -> None:
    (review,) = product(content).top_reviews
    assert review.model_dump(include=PRINTED) == {
        "id": "R1AAAAAAAAAAA", "title": "Good", "body": "Boils.", "rating": 5.0, "author": "Ann", "date": "2011-09-29",
        "country": None, "verified": True, "helpful": 1048,
    }  # fmt: skip


def test_reviews_of_a_mobile_page() -> None:
    (review,) = product(
        '<div><span class="a-profile-name">Ann</span></div><div id="R1AAAAAAAAAAA"><div id="customer_review-R1AAAAAAAAAAA">'
        '<a href="/gp/aw/review/B1/R1AAAAAAAAAAA"><i><span class="a-icon-alt">4.0 out of 5 stars</span></i>'
        '<span data-hook="msrp-avp-badge-linkless" class="a-color-state a-text-bold">Verified</span>'
        '<span class="reviewText">Boils.</span></a></div></div>'
    ).top_reviews
    assert (review.id, review.author, review.rating, review.title, review.verified) == (
        "R1AAAAAAAAAAA",
        "Ann",
        4.0,
        None,
        True,
    )


def test_reviews_of_2017() -> None:
    (review,) = product(
        '<div id="cm-cr-review-list"><div id="R1AAAAAAAAAAA" data-hook="review"><a data-hook="review-author">Ann</a>'
        '<span data-hook="review-body">Boils.</span></div></div>'
    ).top_reviews
    assert (review.id, review.author, review.body) == ("R1AAAAAAAAAAA", "Ann", "Boils.")


def test_reviews_of_2026() -> None:
    (review,) = product(
        '<div id="cr-top-reviews"><ul><li><div id="R1AAAAAAAAAAA" data-hook="review"><h5 data-hook="reviewTitle">Good</h5>'
        '<div data-hook="reviewText"><div>Brief content visible</div><div data-hook="reviewRichContentContainer">Boils.</div></div>'
        "</div></li></ul></div>"
    ).top_reviews
    assert (review.id, review.title, review.body) == ("R1AAAAAAAAAAA", "Good", "Boils.")


def test_the_full_twister_behind_an_empty_template() -> None:
    record = product(
        '<script>var t = {"dimensionValuesDisplayData":{},"dimensionsDisplay":[]};</script><script>var d = {'
        '"dimensionsDisplay" : ["Color"], "dimensionValuesDisplayData" : {"B000000001":["Red"],"B000000002":["Blue"]}}</script>'
    )
    assert record.variants is not None
    assert (record.variants.dimensions, record.variants.selected) == (("Color",), {"Color": "Red"})
    assert [item.asin for item in record.variants.items] == ["B000000001", "B000000002"]


def test_the_twister_of_2014_in_single_quotes() -> None:
    record = product(
        """<script>var dimensionValuesDisplayData = { "B000000001" :[ 'PC' ], "B000000002" :[ 'Poet\\'s Box' ] };
        var dimensionsDisplay = [ "Platform" ]; var data = {"dimensionsDisplay" : dimensionsDisplay};</script>"""
    )
    assert record.variants is not None
    assert [item.values for item in record.variants.items] == [{"Platform": "PC"}, {"Platform": "Poet's Box"}]
    assert record.variants.selected == {"Platform": "PC"}


def test_what_the_swatches_say_where_the_data_is_gone() -> None:
    new = product(
        '<div id="inline-twister-row-color_name"><div class="dimension-text"><span class="a-color-secondary">Color: </span>'
        '<span class="inline-twister-dim-title-value">Red</span></div><ul><li data-asin="B000000001"><img alt="Red"></li>'
        '<li data-asin="B000000002"><img alt="Blue"></li></ul></div>'
    ).variants
    old = product(
        '<div id="variation_size_name"><label class="a-form-label">Size:</label><span class="selection">XL</span></div>'
    ).variants
    assert new is not None
    assert old is not None
    assert (new.selected, len(new.items)) == ({"Color": "Red"}, 2)
    assert (old.dimensions, old.selected, old.items) == (("Size",), {"Size": "XL"}, ())


def test_the_family_in_the_form_of_2011() -> None:
    found = product(
        '<div id="variationBox"><div class="extendVariationSelectionBox"><b>Color</b></div>'
        '<input name="variationDimensionKeys" value="color_name,"><input name="variationDimensionValue.B000000001" value="Red">'
        '<input name="variationDimensionValue.B000000002" value="Blue"></div>'
    ).variants
    assert found is not None
    assert (found.dimensions, found.selected, len(found.items)) == (("Color",), {"Color": "Red"}, 2)


def test_reviews_told_apart_from_ratings() -> None:
    counted = (
        '<a id="acrCustomerReviewLink"><span id="acrCustomerReviewText">1,082 ratings</span></a>'
        '<div id="reviews-medley-footer">There are 73 customer reviews and 1,082 customer ratings.</div>'
    )
    assert product(counted).review_count == 73
    assert product(counted.replace("1,082 customer", "99 customer")).review_count is None


@pytest.mark.parametrize(
    ("content", "rating", "count"),
    [
        (
            '<i id="reviewStars"><span class="a-icon-alt">3.5 out of 5 stars</span></i><span id="reviewLink">(<a>84</a>)</span>',
            3.5,
            84,
        ),
        (
            '<div id="udp"><div id="rating-stars"><a><span title="5.0 stars"></span></a><span class="review-count">62</span></div></div>',
            5.0,
            62,
        ),
        (
            (
                '<div id="reviewsMedley"><i data-hook="average-star-rating"><span class="a-icon-alt">4,5 de 5</span></i>'
                '<span data-hook="total-review-count">6.628 valoraciones</span></div>'
            ),
            4.5,
            6628,
        ),
    ],
)
def test_stars_of_films_mobile_pages_and_sections(content: str, rating: float, count: int | None) -> None:
    record = product(content)
    assert (record.rating, record.rating_count) == (rating, count)


def test_no_stars_are_no_rating() -> None:
    assert product('<span id="acrPopover" title="0.0 out of 5 stars"></span>').rating is None


def test_answered_questions_of_2014() -> None:
    page = '<span id="btAsinTitle">Kettle</span><a class="CDAsk">18 answered questions</a>'
    assert product(page).answered_questions == 18


def test_the_price_that_members_alone_pay_is_not_the_price() -> None:
    paid = '<span class="a-price apex-pricetopay-value"><span class="a-offscreen">{}</span></span>'
    record = product(
        f'<div id="corePriceDisplay_desktop_feature_div">{paid.format("$35.99")}<span class="savingsPercentage">-22%</span></div>'
        '<div id="desktop_buybox"><div data-a-accordion-row-name="primeSavingsUpsellAccordionRow">'
        f'<div id="corePrice_feature_div">{paid.format("$35.99")}</div></div>'
        f'<div data-a-accordion-row-name="newAccordionRow"><div id="corePrice_feature_div">{paid.format("$45.99")}</div></div></div>'
    )
    assert record.price is not None
    assert (str(record.price.amount), record.savings) == ("45.99", None)


@pytest.mark.parametrize(
    "content",
    [
        (
            '<div id="priceBlock"><table><tr><td>List Price:</td><td><span class="listprice">$20.00</span></td></tr><tr><td>Price:</td>'
            '<td><b class="priceLarge">$12.00</b></td></tr><tr><td>You Save:</td><td class="price">$8.00\n(40%)</td></tr></table></div>'
        ),
        (
            '<span id="price_inside_buybox">$12.00</span><div id="newPitchPriceWrapper_feature_div"><span class="a-text-strike">$20.00</span>'
            "<div>Save $8.00 (40%)</div></div>"
        ),
    ],
)
def test_savings_of_old_and_mobile_pages(content: str) -> None:
    record = product(content)
    assert record.list_price is not None
    assert record.savings is not None
    assert record.savings.amount is not None
    assert (str(record.list_price.amount), str(record.savings.amount.amount), record.savings.percent) == (
        "20.00",
        "8.00",
        40,
    )


def test_a_category_that_has_brackets_in_its_name() -> None:
    ranks = product(
        '<div id="detailBullets_feature_div"><ul><li><b>Best Sellers Rank:</b> #213 in Books (<a href="/b">See Top 100 in Books</a>)'
        "<ul><li>#16 in <a>Home & Garden (Books)</a></li></ul></li></ul></div>"
    ).bestseller_ranks
    assert [(rank.rank, rank.category) for rank in ranks] == [(213, "Books"), (16, "Home & Garden (Books)")]


def test_details_come_before_their_summary_and_name_any_site() -> None:
    record = product(
        '<div id="rpi-attribute-p"><div class="rpi-attribute-label">Publisher</div><div class="rpi-attribute-value">House</div></div>'
        '<div id="detailBullets_feature_div"><ul><li><b>Publisher:</b> House (7 April 2016)</li>'
        "<li><b>Date first available at Amazon.ca:</b> Sept. 9 2016</li></ul></div>"
    )
    assert record.attributes["Publisher"] == "House (7 April 2016)"
    assert record.first_available == "2016-09-09"


def test_tables_of_device_and_film_pages() -> None:
    device = product(
        '<div id="tech"><table><tr><td><p><strong>Peso</strong></p></td><td><p>171 gramas</p></td></tr></table></div>'
    )
    film = product(
        '<div><h1 id="btf-product-details">Product details</h1><table class="product-details-meta"><tr><th>Studio</th><td>House</td></tr></table></div>'
    )
    assert (device.attributes, device.weight) == ({"Peso": "171 gramas"}, "171 gramas")
    assert film.attributes == {"Studio": "House"}


def test_numbers_below_a_mobile_title() -> None:
    record = product(
        '<div id="productTitleGroupAnchor"><span>ISBN-13:</span> <span>978-0000000002,</span> <span>ISBN-10:</span> <span>000000000X</span></div>'
    )
    assert (record.isbn13, record.isbn10) == ("9780000000002", "000000000X")


def test_the_chosen_colour_where_no_table_prints_one() -> None:
    family = '<div id="variation_color_name"><label class="a-form-label">Farbe:</label><span class="selection">Rot</span></div>'
    table = '<div id="prodDetails"><table><tr><th>Farbe</th><td>Blau</td></tr></table></div>'
    assert (product(family).color, product(family + table).color) == ("Rot", "Blau")


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ('{"director": [{"name": "Ann"}], "actor": [{"name": "Bob"}, {"name": "Cy"}]}', ["Ann", "Bob", "Cy"]),
        ('{"director": {"name": "Ann"}, "actor": [7, {"name": null}]}', ["Ann"]),
        ("[1]", []),
        ("{", []),
    ],
)
def test_who_made_a_film(data: str, names: list[str]) -> None:
    page = f'<h1 id="aiv-content-title">Kettle</h1><script type="application/ld+json">{data}</script>'
    assert [person.name for person in product(page).contributors] == names


def _tab_row(kind: str, price: str, inside: str = "") -> str:
    return (
        f'<div id="{kind}OfferAccordionRow" data-a-accordion-row-name="media-{kind}Offer-accordion">'
        f'<h5>Buy {kind} <span class="a-color-price header-price"> {price} </span></h5>{inside}</div>'
    )


_STRUCK_LINE = '<div><span><span>List Price:</span> <span class="a-text-strike">$40.00</span> <span>Save: $10.00 (25%)</span></span></div>'


def test_a_book_in_a_tab_of_the_centre_column_sells_what_is_new() -> None:
    inside = f'<div id="availability">In Stock.</div>{_STRUCK_LINE}'
    rows = _tab_row("rent", "$9.50") + _tab_row("used", "$12.00") + _tab_row("new", "$30.00", inside)
    record = product(f'<div id="mediaTab_content_landing">{rows}</div>')
    assert record.price == Money(amount=Decimal(30), currency="USD")
    assert record.list_price == Money(amount=Decimal(40), currency="USD")
    assert record.savings == Savings(amount=Money(amount=Decimal(10), currency="USD"), percent=25)
    assert record.availability is not None
    assert record.availability.status is AvailabilityStatus.IN_STOCK


def test_a_book_in_a_tab_without_rows_sells_what_the_tab_says() -> None:
    row = f'<div id="mediaNoAccordion"><span class="a-color-price header-price">$30.00</span>{_STRUCK_LINE}</div>'
    record = product(f'<div id="mediaTab_content_landing">{row}</div>')
    assert (record.price, record.offer_state) == (Money(amount=Decimal(30), currency="USD"), OfferState.FEATURED_OFFER)
    assert record.list_price == Money(amount=Decimal(40), currency="USD")


def test_a_picture_that_a_script_is_to_load_is_known_by_its_sizes() -> None:
    sizes = "{&quot;https://m.media-amazon.com/images/I/51a._SX348_.jpg&quot;:[243,346]}"
    record = product(f'<img id="imgBlkFront" src="data:image/gif;base64,R0lGOD" data-a-dynamic-image="{sizes}">')
    assert record.images == ("https://m.media-amazon.com/images/I/51a.jpg",)


def test_the_description_without_the_chosen_variant_and_the_details() -> None:
    chosen = '<div class="disclaim">Size:<strong>1 pack</strong></div><h3>Product Description</h3><p>Holds much.</p>'
    details = '<div id="detailBullets_feature_div"><ul><li><b>Department:</b> Kitchen</li></ul></div>'
    assert product(f'<div id="productDescription">{chosen}</div>').description == "Holds much."
    assert product(f'<div id="productDescription_feature_div">{details}</div>').description is None


def test_the_description_without_what_unfolds_it() -> None:
    more = (
        '<div><a class="a-link-expander"><span>Read more</span> <span style="display: none">Read less</span></a></div>'
    )
    assert product(f'<div id="bookDescription_feature_div"><p>Holds much.</p>{more}</div>').description == "Holds much."


def test_a_weight_behind_other_dimensions_than_those_told() -> None:
    rows = "<tr><th>Item Dimensions</th><td>31 x 16 x 10 cm</td></tr><tr><th>Product Dimensions</th><td>31 x 16 x 10 cm; 500 Grams</td></tr>"
    record = product(f'<table id="prodDetails">{rows}</table>')
    assert (record.dimensions, record.weight) == ("31 x 16 x 10 cm", "500 Grams")
    weighed = product(f'<table id="prodDetails">{rows}<tr><th>Item Weight</th><td>480 g</td></tr></table>')
    assert weighed.weight == "480 g"


def test_several_numbers_in_one_row() -> None:
    row = "<tr><th>UPC</th><td>012345678905 036000291452</td></tr><tr><th>EAN</th><td>4 006381 333931</td></tr>"
    record = product(f'<table id="prodDetails">{row}</table>')
    assert (record.upc, record.ean) == ("012345678905 036000291452", "4006381333931")


def test_swatches_of_2015() -> None:
    def swatch(name: str, price: str, attributes: str) -> str:
        return f'<li {attributes}><div class="twisterTextDiv">{name}</div><span class="twisterSwatchPrice">{price}</span></li>'

    rows = swatch("1 l", "$9.00", 'class="swatchSelect" data-dp-url=""') + swatch(
        "2 l", "$12.00", 'class="swatchAvailable" data-dp-url="/Kettle/dp/B000000002/ref=x"'
    )
    found = product(
        f'<div id="variation_size_name"><label>Capacity:</label><span class="selection">1 l</span><ul>{rows}</ul></div>'
    ).variants
    assert found is not None
    assert found.selected == {"Capacity": "1 l"}
    assert [(item.asin, item.values["Capacity"], str(item.price and item.price.amount)) for item in found.items] == [
        ("B000000001", "1 l", "9.00"),
        ("B000000002", "2 l", "12.00"),
    ]


def test_the_first_thumbnail_is_the_main_picture() -> None:
    def picture(name: str, attributes: str = "") -> str:
        return f'<img src="https://m.media-amazon.com/images/I/{name}.jpg" {attributes}>'

    large = 'id="landingImage" data-old-hires="https://m.media-amazon.com/images/I/71front._SL1500_.jpg"'
    thumbs = "".join(f"<li>{picture(name)}</li>" for name in ("41front._SS40_", "41side._SS40_"))
    found = product(f'{picture("51front", large)}<div id="altImages"><ul>{thumbs}</ul></div>').images
    assert [url.rpartition("/")[2] for url in found] == ["71front.jpg", "41side.jpg"]


def test_the_manufacturers_content_without_tooltips() -> None:
    tip = '<div class="a-popover-preload"><span>The video shows the product in use.</span></div>'
    assert (
        product(f'<div id="aplus"><h2>From the manufacturer</h2>{tip}<p>Boils fast.</p></div>').a_plus == "Boils fast."
    )


def test_picture_and_bullets_of_2013() -> None:
    page = """<div id="prodImageCell"><a href="/dp/images/B000000001"><img src="http://ecx.images-amazon.com/images/I/51bcGJl2ikL._AA280_.jpg"></a></div>
      <div id="feature-bullets_feature_div"><h2>Product Features</h2><div class="disclaim">Color: <strong>White</strong></div><ul><li>Folds flat</li><li>Made of pine</li></ul></div>"""
    found = product(page)
    assert found.features == ("Folds flat", "Made of pine")
    assert found.images == ("https://ecx.images-amazon.com/images/I/51bcGJl2ikL.jpg",)
