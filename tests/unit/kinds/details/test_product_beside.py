"""What a product page holds beside its facts: formats, documents, certificates, neighbours, opinions."""

import json
from decimal import Decimal

import pytest

from azscraper.records import Product
from unit.kinds.details.product_page import REVIEW, price_tag, product, said

SWATCH = '<li class="swatchElement {chosen}"><a class="a-button-text" href="{href}"><span>{name}</span><br><span class="a-color-secondary">{price}</span></a>{offers}</li>'  # fmt: skip


def test_formats_of_a_work() -> None:
    offers = '<a href="/gp/offer-listing/0000000002?condition=used">20 Used from $3.38</a><a href="/gp/offer-listing/0000000002?condition=new">4 New from $13.00</a>'  # fmt: skip
    page = SWATCH.format(
        chosen="unselected", href="/Kettle/dp/0000000002/ref=tmm_hrd", name="Hardcover", price="$25.96", offers=offers
    )
    page += SWATCH.format(chosen="selected", href="javascript:void(0)", name="Kindle", price="$10.99", offers="")
    page += SWATCH.format(chosen="unselected", href="/x/dp/0000000003", name="Audio CD", price="from $7.00", offers="")
    page += SWATCH.format(chosen="unselected", href="/x/dp/0000000004", name="Stream", price="", offers="")
    found = product(f'<div id="tmmSwatches"><ul>{page}</ul></div>').formats
    assert [(one.format, one.asin, one.price and one.price.amount, one.from_price and one.from_price.amount, one.is_selected) for one in found] == [
        ("Hardcover", "0000000002", Decimal("25.96"), Decimal("3.38"), False),
        ("Kindle", "B000000001", Decimal("10.99"), None, True),
        ("Audio CD", "0000000003", None, Decimal("7.00"), False),
        ("Stream", "0000000004", None, None, False),
    ]  # fmt: skip


def test_formats_of_2011() -> None:
    row = '<tr id="tmm_0000000002" class="{}"><td class="tmm_bookTitle"><a href="/x/dp/0000000002">Hardcover</a></td><td class="price">$11.75</td><td><a href="/gp/offer-listing/0000000002">$9.82</a></td></tr>'  # fmt: skip
    (found,) = product(f"<table>{row.format('activeRow')}</table>").formats
    assert said(found) == {
        "format": "Hardcover", "asin": "0000000002", "price": {"amount": 11.75, "currency": "USD"},
        "from": {"amount": 9.82, "currency": "USD"}, "url": "https://www.amazon.com/dp/0000000002", "isSelected": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("User Manual (PDF)", "manual"),
        ("Guía de aplicación (PDF)", "manual"),
        ("Bedienungsanleitung", "manual"),
        ("取扱説明書", "manual"),
        ("Sicherheitsdatenblatt", "safety"),
        ("معلومات السلامة", "safety"),
        ("Garantie (2 ans)", "warranty"),
        ("Gwarancja", "warranty"),
        ("Product data sheet", "datasheet"),
        ("Productinformatieblad", "datasheet"),
        ("Brochure", None),
    ],
)
def test_what_a_document_is_by_its_title(title: str, kind: str | None) -> None:
    (found,) = product(f'<div id="productDocuments_feature_div"><a href="/a.pdf">{title}</a></div>').documents
    assert found.kind == kind


def test_documents_of_both_layouts() -> None:
    guides = '<div id="productDocuments_feature_div"><a href="https://m.media-amazon.com/images/I/A1.pdf">Guide (PDF)</a><a href="#x">More</a></div>'  # fmt: skip
    assert [said(one) for one in product(guides).documents] == [
        {"title": "Guide (PDF)", "url": "https://m.media-amazon.com/images/I/A1.pdf", "format": "pdf", "kind": "manual"}
    ]
    card = '<div id="buffetServiceCard_feature_div"><a id="product-docs-btf-ingress-0" href="javascript:void(0)">Manual</a><input id="buffet-product-docs-btf-url-0" value="https://m.media-amazon.com/images/I/B1.pdf"><input id="product-docs-btf-list-size" value="1"></div>'  # fmt: skip
    assert [(one.title, one.url) for one in product(card).documents] == [
        ("Manual", "https://m.media-amazon.com/images/I/B1.pdf")
    ]


