import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.parse.document import Document
from azscraper.parse.product import parse_product
from unit.product_page import product

TWISTER = """<script>var data = {"dimensionsDisplay" : ["Color","Size"], "variationDisplayLabels" : {"a":"Color"},
"currentAsin" : "B000000001", "parentAsin" : "B0000000PA", "dimensionToAsinMap" : {"0_0":"B000000001"},
"dimensionValuesDisplayData" : {"B000000001":["Red","S"],"B000000002":["Red","M"]} }</script>"""
GALLERY = """<script>var data = {'colorImages': { 'initial': [
{"hiRes":"https://m.example/images/I/1._SL1500_.jpg","large":"https://m.example/images/I/1._SX300_.jpg"},
{"hiRes":null,"large":"https://m.example/images/I/2._SX300_.jpg"},
{"hiRes":null,"large":null,"main":{"https://m.example/images/I/3._SX1_.jpg":[1,1]}}] }, "heroImage": 1,
"videos":[{"title":"Film","url":"https://m.example/f.mp4","thumb":"https://m.example/images/I/t.jpg"},{"url":null}] }</script>"""
RANKS = """<div id="prodDetails"><table><tr><th>Best Sellers Rank</th><td><span><span>#20,182 in Garden (<a
href="/gp/bestsellers/garden/ref=x">See Top 100 in Garden</a>)</span><br><span>#211 in <a href="/gp/bestsellers/g/1">Kettles</a>
</span></span></td></tr><tr><th>Customer Reviews</th><td>4.5</td></tr></table></div>"""
REVIEW = """<div id="cm-cr-dp-review-list"><div id="customer_review-R1" data-hook="review"><span class="a-profile-name">Ann</span>
<a data-hook="review-title"><i data-hook="review-star-rating"><span class="a-icon-alt">4.0 out of 5 stars</span></i><span>Good</span></a>
<span data-hook="review-date">Reviewed in the United States on June 26, 2023</span><span data-hook="avp-badge">Verified</span>
<span data-hook="review-body"><div data-hook="review-collapsed"><span>Boils.</span></div><a>Read more</a></span>
<span data-hook="helpful-vote-statement">12 people found this helpful</span></div></div>"""


@pytest.mark.parametrize(
    ("lang", "byline", "name"),
    [
        ("en-us", "Visit the Acme Store", "Acme"),
        ("en-us", "Brand: Acme", "Acme"),
        ("de-de", "Besuche den Acme-Store", "Acme"),
        ("de-de", "Besuchen Sie den Acme-Store", "Acme"),
        ("de-de", "Marke: Acme", "Acme"),
        ("de-de", "De Acme", "De Acme"),
        ("fr-fr", "Visiter la boutique Acme", "Acme"),
        ("fr-fr", "Marque : Acme", "Acme"),
        ("it-it", "Visita lo Store di Acme", "Acme"),
        ("it-it", "Marca: Acme", "Acme"),
        ("es-es", "Visita la tienda de Acme", "Acme"),
        ("nl-nl", "Bezoek de Acme-store", "Acme"),
        ("sv-se", "Besök Acme-butiken", "Acme"),
        ("pl-pl", "Odwiedź sklep Acme", "Acme"),
        ("tr-tr", "Acme Store'u ziyaret edin", "Acme"),
        ("ja-jp", "Acmeのストアを表示", "Acme"),
        ("ja-jp", "ブランド: Acme", "Acme"),
        ("pt-br", "Visite a loja Acme", "Acme"),
        ("zh-cn", "访问 Acme 店铺", "Acme"),
        ("ar-ae", "تفضل بزيارة متجر Acme", "Acme"),
    ],
)
def test_the_byline_in_every_language(lang: str, byline: str, name: str) -> None:
    found = product(f'<a id="bylineInfo" href="/stores/Acme/page/1?ref=x">{byline}</a>', lang=lang).brand
    assert found is not None
    assert (found.name, found.url) == (name, "https://www.amazon.com/stores/Acme/page/1")


def test_a_brand_beside_its_by() -> None:
    found = product('<div id="bylineInfo_feature_div">by <a id="brand" href="/Acme/b?node=1">Acme</a></div>').brand
    assert found is not None
    assert found.name == "Acme"


