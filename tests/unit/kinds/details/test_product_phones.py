"""Pages that a phone gets, 2018 to 2026: gallery, family, details, reviews, seller, trail."""

import json

import pytest

from unit.kinds.details.product_page import product

CARDS = """<div id="imageBlock_feature_div"><div id="image-block-row"><ol>
<li><div class="image-size-wrapper"><img data-a-image-name="mainImage" id="main-image" src="data:image/gif;base64,x"
data-a-hires="https://m.media-amazon.com/images/I/11AAAAAAAAA._AC_SX679_.jpg"></div></li>
<li><div class="image-size-wrapper"><img data-a-image-name="altImage" src="https://m.media-amazon.com/images/G/01/transparent-pixel.gif"
data-a-image-source="https://m.media-amazon.com/images/I/22BBBBBBBBB._AC_SX200_.jpg"></div></li>
<li><div class="image-size-wrapper"><img data-a-image-name="altImage"
data-a-dynamic-image='{"https://m.media-amazon.com/images/I/33CCCCCCCCC._AC_SX342_.jpg":[342,342]}'></div></li>
<li><div class="video-wrapper"><img class="video-thumb" src="https://m.media-amazon.com/images/I/44DDDDDDDDD.jpg"></div></li>
</ol></div></div>"""


def test_the_gallery_of_a_phone() -> None:
    pictures = [
        f"https://m.media-amazon.com/images/I/{name}.jpg" for name in ("11AAAAAAAAA", "22BBBBBBBBB", "33CCCCCCCCC")
    ]
    assert list(product(CARDS).images) == pictures


def state(key: str, value: object) -> str:
    return f"""<script type="a-state" data-a-state='{{"key":"{key}"}}'> {json.dumps(value)} </script>"""


MEMBERS = {"0:0": "B000000001", "0:1": "B000000002", "1:1": "B000000003"}
VALUES = {"size_name": ["S", "M"], "color_name": ["Rot", "Blau"]}


@pytest.mark.parametrize("prefix", ["twister-plus-mobile-", "mobile-"])
def test_the_family_of_a_phone_is_named_by_places(prefix: str) -> None:
    family = product(
        state(f"{prefix}inline-twister-dims-to-asin-list", MEMBERS)
        + state(f"{prefix}inline-twister-dim-val-list", VALUES)
        + state("mobile-inline-twister-dim-list", {"key": ["color_name", "size_name"]})
        + state(
            "twister-plus-mobile-inline-twister",
            {"dimensionDisplayText": {"color_name": "Farbe", "size_name": "Größe"}},
        )
    ).variants
    assert family is not None
    assert family.dimensions == ("Farbe", "Größe")
    assert family.selected == {"Farbe": "Rot", "Größe": "S"}
    assert [(item.asin, *item.values.values()) for item in family.items] == [
        ("B000000001", "Rot", "S"), ("B000000002", "Rot", "M"), ("B000000003", "Blau", "M"),
    ]  # fmt: skip


@pytest.mark.parametrize("members", [[], {"x": "B000000002"}, {"0": 7}, "B000000002"])
def test_states_of_another_shape_name_no_family(members: object) -> None:
    states = state("mobile-inline-twister-dims-to-asin-list", members) + state(
        "mobile-inline-twister-dim-val-list", VALUES
    )
    assert product(states).variants is None


TABLE = '<table class="prodDetTable"><tr><th>{}</th><td>{}</td></tr></table>'


