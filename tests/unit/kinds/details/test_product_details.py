import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.kinds.details.read import parse_product
from azscraper.parse.document import Document
from unit.kinds.details.product_page import REVIEW, product

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


@pytest.mark.parametrize(
    ("lang", "byline", "name"),
    [
        ("en-us", "Visit the Acme Store", "Acme"),
        ("en-us", "Brand: Acme", "Acme"),
        ("de-de", "Besuche den Acme-Store", "Acme"),
        ("de-de", "Besuchen Sie den Acme-Store", "Acme"),
        ("de-de", "Marke: Acme", "Acme"),
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


@pytest.mark.parametrize(
    ("lang", "byline", "href", "name"),
    [
        ("de-de", "De Acme", "/De-Acme/b?node=1", "De Acme"),
        ("de-de", "De Acme", "/stores/DeAcme/page/1", "De Acme"),
        ("nl-nl", "De Acme Tools Store openen", "/stores/AcmeTools/page/1", "Acme Tools"),
        ("fi-fi", "Siirry myymälään Acme Tools", "/stores/Acme%20Tools/page/1", "Acme Tools"),
        ("fi-fi", "Siirry myymälään Acme", "/stores/OyAcmeAb/page/1", "OyAcmeAb"),
        ("fi-fi", "Merkki: Acme", "/s?k=x&field-keywords=Acme", "Acme"),
        ("fi-fi", "Acme", "/Acme-Works/pages/1", "Acme"),
        ("pt-br", "Visite a loja de Acme", "/stores/AcmeBrasil/page/1", "Acme"),
        ("pt-br", "Visite a loja da Acme", "/stores/AcmeBrasil/page/1", "Acme"),
        ("pt-br", "Visite a loja De Acme", "/stores/DeAcme/page/1", "De Acme"),
        ("pl-pl", "Odwiedź sklep marki Acme", "/stores/Polska/page/1", "Acme"),
    ],
)
def test_a_byline_in_no_phrase_is_judged_by_its_address(lang: str, byline: str, href: str, name: str) -> None:
    found = product(f'<a id="bylineInfo" href="{href}">{byline}</a>', lang=lang).brand
    assert found is not None
    assert found.name == name


def test_a_byline_in_no_phrase_is_never_the_brand_as_it_stands() -> None:
    byline = '<a id="bylineInfo" href="/stores/page/1">Siirry myymälään Acme</a>'
    assert product(byline, lang="fi-fi").brand is None
    table = '<div id="prodDetails"><table><tr><th>Brand</th><td>Acme</td></tr></table></div>'
    found = product(byline + table, lang="fi-fi").brand
    assert found is not None
    assert found.name == "Acme"


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


@pytest.mark.parametrize(
    ("host", "now", "struck", "amounts"),
    [
        ("www.amazon.com", "$1,005.00", "$1,209.50", (1005, 1209.5)),
        ("www.amazon.de", "1.005,00 €", "1.209,50 €", (1005, 1209.5)),
        ("www.amazon.co.jp", "￥1,005", "￥1,209", (1005, 1209)),
        ("www.amazon.in", "₹1,00,500.00", "", (100500, None)),
    ],
)
def test_a_swatch_prints_the_list_price_too(host: str, now: str, struck: str, amounts: tuple[float, float]) -> None:
    listed = (
        f'<span class="a-price a-text-price apex-basisprice-value"><span class="a-offscreen">{struck}</span></span>'
    )
    found = product(
        _FAMILY + '<div id="inline-twister-row-color_name"><ul><li data-asin="B000000002">'
        f'<span class="a-price a-text-price apex-pricetopay-value">{now}</span>{listed if struck else ""}</li></ul></div>',
        host,
    ).variants
    assert found is not None
    first = found.items[0]
    assert (first.price and first.price.amount, first.list_price and first.list_price.amount) == amounts


def test_what_a_bundle_is_made_of() -> None:
    part = '<div class="bundle-comp-title"><a href="/dp/{}?x=1">{}</a></div>'
    record = product(part.format("B000000007", "Kettle") + part.format("B000000008", "Lamp"))
    assert [(one.asin, one.title) for one in record.bundle_items] == [("B000000007", "Kettle"), ("B000000008", "Lamp")]
    assert record.is_bundle
    assert not product("<style>.bundle-comp-title{margin:0}</style>").is_bundle


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