def test_the_brand_of_the_tables() -> None:
    row = '<tr class="po-brand"><td>Brand</td><td><span class="po-break-word">Acme</span></td></tr>'
    found = product(f'<div id="productOverview_feature_div"><table>{row}</table></div>').brand
    assert found is not None
    assert found.name == "Acme"


def test_a_book_has_people_and_no_brand() -> None:
    record = product(
        '<div id="bylineInfo">by <span class="author"><a href="/Ann/e/B00ANN/ref=x">Ann Author</a> <span class="contribution">(Author)</span></span>'
        '<span class="author"><a href="/s?k=x">Bo</a><span class="contribution">(Illustrator), </span></span></div>'
    )
    assert record.brand is None
    assert [(person.name, person.role) for person in record.contributors] == [
        ("Ann Author", "Author"),
        ("Bo", "Illustrator"),
    ]


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ('<span id="btAsinTitle">Kettles [Hardcover]</span>', "Kettles"),
        ('<h1 id="aiv-content-title">Kettles <span>2017</span></h1>', "Kettles"),
        ("<title>Amazon.com: Kettles: Books</title>", "Kettles: Books"),
        ("<title>Kettles : Amazon.de: Bücher</title>", "Kettles"),
    ],
)
def test_titles_of_other_layouts(content: str, title: str) -> None:
    page = f'<html><head>{content if "<title>" in content else ""}</head>{content}<input id="ASIN" value="b000000001">'
    record = parse_product(Document(page.encode(), "https://www.amazon.com/dp/B000000009"))
    assert (record.title, record.asin) == (title, "B000000001")
    assert record.url == "https://www.amazon.com/dp/B000000001"


def test_the_asin_without_a_form() -> None:
    def asin(content: str) -> str | None:
        return parse_product(Document(content.encode(), "https://www.amazon.com/dp/B000000009")).asin

    assert asin('<script>{"currentAsin" : "B000000002"}</script>') == "B000000002"
    assert asin('<head><link rel="canonical" href="https://www.amazon.com/X/dp/B000000003"></head>') == "B000000003"
    assert asin("") == "B000000009"


def test_a_family() -> None:
    record = product(TWISTER)
    assert record.parent_asin == "B0000000PA"
    assert record.variants is not None
    assert record.variants.dimensions == ("Color", "Size")
    assert record.variants.selected == {"Color": "Red", "Size": "S"}
    assert [(item.asin, item.values["Size"]) for item in record.variants.items] == [
        ("B000000001", "S"),
        ("B000000002", "M"),
    ]


def test_a_product_alone_has_no_family() -> None:
    record = product('<script>{"mediaAsin":"B000000001","parentAsin":"B000000001"}</script>')
    assert record.parent_asin is None
    assert record.variants is None


def test_the_gallery() -> None:
    record = product(GALLERY)
    assert record.images == tuple(f"https://m.example/images/I/{number}.jpg" for number in (1, 2, 3))
    assert [(film.title, film.url) for film in record.videos] == [("Film", "https://m.example/f.mp4")]


def test_a_gallery_in_markup() -> None:
    record = product(
        '<img id="landingImage" data-old-hires="https://m.example/images/I/1._SL1500_.jpg" src="https://m.example/images/I/1._SX9_.jpg">'
        '<div id="altImages"><img src="https://m.example/images/I/1._SS40_.jpg"><img src="https://m.example/images/I/2._SS40_.jpg">'
        '<li class="videoThumbnail"><img class="video" src="https://m.example/images/I/v.jpg"></li><img src="https://m.example/x/G/01/play.png"></div>'
    )
    assert record.images == ("https://m.example/images/I/1.jpg", "https://m.example/images/I/2.jpg")


def test_films_that_are_counted_and_not_listed_are_a_warning() -> None:
    record = product('<div id="altImages"><span id="videoCount">6 VIDEOS</span></div>')
    assert (record.videos, record.warnings) == ((), ("videos",))


def test_bullets_description_and_manufacturers_content() -> None:
    record = product(
        '<div id="feature-bullets"><ul><li class="aok-hidden">no</li><li><span>Boils  fast</span></li><li>Cold</li></ul></div>'
        '<div id="productDescription"><h2>Product description</h2><p>A kettle.</p><p>It boils.</p></div>'
        '<div id="aplus"><h2>From the maker</h2><script>no</script>Best kettle</div>'
    )
    assert record.features == ("Boils fast", "Cold")
    assert record.description == "A kettle. It boils."
    assert record.a_plus == "Best kettle"