def test_sustainability_features_and_the_certificates_of_2023() -> None:
    card = '<div class="a-column"><span class="a-text-bold">Recycled materials</span><p class="a-size-base">Half of it.</p><span id="CPF-BTF-Certificate-Card-X"><a>Standard X</a></span></div>'  # fmt: skip
    found = product(f'<div id="climatePledgeFriendly"><p>Trusted.</p>{card}</div>').sustainability
    assert found is not None
    assert said(found) == {"text": "Trusted.", "features": [{"name": "Recycled materials", "text": "Half of it.", "certifier": "Standard X"}]}  # fmt: skip
    old = '<div class="a-column"><a id="CPF-BTF-Certificate-Logo-E"><img alt="EPEAT"></a><div class="a-col-right">EPEAT products are assessed.</div></div>'  # fmt: skip
    found = product(f'<div id="climatePledgeFriendly">{old}</div>').sustainability
    assert found is not None
    assert [said(one) for one in found.features] == [
        {"name": "EPEAT", "text": "EPEAT products are assessed.", "certifier": "EPEAT"}
    ]


def test_an_energy_label() -> None:
    label = '<div id="energyEfficiencyContainerInATF"><img src="https://m.media-amazon.com/images/I/E1.png">E (A to G) <a href="https://m.media-amazon.com/images/I/S1.pdf">Product data sheet</a></div>'  # fmt: skip
    found = product(label).energy_label
    assert found is not None
    assert said(found) == {
        "class": "E", "scale": "A to G", "imageUrl": "https://m.media-amazon.com/images/I/E1.png",
        "productSheetUrl": "https://m.media-amazon.com/images/I/S1.pdf",
    }  # fmt: skip
    assert product('<div id="energyGuide"></div>').energy_label is None


@pytest.mark.parametrize(
    ("lang", "words", "classes", "kind"),
    [
        ("en-us", "Frequently returned item", "", "frequently_returned"),
        ("en-us", "Customers usually keep this item", "", "usually_kept"),
        ("de-de", "Häufig zurückgegebener Artikel", "", "frequently_returned"),
        ("en-us", "Customers usually keep this item", "aok-hidden", None),
        ("en-us", "A badge", "", None),
    ],
)
def test_the_note_on_returns(lang: str, words: str, classes: str, kind: str | None) -> None:
    found = product(f'<div id="NEW_1_nostos_badge" class="{classes}"><div>{words}</div></div>', lang=lang).returns_note
    assert (found and found.kind) == kind


LINK = '<a href="/Cup/dp/{asin}/ref={mark}_1/1">{within}</a>'


def card(asin: str, mark: str, title: str, printed: str) -> str:
    within = f'<img alt="{title}" src="https://m.media-amazon.com/images/I/{asin}._AC_UL160_.jpg">'
    stars = '<i class="a-icon a-icon-star a-star-4-5"><span class="a-icon-alt">4.5 out of 5 stars</span></i>'
    return f"<li>{LINK.format(asin=asin, mark=mark, within=within)}{stars}{price_tag(printed)}</li>"