@pytest.mark.parametrize(
    "block",
    [
        '<div id="productDetails_secondary_view_div">{}</div>',
        '<div id="productDetailsMobile_feature_div">{}</div>',
        '<div id="technicalSpecificationsMobile">{}</div>',
        '<div id="voyagerNorthstarBTF"><div class="a-expander-content">{}</div></div>',
        "<div>{}</div>",
    ],
)
def test_details_behind_a_tap_are_attributes(block: str) -> None:
    rank = '<ul><li>12位<a href="/gp/bestsellers/kitchen/1">ホーム&amp;キッチン</a></li></ul>'
    record = product(
        block.format(TABLE.format("材質", "ステンレス") + TABLE.format("売れ筋ランキング", rank)), lang="ja-jp"
    )
    assert (record.attributes, record.material) == ({"材質": "ステンレス"}, "ステンレス")
    assert [(one.rank, one.category) for one in record.bestseller_ranks] == [(12, "ホーム&キッチン")]


def test_what_buyers_say_of_the_details_is_none_of_them() -> None:
    form = '<div id="productDetails_feedback_sections">' + TABLE.format("Website (Online)", "URL") + "</div>"
    known = '<div id="prodDetails">' + TABLE.format("Material", "Steel") + "</div>"
    assert product(known + form).attributes == {"Material": "Steel"}


REVIEW = (
    '<{tag} data-hook="review"{outer}><div{inner}><span class="a-profile-name">Ann</span>'
    '<i data-hook="review-star-rating"><span class="a-icon-alt">4.0 out of 5 stars</span></i></div></{tag}>'
)


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        (' id="R1AAAAAAAAAAA"', ""),
        ("", ' id="customer_review-R1AAAAAAAAAAA"'),
        (' id="customer_review_foreign-R1AAAAAAAAAAA"', ""),
    ],
)
def test_reviews_outside_of_any_known_list(outer: str, inner: str) -> None:
    (review,) = product(f'<div id="cm_cr_x">{REVIEW.format(tag="li", outer=outer, inner=inner)}</div>').top_reviews
    assert (review.id, review.author, review.rating) == ("R1AAAAAAAAAAA", "Ann", 4.0)


def test_the_histogram_of_a_phone() -> None:
    meters = "".join(f'<div class="a-meter" aria-valuenow="{share}%"></div>' for share in (70, 15, 8, 2, 5))
    found = product(f'<div id="cm_cr_dp_mb_rating_histogram">{meters}</div>').rating_histogram
    assert found == {"5": 70, "4": 15, "3": 8, "2": 2, "1": 5}


@pytest.mark.parametrize(
    "form",
    [
        '<div id="mobile_buybox"><input name="merchantID" value="A1SELLER"></div>',
        '<div id="mobile_buybox"><input name="items[0.base][merchantId]" value="A1SELLER"></div>',
        state("delivery-block-ajax-params-0", {"merchantId": "A1SELLER", "asin": "B000000001"}),
    ],
)
def test_the_seller_of_a_phone_has_an_id(form: str) -> None:
    line = '<div id="merchant-info">Sold by Ann and Fulfilled by Amazon.</div>'
    seller = product(line + form).seller
    assert seller is not None
    assert (seller.name, seller.id) == ("Ann", "A1SELLER")


@pytest.mark.parametrize(
    ("lang", "more"),
    [
        ("en-us", "More"),
        ("pt-br", "Mais"),
        ("ja-jp", "もっと見る"),
        ("de-de", "Mehr anzeigen"),
        ("fr-fr", "…"),
        ("ko-kr", "더보기"),
    ],
)
def test_the_trail_of_a_phone_is_without_what_unfolds_it(lang: str, more: str) -> None:
    trail = '<a href="/b?node=1">Garden</a><a href="/gp/browse">{}</a><a href="javascript:void(0)">x</a><a href="/b?node=2">Pots</a>'
    record = product(f'<div id="breadcrumb_feature_div">{trail.format(more)}</div>', lang=lang)
    assert [(step.name, step.id) for step in record.categories] == [("Garden", "1"), ("Pots", "2")]
    named = product(f'<div id="breadcrumb_feature_div"><a href="/b?node=1">{more}</a></div>', lang=lang)
    assert len(named.categories) == 1