def test_ranks() -> None:
    record = product(RANKS)
    assert [(rank.rank, rank.category) for rank in record.bestseller_ranks] == [(20182, "Garden"), (211, "Kettles")]
    assert record.bestseller_ranks[1].url == "https://www.amazon.com/gp/bestsellers/g/1"
    assert record.attributes == {}


@pytest.mark.parametrize(
    ("label", "line", "rank", "category"),
    [
        ("Amazon Bestseller-Rang", "Nr. 1.234 in Küche", 1234, "Küche"),
        ("Classement des meilleures ventes d'Amazon", "15 549 en High-Tech", 15549, "High-Tech"),
        ("Posizione nella classifica Bestseller di Amazon", "n. 327 in Casa", 327, "Casa"),
        ("Clasificación en los más vendidos de Amazon", "nº2.417 en Hogar", 2417, "Hogar"),
        ("Ranking dos mais vendidos", "Nº 25 em Casa", 25, "Casa"),
        ("Amazon 売れ筋ランキング", "- 1,234位おもちゃ", 1234, "おもちゃ"),
        ("亚马逊热销商品排名", "厨具商品里排第1,234名", 1234, "厨具"),
    ],
)
def test_ranks_of_other_languages(label: str, line: str, rank: int, category: str) -> None:
    record = product(
        f'<div id="detailBulletsWrapper_feature_div"><ul><li><span><b>{label}:</b> {line}</span></li></ul></div>'
    )
    assert [(found.rank, found.category) for found in record.bestseller_ranks] == [(rank, category)]


def test_attributes_of_tables_and_bullets_with_the_fields_lifted_out() -> None:
    record = product(
        '<div id="productOverview_feature_div"><table><tr><td>Color</td><td>Red</td></tr></table></div>'
        '<div id="prodDetails"><table><tr><th>Color</th><td>Blue</td></tr><tr><th>Item model number \u200e</th><td>\u200eK-1</td></tr></table></div>'
        '<div id="detailBullets_feature_div"><ul><li><span><b>Product Dimensions \u200f : \u200e</b> <span>10 x 5 x 3 inches; 1.2 Pounds</span></span></li>'
        "<li><span><b>Date First Available :</b> June 26, 2023</span></li><li><b>ISBN-13:</b> 978-0000000002</li><li>no label</li></ul></div>"
    )
    assert record.attributes["Color"] == "Red"
    assert record.attributes["Item model number"] == "K-1"
    assert (record.color, record.model_number, record.isbn13) == ("Red", "K-1", "9780000000002")
    assert (record.dimensions, record.weight, record.first_available) == (
        "10 x 5 x 3 inches",
        "1.2 Pounds",
        "2023-06-26",
    )


def test_what_buyers_say() -> None:
    bars = "".join(
        f'<tr><td><div class="a-meter" aria-valuenow="{share}%"></div></td></tr>' for share in (71, 15, 6, 4, 4)
    )
    record = product(
        '<div id="averageCustomerReviews"><span id="acrPopover" title="4.5 out of 5 stars"></span>'
        '<span id="acrCustomerReviewText">(1,234)</span></div><a id="askATFLink">55 answered questions</a>'
        '<span id="social-proofing-faceout-title-tk_bought">2K+ bought in past month</span>'
        f'<table id="histogramTable">{bars}</table>{REVIEW}'
    )
    assert (record.rating, record.rating_count, record.answered_questions, record.bought_past_month) == (
        4.5,
        1234,
        55,
        2000,
    )
    assert record.rating_histogram == {"5": 71, "4": 15, "3": 6, "2": 4, "1": 4}
    (review,) = record.top_reviews
    assert review.model_dump() == {
        "id": "R1", "title": "Good", "body": "Boils.", "rating": 4.0, "author": "Ann", "date": "2023-06-26",
        "country": "United States", "verified": True, "helpful": 12,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["aria-valuenow", "aria-label"])