@pytest.mark.parametrize(
    ("mark", "kind"), [("pd_bxgy_d_sccl", "frequently_bought_together"), ("pd_day0fbt_d_sccl", "buy_it_with")]
)
def test_what_is_bought_together_has_titles_and_prices(mark: str, kind: str) -> None:
    totals = json.dumps({"1": "$5.00", "2": "$6.98", "12": "$11.98"})
    cards = card("B000000001", mark, "Kettle", "$5.00") + card("B000000005", mark, "Cup", "$6.98")
    found = product(
        f"<div id='similarities_feature_div'><div data-price-totals='{totals}'><ul>{cards}</ul></div></div>"
    ).bought_together
    assert found is not None
    assert (found.kind, found.total_price and found.total_price.amount) == (kind, Decimal("11.98"))
    assert [(one.asin, one.title, one.price and one.price.amount, one.position) for one in found.products] == [
        ("B000000005", "Cup", Decimal("6.98"), 1)
    ]
    older = product(f'<div id="sims-fbt"><div>Total price: $11.98</div><ul>{cards}</ul></div>').bought_together
    assert older is not None
    assert older.total_price == found.total_price


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        ("pd_sbs_d", "viewed"),
        ("pd_aw_sim_14", "bought"),
        ("pd_ci_mcx_di", "compare"),
        ("slsr_d_dpds", "similar"),
        ("sspa_dk_detail", "sponsored"),
    ],
)
def test_rows_of_products_beside_this_one(mark: str, kind: str) -> None:
    cards = "".join(card(f"B00000001{place}", mark, f"Cup {place}", f"${place}.50") for place in (1, 2))
    (found,) = product(f"<div><h2>Also liked</h2><ol>{cards}</ol></div>").related
    assert (found.kind, found.title) == (kind, "Also liked")
    assert said(found.products[0]) == {
        "asin": "B000000011", "title": "Cup 1", "price": {"amount": 1.5, "currency": "USD"}, "rating": 4.5, "position": 1,
        "image": "https://m.media-amazon.com/images/I/B000000011.jpg", "url": "https://www.amazon.com/dp/B000000011",
    } | ({"sponsored": True} if kind == "sponsored" else {})  # fmt: skip


def test_a_title_that_a_picture_cuts_is_the_link_s() -> None:
    long = "Cup " * 40
    within = f'<img alt="{long[:120]}" src="https://m.media-amazon.com/images/I/1.jpg">'
    links = LINK.format(asin="B000000011", mark="pd_sbs_d", within=within) + LINK.format(
        asin="B000000011", mark="pd_sbs_d", within=long
    )
    (found,) = product(f"<ul><li>{links}</li></ul>").related
    assert found.products[0].title == long.strip()


SUMMARY = "Buyers find this kettle quick, quiet and well made, and like its price."


def test_what_buyers_say_in_panels() -> None:
    panels = "".join(
        f'<div id="rh_controls_aspect_{place}" aria-label="{mood} aspect"><div>{total} customers mention {name.lower()}, {good} positive, {bad} negative</div><div>They like it.</div></div>'
        for place, (name, mood, total, good, bad) in enumerate(
            [("Noise", "Positive", 35, 34, 1), ("Price", "Negative", 9, 1, 8)]
        )
    )
    buttons = "<div>Noise(35)</div><div>Price(9)</div>"
    found = product(
        f'<div class="celwidget"><h3>Customers say</h3><p>{SUMMARY}</p>{buttons}<div>{panels}</div></div>'
    ).customers_say
    assert found is not None
    assert found.text == SUMMARY
    assert [said(one) for one in found.aspects] == [
        {
            "name": "Noise",
            "sentiment": "positive",
            "mentions": 35,
            "positive": 34,
            "negative": 1,
            "summary": "They like it.",
        },
        {
            "name": "Price",
            "sentiment": "negative",
            "mentions": 9,
            "positive": 1,
            "negative": 8,
            "summary": "They like it.",
        },
    ]


def test_what_buyers_say_in_sheets() -> None:
    link = '<a data-hook="cr-insights-aspect-link" aria-controls="sheet-0" aria-label="Mixed aspect Noise">Noise</a>'
    sheet = '<div id="sheet-0"><div><span>13 customers mention "Noise"</span> <span>7 positive</span> <span>6 negative</span></div><p>They differ.</p></div>'  # fmt: skip
    block = f'<div data-hook="cr-insights-widget-summary"><p>{SUMMARY}</p><p data-hook="cr-insights-ai-generated-text">AI</p></div>'
    found = product(f'<div id="cr-product-insights-cards">{block}{link}{sheet}</div>').customers_say
    assert found is not None
    assert (found.text, [said(one) for one in found.aspects]) == (
        SUMMARY,
        [
            {
                "name": "Noise",
                "sentiment": "mixed",
                "mentions": 13,
                "positive": 7,
                "negative": 6,
                "summary": "They differ.",
            }
        ],
    )