def test_a_japanese_page_of_2025() -> None:
    review = """<div id="cm_cr-dp_list"><div data-hook="mobley-review-content" id="R1AAAAAAAAAAA"><span class="a-profile-name">Kim</span><div id="customer_review-R1AAAAAAAAAAA">
      <i data-hook="review-star-rating"><span class="a-icon-alt">5つ星のうち5.0</span></i><span data-hook="msrp-avp-badge-linkless">Amazonで購入</span>
      <span data-hook="review-title"><span>良い</span></span><span data-hook="review-date">2023年2月12日に日本でレビュー済み</span><span data-hook="review-body">香る。</span></div></div></div>"""
    promise = """<div id="mir-layout-DELIVERY_BLOCK-slot-PRIMARY_DELIVERY_MESSAGE_LARGE"><span data-csa-c-delivery-price="料 ¥1540" data-csa-c-delivery-time="2月10日 月曜日にお届け">配送料 ¥1540
      <span>2月10日 月曜日</span> にお届け（<span>3 時間 23 分</span>以内にご注文の場合）</span></div>"""
    others = """<div id="dynamic-aod-ingress-box"><div class="a-box-inner"><div><span id="condition-text-block-title-text">最低価格: 新品</span></div><div><span class="aok-offscreen">￥1,430</span></div>
      <div>+ ￥1,540 配送料</div></div><div>3件の出品をすべて比較する</div></div>"""
    header = '<span id="glow-ingress-single-line">台湾にお届け ⌵</span>'
    found = product(header + promise + others + review, host="www.amazon.co.jp", lang="ja-jp")
    assert found.deliver_to is not None
    assert (found.deliver_to.text, found.deliver_to.country) == ("台湾", "TW")
    assert found.delivery is not None
    assert found.delivery.text == "配送料 ¥1540 2月10日 月曜日 にお届け"
    assert found.offers is not None
    assert found.offers.mixed_from is not None
    assert (found.offers.mixed_count, str(found.offers.mixed_from.amount)) == (3, "1430")
    assert [one.verified for one in found.top_reviews] == [True]


def test_pictures_that_a_script_draws() -> None:
    card = '<li><div class="a-image-wrapper a-lazy-loaded" data-a-hires="{0}" data-a-image-source="{0}"></div></li>'
    pictures = [f"https://m.media-amazon.com/images/I/{name}.jpg" for name in ("55EEEEEEEEE", "66FFFFFFFFF")]
    more = "".join(card.format(one.replace(".jpg", "._AC_SX679_.jpg")) for one in pictures)
    assert list(product(CARDS.replace("</ol>", f"{more}</ol>")).images)[-2:] == pictures


def test_details_that_are_no_table() -> None:
    row = '<div class="a-row a-spacing-small po-{}"><div class="a-column a-span5"><span class="a-text-bold">{}</span></div><div class="a-column a-span7"><span>{}</span></div></div>'
    overview = row.format("scent", "香り", "ヒノキ") + row.format("material", "材質", "木")
    bullet = '<li><span class="a-list-item"><span class="a-text-bold">{}: </span><span>{}</span></span></li>'
    rank = (
        '<ul class="zgSalesRankGroup"><li>- 1,234位<a href="/gp/bestsellers/kitchen">ホーム&amp;キッチン</a></li></ul>'
    )
    bullets = bullet.format("Amazon.co.jp での取り扱い開始日", "2012/4/12") + bullet.format("ASIN", "B000000001")
    page = f"""<div id="productOverview_hoc_view_div">{overview}</div>
      <ul id="productDetails_detailBullets_sections">{bullets}<li><span class="a-text-bold">Amazon 売れ筋ランキング:</span>{rank}</li></ul>"""
    found = product(page, host="www.amazon.co.jp", lang="ja-jp")
    assert (found.material, found.attributes["香り"]) == ("木", "ヒノキ")
    assert [(one.rank, one.category) for one in found.bestseller_ranks] == [(1234, "ホーム&キッチン")]
    assert str(found.first_available) == "2012-04-12"