def test_meters_of_every_year(name: str) -> None:
    def meters(*shares: int) -> str:
        return "".join(f'<div class="a-meter" {name}="{share}%"></div>' for share in shares)

    assert product(f'<div id="histogramTable">{meters(71, 15, 6, 4, 4)}</div>').rating_histogram == {
        "5": 71, "4": 15, "3": 6, "2": 4, "1": 4,
    }  # fmt: skip
    assert product(f'<div id="histogramTable">{meters(0, 0, 0, 0, 0)}</div>').rating_histogram is None
    assert product(f'<div id="histogramTable">{meters(71)}</div>').rating_histogram is None


def test_an_unreadable_rating_is_named_in_the_warnings() -> None:
    record = product('<span id="acrPopover" title="many stars"></span><span id="acrCustomerReviewText">1.2.3 x</span>')
    assert record.rating is None
    assert record.rating_count is None
    assert record.warnings == ("rating", "ratingCount")


@pytest.mark.parametrize(
    ("head", "section", "count"),
    [
        ("(1.9L)", "193,062 global ratings", 193_062),
        ("(1.9L)", "", 190_000),
        ("(12.3K)", "12,345 global ratings", 12_345),
        ("(12.3K)", "812 global ratings", 12_300),
        ("(4,321)", "4,400 global ratings", 4321),
    ],
)
def test_a_shortened_count_and_the_whole_one(head: str, section: str, count: int) -> None:
    medley = f'<div id="reviewsMedley"><span data-hook="total-review-count">{section}</span></div>'
    assert product(f'<span id="acrCustomerReviewText">{head}</span>{medley}').rating_count == count


def test_the_month_of_a_japanese_line_is_no_count() -> None:
    line = '<span id="social-proofing-faceout-title-tk_bought">過去1か月で5000点以上購入されました</span>'
    assert product(line, lang="ja-jp").bought_past_month == 5000


def test_the_chosen_thumbnail_is_the_main_image() -> None:
    thumb = '<span class="a-button {}"><span><span><img src="https://m.example/images/I/{}._SS40_.jpg"></span></span></span>'
    thumbs = thumb.format("a-button-selected", "1small") + thumb.format("", "2small")
    main = '<img id="landingImage" data-old-hires="https://m.example/images/I/1large._SL1500_.jpg">'
    assert product(f'{main}<div id="altImages">{thumbs}</div>').images == (
        "https://m.example/images/I/1large.jpg",
        "https://m.example/images/I/2small.jpg",
    )
    assert product(f'<div id="altImages">{thumbs}</div>').images[0] == "https://m.example/images/I/1small.jpg"


@pytest.mark.parametrize(("table", "read"), [("", "Water, tea"), ("<tr><th>Ingredients</th><td>Tea</td></tr>", "Tea")])
def test_ingredients_among_important_information(table: str, read: str) -> None:
    parts = "<div><h4>Safety</h4><p>Hot</p></div><div><h4>Ingredients:</h4><p></p><p>Water, tea</p></div>"
    record = product(f'<table id="prodDetails">{table}</table><div id="important-information">{parts}</div>')
    assert record.ingredients == read


def test_the_description_of_a_book_before_2014_stands_apart_from_its_reviews() -> None:
    book = '<div id="ps-content"><h2>Book Description</h2>Publication Date: May 2<div id="postBodyPS">A kettle.</div></div>'
    assert (
        product(book + '<div id="productDescription"><h2>Editorial Reviews</h2>Fine.</div>').description == "A kettle."
    )


def test_breadcrumb_badges_and_neighbours() -> None:
    record = product(
        '<div id="wayfinding-breadcrumbs_feature_div"><ul><li><a href="/x/b/ref=dp_bc_1?node=1">Garden</a></li><li>›</li>'
        '<li><a href="/s?rh=n%3A1%2Cn%3A22">Kettles</a></li></ul></div><div id="acBadge_feature_div">Amazon\'s Choice</div>'
        '<div id="sims-fbt"><i data-asin="B000000003"></i></div><div id="newer-version"><a href="/dp/B000000004">new</a></div>'
    )
    assert [(step.name, step.id) for step in record.categories] == [("Garden", "1"), ("Kettles", "22")]
    assert record.badges == ("amazons_choice",)
    assert record.related_asins is not None
    assert record.related_asins.bought_together == ("B000000003",)
    assert record.related_asins.newer_model == "B000000004"


