"""More faults of pages that were seen after the parsers were written, each as the kind that it is of."""

from decimal import Decimal

import pytest

from unit.kinds.details.product_page import REVIEW, product

STARS = '<i class="a-icon a-icon-star-small"><span class="a-icon-alt">{}</span></i>'
LOST = (
    '<span class="a-price"><span class="a-offscreen">1464€</span><span aria-hidden="true"><span class="a-price-whole">14<span class="a-price-decimal">'
    '</span></span><span class="a-price-fraction">64</span><span class="a-price-symbol">€</span></span></span>'
)


def card(inner: str, mark: str = "pd_sim_1_1") -> str:
    link = f'<a href="/dp/B000000002/ref={mark}">Pot</a>'
    return f'<div><h2>Also bought</h2><ol><li class="a-carousel-card">{link}{inner}</li></ol></div>'


@pytest.mark.parametrize(
    "notice", ["The media could not be loaded.", "No se ha podido cargar el contenido multimedia."]
)
def test_a_film_that_did_not_load_is_no_word_of_the_review(notice: str) -> None:
    film = f'<div class="video-block"><span class="cr-media-error-msg"> {notice} </span></div>'
    page = REVIEW.replace('data-hook="review-body">', f'data-hook="review-body">{film}')
    assert page != REVIEW
    assert [one.body for one in product(page).top_reviews] == [one.body for one in product(REVIEW).top_reviews]


@pytest.mark.parametrize(
    ("row", "count"),
    [
        (f'<a>{STARS.format("4,3 de 5 estrellas")} <span class="a-size-small">18.712</span></a>', 18712),
        (f"<div><a>{STARS.format('4.7 out of 5 stars')}</a> 129</div>", 129),
        (f'<span><span class="a-declarative">{STARS.format("4 out of 5 stars")}</span><a>(82)</a></span>', 82),
        (f"<a>{STARS.format('4 out of 5 stars')}</a><span>$9.00</span>", None),
        (STARS.format("4 out of 5 stars"), None),
    ],
)
def test_how_many_rated_a_neighbour_stands_behind_its_stars(row: str, count: int | None) -> None:
    (block,) = product(card(row)).related
    assert [one.rating_count for one in block.products] == [count]


def test_an_amount_that_lost_its_point_is_what_its_parts_say() -> None:
    (block,) = product(card(LOST), host="www.amazon.es", lang="es-es").related
    assert [one.price and one.price.amount for one in block.products] == [Decimal("14.64")]


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        ("pb_allspark_dp_sims_pao_desktop_session_based_d_sccl_2_1", "similar"),
        ("bmx_dp_d_sccl_1_1", "similar"),
        ("d_bmx_dp_a1_sccl_2_1", "similar"),
        ("alex_attr_sims_s_t1", "similar"),
        ("dp_fod_sccl_1", "similar"),
        ("dp_prsubs_d_sccl_1", "similar"),
        ("p13n_ds_purchase_sim_1p_dp_desktop_d_sccl_1_1", "bought"),
    ],
)
def test_rows_of_products_by_newer_names_of_their_links(mark: str, kind: str) -> None:
    assert [block.kind for block in product(card("", mark)).related] == [kind]


@pytest.mark.parametrize(
    ("lang", "label"),
    [
        ("en-us", "Active Ingredients"),
        ("de-de", "Wirkstoffe"),
        ("fr-fr", "Principes actifs"),
        ("ja-jp", "有効成分"),
        ("ar-ae", "المكونات النشطة"),
    ],
)
def test_the_active_ingredients_stand_in_where_no_list_has_all(lang: str, label: str) -> None:
    table = f'<table id="productDetails_feature_div"><tr><th>{label}</th><td>retinol</td></tr>{{}}</table>'
    whole = '<div id="important-information"><div><h4>Ingredients</h4><p>Water, retinol</p></div></div>'
    row = "<tr><th>Ingredients</th><td>Water</td></tr>"
    found = [product(page, lang=lang).ingredients for page in (table.format(""), table.format("") + whole, table.format(row) + whole)]  # fmt: skip
    assert found == ["retinol", "Water, retinol", "Water"]


@pytest.mark.parametrize(
    ("lang", "label"),
    [("en-us", "Whats in the box"), ("en-us", "Included in the Box"), ("pt-br", "Inclusos na caixa")],
)
def test_what_a_device_has_in_its_box(lang: str, label: str) -> None:
    table = f'<table id="productDetails_feature_div"><tr><th>{label}</th><td>Lumbrik speaker, power adapter</td></tr></table>'
    assert product(table, lang=lang).included_components == ("Lumbrik speaker", "power adapter")


def test_a_number_is_nothing_in_a_box() -> None:
    rows = "<tr><th>Included Components</th><td>{}</td></tr>"
    pages = (f'<table id="productDetails_feature_div">{rows.format(said)}</table>' for said in ("1", "2, Lid"))
    assert [product(page).included_components for page in pages] == [(), ("Lid",)]


@pytest.mark.parametrize(
    ("printed", "weight"),
    [
        ("304 g. Actual size and weight may vary by manufacturing process.", "304 g"),
        ("304 gramas. O tamanho e o peso reais podem variar.", "304 gramas"),
        ("1.3 lb. 4 oz.", "1.3 lb. 4 oz."),
        ("1.3 lb. Net", "1.3 lb. Net"),
        ("7.2 oz (205 g) Actual size and weight may vary by configuration", "7.2 oz (205 g)"),
        ("1.3 Pounds Without the Box", "1.3 Pounds Without the Box"),
    ],
)
def test_a_weight_is_without_the_note_behind_it(printed: str, weight: str) -> None:
    table = f'<table id="productDetails_feature_div"><tr><th>Item Weight</th><td>{printed}</td></tr></table>'
    assert product(table).weight == weight


def test_a_value_of_signs_alone_is_none() -> None:
    rows = "<tr><th>Color</th><td>$$$</td></tr><tr><th>Size</th><td>-</td></tr><tr><th>Size</th><td>3 in</td></tr>"
    record = product(f'<table id="productDetails_feature_div">{rows}</table>')
    assert (record.color, record.size) == (None, "3 in")


def test_until_when_to_order_on_older_pages() -> None:
    promise = 'FREE delivery: <b>March 4</b><br><span>Order within <span id="ftCountdown"> 7 mins </span></span>'
    page = f'<div id="buybox"><div id="mir-layout-DELIVERY_BLOCK-slot-DELIVERY_MESSAGE">{promise}</div></div>'
    assert [one.order_within for one in product(page).deliveries] == ["7 mins"]


@pytest.mark.parametrize("words", ["交貨到", "送货到"])
def test_the_place_behind_chinese_words(words: str) -> None:
    header = f'<span id="glow-ingress-line1">{words}</span><span id="glow-ingress-line2">臺灣</span>'
    found = product(header, lang="zh-tw").deliver_to
    assert found is not None
    assert found.text == "臺灣"