def test_a_review_with_pictures_of_a_variant() -> None:
    more = (
        '<a class="a-profile" href="/gp/profile/amzn1.account.AHXYZABCDE12345/ref=cm_cr">x</a><span data-hook="format-strip-linkless">Color: Red</span>'
        '<span data-hook="linkless-vine-review-badge">Vine</span><img data-hook="review-image-tile" data-src="https://m.media-amazon.com/images/I/71A._SY88.jpg">'
        '<input class="video-url" value="https://m.media-amazon.com/images/I/E1.mp4">'
    )
    page = REVIEW.replace('<span data-hook="avp-badge">', more + '<span data-hook="avp-badge">')
    for block, elsewhere in ((page, False), (page.replace("cm-cr-dp-review-list", "cm-cr-global-review-list"), True)):
        (review,) = product(block).top_reviews
        assert (review.images, review.videos) == (("https://m.media-amazon.com/images/I/71A.jpg",), ("https://m.media-amazon.com/images/I/E1.mp4",))  # fmt: skip
        assert (review.variant, review.is_vine, review.is_global) == ("Color: Red", True, elsewhere)
        assert review.author_id == "amzn1.account.AHXYZABCDE12345"
        assert review.author_url == "https://www.amazon.com/gp/profile/amzn1.account.AHXYZABCDE12345"
        assert review.url == "https://www.amazon.com/gp/customer-reviews/R1"


GALLERY = """<script>'colorImages': { 'initial': [{"hiRes":"https://m.media-amazon.com/images/I/61A._AC_SL1500_.jpg","thumb":"https://m.media-amazon.com/images/I/31A._AC_US40_.jpg",
"large":"https://m.media-amazon.com/images/I/31A._AC_.jpg","main":{"https://m.media-amazon.com/images/I/61A._AC_SX466_.jpg":[466,400],"https://m.media-amazon.com/images/I/61A._AC_SX342_.jpg":[342,290]},
"variant":"MAIN","altText":"Front"}]}, "videos":[{"title":"Boil","url":"https://m.media-amazon.com/images/S/v.mp4","thumb":"https://m.media-amazon.com/t.jpg","mediaObjectId":"v1",
"durationSeconds":92,"videoWidth":"854","videoHeight":"480","groupType":"IB_G1","creatorProfile":{"name":"Ann"}}]</script>"""


def test_pictures_and_films_with_what_the_script_says_of_them() -> None:
    record = product(GALLERY)
    assert [said(one) for one in record.image_details] == [
        {
            "url": "https://m.media-amazon.com/images/I/61A.jpg", "width": 466, "height": 400, "variant": "MAIN", "alt": "Front",
            "thumbnail": "https://m.media-amazon.com/images/I/31A._AC_US40_.jpg",
        }
    ]  # fmt: skip
    (film,) = record.videos
    assert (film.id, film.duration, film.width, film.height, film.kind, film.creator) == (
        "v1",
        92,
        854,
        480,
        "seller",
        "Ann",
    )


@pytest.mark.parametrize(
    ("badge", "choice"),
    [
        ('<span class="ac-keyword-link"><a href="/s/?keywords=x">"red kettle"</a></span>', "red kettle"),
        ('<span class="ac-for-text">in <b>Kettles by Acme</b></span>', "Kettles by Acme"),
        ("", None),
    ],
)
def test_what_amazons_choice_is_for(badge: str, choice: str | None) -> None:
    assert product(f"<div id='acBadge_feature_div'><i>Amazon's Choice</i>{badge}</div>").amazons_choice_for == choice


@pytest.mark.parametrize(
    "words",
    [
        '<i>#1 Best Seller</i> <span class="cat-link">in Kettles</span>',
        "#1 Best Seller in Kettles",
        "#1 Mais vendido em Kettles",
    ],
)
def test_where_a_product_sells_best(words: str) -> None:
    badge = f'<div id="zeitgeistBadge_feature_div"><a class="badge-link" href="/gp/bestsellers/kitchen/3456789/ref=zg_b">{words}</a></div>'
    found = product(badge).best_seller_in
    assert found is not None
    assert (found.name, found.id, found.url) == (
        "Kettles",
        "3456789",
        "https://www.amazon.com/gp/bestsellers/kitchen/3456789",
    )


def test_a_page_without_any_of_it_is_empty() -> None:
    record = product("")
    new = list(Product.model_fields)[list(Product.model_fields).index("related_asins") + 1 : -1]  # all but ``record``
    assert [name for name in new if getattr(record, name) not in (None, (), False)] == []