def test_what_is_bought_together_is_linked_as_such_in_every_layout() -> None:
    record = product(
        '<div id="sims_fbt"><a href="/Kettle/dp/B000000001/ref=pd_bxgy_b_img_x"></a><a href="/x/dp/B000000005/ref=pd_bxgy_b_img_y/1-2">'
        '</a><a href="/x/dp/B000000005/ref=pd_bxgy_b_text_y"></a></div><a href="/x/dp/B000000006/ref=pd_bxgy_d_sccl_1"></a>'
    )
    assert record.related_asins is not None
    assert record.related_asins.bought_together == ("B000000005", "B000000006")


NEIGHBOURS = (
    ("B000000031", "pd_sim_14_1"),
    ("B000000021", "pd_cp_14_1"),
    ("B000000011", "pd_sbs_d_sccl_1_1"),
    ("B000000001", "pd_ci_mcx_pspc_dp_d_2_t_1"),
    ("B000000002", "psdc_172541_t2_B000000001"),
    ("B000000003", "psdc_172541_t3_B000000001"),
    ("B000000009", "psdc_172541_rv_t1_B000000001"),
)


@pytest.mark.parametrize(
    ("shown", "similar"),
    [(7, ("B000000002", "B000000003")), (3, ("B000000011",)), (2, ("B000000021",)), (1, ("B000000031",)), (0, ())],
)
def test_similar_are_the_products_of_the_best_block(shown: int, similar: tuple[str, ...]) -> None:
    links = [f'<a href="/Cup/dp/{asin}/ref={mark}?pf_rd_r=X"></a>' for asin, mark in NEIGHBOURS[:shown]]
    family = '<a href="/product-reviews/B000000099/ref=pd_sbs_cr_1">4.5</a>'
    related = product("".join(links) + family).related_asins
    assert (related.similar if related else ()) == similar


@pytest.mark.parametrize(
    "block",
    [
        '<a href="/gp/aw/d/B000000011/ref=pd_aw_sbs_14_1">Cup</a>',
        '<div id="dv-sims"><i data-asin="B000000011"></i></div><div id="purchaseShvl"><a href="/dp/B000000012">x</a></div>',
        '<div id="purchaseShvl"><a href="/dp/B000000012">x</a></div><div id="vtpsims"><a href="/dp/B000000011">x</a></div>',
    ],
)
def test_similar_products_of_phones_films_and_links_without_marks(block: str) -> None:
    related = product(block).related_asins
    assert related is not None
    assert related.similar == ("B000000011",)


def test_a_small_business_among_the_additional_details() -> None:
    logo = '<img id="provenance-certification-sbe_badge-logo">'
    assert product(f'<div id="provenance-certifications">{logo}</div>').badges == ("small_business",)


def test_buy_it_with_is_not_bought_together() -> None:
    link = '<a href="/x/dp/B000000005/ref=pd_day0fbt_d_sccl_1">Cup</a>'
    assert product(f'<div id="similarities_feature_div"><h2>Buy it with</h2>{link}</div>').related_asins is None


CONTENT = TWISTER + GALLERY + RANKS + REVIEW + '<a id="bylineInfo" href="/x">Visit the Acme Store</a>'


@given(st.lists(st.sampled_from(["<!-- a comment -->", "\n \t", "<!---->"]), min_size=1, max_size=4))
def test_comments_and_whitespace_between_blocks_change_nothing(noise: list[str]) -> None:
    changed = (
        CONTENT.replace("<div", "".join(noise) + "<div")
        .replace("</td>", "  \n</td>")
        .replace("<script>", " \n<script>")
    )
    assert product(changed) == product(CONTENT)


def test_the_order_of_attributes_changes_nothing() -> None:
    assert product(CONTENT.replace('id="bylineInfo" href="/x"', 'href="/x" id="bylineInfo"')) == product(CONTENT)


def test_reviews_of_phones_have_their_author_around_them() -> None:
    found = product(
        '<ul><li><div data-hook="mobley-review-content" id="R1AAAAAAAAAAA"><span class="a-profile-name">Kim</span>'
        '<div id="customer_review-R1AAAAAAAAAAA"><i data-hook="review-star-rating"><span class="a-icon-alt">4.0 out of 5'
        ' stars</span></i><span data-hook="review-title"><span>Fine</span></span><span data-hook="review-date">Reviewed in'
        ' Canada on March 3, 2024</span><span data-hook="review-body">Boils.</span></div></div></li></ul>'
    ).top_reviews
    assert [(one.id, one.author, one.title, one.body, one.rating, one.date, one.country) for one in found] == [
        ("R1AAAAAAAAAAA", "Kim", "Fine", "Boils.", 4.0, "2024-03-03", "Canada")
    ]


@pytest.mark.parametrize(
    ("block", "read"),
    [
        ("<p>Boils.</p><a class='a-carousel-goto-nextpage'><i class='a-icon a-icon-next'>Next page</i></a>", "Boils."),
        ("<div class='video-js'><span>Play</span><span>Mute</span></div><p>Boils.</p>", "Boils."),
        ("<div class='vse-player-container'>Shows the kettle in use.</div><p>Boils.</p>", "Boils."),
        ("<a href='/big.jpg'>View larger</a><p>Boils.</p>", "Boils."),
        ("<p>Boils.</p><span class='a-button'><span>Add to Cart</span></span>", "Boils."),
        ("<p>Boils.</p><a class='a-expander-prompt'>Lire la suite</a>", "Boils."),
        ("<img src='picture.jpg'>", "From the manufacturer"),
    ],
)
def test_what_works_the_page_is_no_content_of_the_manufacturer(block: str, read: str) -> None:
    assert product(f'<div id="aplus"><h2>From the manufacturer</h2>{block}</div>').a_plus == read


def test_the_brands_story_is_no_description_by_the_manufacturer_where_there_is_one() -> None:
    story = '<div id="aplusBrandStory_feature_div"><div id="aplus">From the brand</div></div>'
    own = '<div id="aplus_feature_div"><div id="aplus">Double walls</div></div>'
    assert product(story + own).a_plus == "Double walls"
    assert product(story).a_plus == "From the brand"


_FAMILY = (
    '<script>var data = {"colorImages": {}, "parentAsin": "B0PARENT01", "dimensionValuesDisplayData" : '
    '{"MC_Assembly_1#B000000002":["Red"],"B000000003":["Blue"]}, "dimensionsDisplay" : ["Color"]}</script>'
)


def test_swatches_print_prices_and_what_cannot_be_had() -> None:
    found = product(
        _FAMILY + '<div id="inline-twister-row-color_name"><ul>'
        '<li data-asin="B000000002" data-initiallyUnavailable="false"><span class="a-price apex-pricetopay-value">$5.00</span></li>'
        '<li data-asin="B000000003" data-initiallyUnavailable="true"></li></ul></div>'
    ).variants
    assert found is not None
    assert [(item.asin, item.price and item.price.amount, item.available) for item in found.items] == [
        ("B000000002", 5, True),
        ("B000000003", None, False),
    ]


def test_the_least_price_of_all_sellers_is_no_price_of_a_swatch() -> None:
    swatch = (
        '<div id="variation_color_name"><ul><li data-defaultasin="B000000002"><span id="color_name_0_price" class="{}">'
        "<span>11 options from $8.99</span></span></li></ul></div>"
    )
    found = product(_FAMILY + swatch.format("a-color-secondary olp-message")).variants
    assert found is not None
    assert [item.price for item in found.items] == [None, None]


def test_a_page_of_the_family_has_chosen_what_its_rows_show() -> None:
    row = '<div id="variation_color_name"><label class="a-form-label">Color:</label><span class="selection">{}</span></div>'
    chosen, prompt = product(_FAMILY + row.format("Blue")), product(_FAMILY + row.format("Select"))
    assert chosen.variants is not None
    assert prompt.variants is not None
    assert (chosen.variants.selected, chosen.color, prompt.variants.selected) == ({"Color": "Blue"}, "Blue", {})


def test_a_package_measures_only_where_the_product_does_not() -> None:
    package = "<tr><th>Package Dimensions</th><td>9 x 9 x 9 inches; 2 Pounds</td></tr>"
    own = "<tr><th>Product Dimensions</th><td>5 x 5 x 5 inches</td></tr>"
    both, alone = (
        product(f'<table id="prodDetails">{package}{own}</table>'),
        product(f'<table id="prodDetails">{package}</table>'),
    )
    assert (both.dimensions, both.weight) == ("5 x 5 x 5 inches", "2 Pounds")
    assert (alone.dimensions, alone.weight) == ("9 x 9 x 9 inches", "2 Pounds")


@pytest.mark.parametrize(
    ("lang", "label", "value", "field", "read"),
    [
        ("es-mx", "Producto en Amazon.com.mx desde", "23 junio 2022", "first_available", "2022-06-23"),
        ("sv-se", "Produktmått \u200f : \u200e", "10 x 4 x 3 cm", "dimensions", "10 x 4 x 3 cm"),
        ("pl-pl", "Kraj pochodzenia", "Polska", "country_of_origin", "Polska"),
        ("tr-tr", "İçindekiler", "Su", "ingredients", "Su"),
        ("tr-tr", "Ürün Model Numarası", "AB-1", "model_number", "AB-1"),
        ("ar-ae", "الشركة المصنعة", "Acme", "manufacturer", "Acme"),
        ("nl-nl", "Datum eerste beschikbaarheid", "5 maart 2022", "first_available", "2022-03-05"),
        ("pt-br", "Dimensões do produto", "9 x 9 x 9 cm", "dimensions", "9 x 9 x 9 cm"),
        ("ja-jp", "Amazon.co.jp での取り扱い開始日", "2022/3/5", "first_available", "2022-03-05"),
        ("de-de", "Produktgewicht inkl. Verpackung", "499 g", "weight", "499 g"),
        ("en-au", "Date First Available at Amazon.com.au", "5 March 2022", "first_available", "2022-03-05"),
    ],
)
def test_labels_of_every_language(lang: str, label: str, value: str, field: str, read: str) -> None:
    found = product(f'<table id="prodDetails"><tr><th>{label}</th><td>{value}</td></tr></table>', lang=lang)
    assert getattr(found, field) == read


@pytest.mark.parametrize(
    ("lang", "byline", "name"),
    [
        ("he-il", "בקר בחנות של Acme", "Acme"),
        ("ko-kr", "Acme 스토어 방문하기", "Acme"),
        ("hi-in", "ब्रांड: Acme", "Acme"),
    ],
)
def test_bylines_of_other_languages_of_a_site(lang: str, byline: str, name: str) -> None:
    found = product(f'<a id="bylineInfo" href="/stores/Acme">{byline}</a>', lang=lang).brand
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("lang", "when", "country"),
    [
        ("en-us", "Reviewed in the United States on May 4, 2020", "United States"),
        ("de-de", "Rezension aus dem Vereinigten Königreich vom 4. Mai 2020", "Vereinigten Königreich"),
        ("de-de", "Rezension aus Japan vom 4. Mai 2020", "Japan"),
        ("it-it", "Recensito nel Regno Unito il 4 maggio 2020", "Regno Unito"),
        ("it-it", "Recensito negli Stati Uniti il 4 maggio 2020", "Stati Uniti"),
        ("es-es", "Reseñado en los Estados Unidos el 4 de mayo de 2020", "Estados Unidos"),
        ("fr-fr", "Commenté aux États-Unis le 4 mai 2020", "États-Unis"),
        ("nl-nl", "Beoordeeld in het Verenigd Koninkrijk op 4 mei 2020", "Verenigd Koninkrijk"),
        ("pt-br", "Avaliado nos Estados Unidos em 4 de maio de 2020", "Estados Unidos"),
        ("sv-se", "Recenserad i Sverige den 4 maj 2020", "Sverige"),
        ("pl-pl", "Recenzja opublikowana w Polsce w dniu 4 maja 2020", "Polsce"),
        ("tr-tr", "Türkiye'de 4 Mayıs 2020'de değerlendirildi", "Türkiye"),
        ("en-us", "on May 4, 2015", None),
    ],
)
def test_the_country_of_a_review(lang: str, when: str, country: str | None) -> None:
    node = f'<div data-hook="review" id="R1"><span data-hook="review-date">{when}</span></div>'
    (review,) = product(f'<div id="cm-cr-dp-review-list">{node}</div>', lang=lang).top_reviews
    assert review.country == country
