"""Faults of real pages, each as the kind that it is of: in several languages, and with its relatives."""

from decimal import Decimal

import pytest

from azscraper.records.parts import AvailabilityStatus, OfferState
from unit.kinds.details.product_page import price_tag, product

NO_OFFER = '<div id="buybox"><div id="availability"><span>{}</span></div></div>'


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en-gb", "Temporarily out of stock."),
        ("de-de", "Derzeit nicht auf Lager."),
        ("fr-fr", "Temporairement en rupture de stock."),
        ("nl-nl", "Tijdelijk niet op voorraad."),
        ("ja-jp", "一時的に在庫切れ"),
    ],
)
def test_a_box_that_says_out_of_stock_withholds_nothing(lang: str, line: str) -> None:
    record = product(NO_OFFER.format(line), lang=lang)
    assert record.availability is not None
    assert record.availability.status is AvailabilityStatus.OUT_OF_STOCK
    assert record.offer_state is OfferState.UNAVAILABLE


def test_a_box_without_offer_and_words_withholds_it() -> None:
    assert product('<div id="buybox"></div>').offer_state is OfferState.WITHHELD


FACT = (
    '<ul class="a-nostyle"><li><div class="product-facts-detail"><div class="a-col-left"><span>{}</span></div>'
    '<div class="a-col-right"><span>{}</span></div></div></li></ul>'
)


def test_rows_of_facts_are_attributes_and_the_bullets_beside_them_features() -> None:
    rows = FACT.format("Fabric type", "100% Linen") + FACT.format("Length", "Standard length")
    bullets = '<h3>About this item</h3><ul><li><span class="a-list-item">Breathes well</span></li></ul>'
    record = product(f'<div id="productFactsDesktopExpander"><h3>Product details</h3>{rows}{bullets}</div>')
    assert record.features == ("Breathes well",)
    assert record.attributes == {"Fabric type": "100% Linen", "Length": "Standard length"}
    assert record.material == "100% Linen"


@pytest.mark.parametrize(
    "notice",
    [
        "Global Store items have separate terms and are sold from abroad.",
        "Amazon Global Store: Es gelten andere Bedingungen.",
        "Make sure this fits by entering your model number.",
        "Assurez-vous que cela convient en saisissant votre modèle.",
        "グローバルストア対象商品です。",
    ],
)
def test_a_notice_of_the_shop_is_no_feature(notice: str) -> None:
    record = product(f'<div id="feature-bullets"><ul><li>{notice}</li><li>Boils in a minute</li></ul></div>')
    assert record.features == ("Boils in a minute",)


def struck(label: str, printed: str) -> str:
    return f'<span class="basisPrice">{label} {price_tag(printed, "a-price a-text-price", "data-a-strike=true")}</span>'


@pytest.mark.parametrize(
    ("lang", "labels", "amount", "kind"),
    [
        ("de-de", ("Niedrigster Preis (30 Tage):", "UVP:"), "24.99", "recommended"),
        ("de-de", ("UVP:", "Niedrigster Preis (30 Tage):"), "19.99", "recommended"),
        ("fr-fr", ("Prix le plus bas récent :", "Prix conseillé :"), "24.99", "recommended"),
        ("it-it", ("Prezzo più basso recente:", "Prezzo precedente:"), "24.99", "was"),
        ("en-us", ("Typical price:",), "19.99", "typical"),
        ("en-us", ("List Price:",), "19.99", "list"),
        ("en-in", ("M.R.P.:",), "19.99", "list"),
        ("ja-jp", ("参考価格:",), "19.99", "list"),
        ("es-es", ("Precio recomendado:",), "19.99", "recommended"),
        ("pt-br", ("De:",), "19.99", "list"),
        ("nl-nl", ("Laagste prijs (30 dagen):",), "19.99", "lowest_30_days"),
        ("sv-se", ("Sagt av någon:",), "19.99", None),
    ],
)
def test_the_list_price_is_called_what_the_words_before_it_say(
    lang: str, labels: tuple[str, ...], amount: str, kind: str | None
) -> None:
    prices = [struck(label, printed) for label, printed in zip(labels, ("€19.99", "€24.99"), strict=False)]
    paid = price_tag("€9.99", "a-price priceToPay")
    record = product(f'<div id="corePriceDisplay_desktop_feature_div">{paid}{"".join(prices)}</div>', lang=lang)
    assert record.list_price is not None
    assert (record.list_price.amount, record.list_price_kind) == (Decimal(amount), kind)


def test_the_kind_of_the_list_price_of_older_blocks() -> None:
    block = (
        '<div id="price"><table><tr><td>Was:</td><td><span class="a-text-strike">$12.00</span></td></tr></table></div>'
    )
    assert product(block).list_price_kind == "was"
    assert product('<td>List Price:</td><td id="listPriceValue">$12.00</td>').list_price_kind is None
    assert (
        product("<table><tr><td>List Price:</td><td><s id=listPriceValue>$12</s></td></tr></table>").list_price_kind
        == "list"
    )
    assert product('<div id="corePriceDisplay_desktop_feature_div"></div>').list_price_kind is None


@pytest.mark.parametrize(
    ("line", "amount"), [("+ £0.60 delivery", "0.6"), (" + £2.80 UK delivery", "2.8"), ("+ FREE UK delivery", "0")]
)
def test_shipping_of_a_third_party(line: str, amount: str) -> None:
    sold = f'<div id="soldByThirdParty"><span class="price3P">£6.39</span><span class="shipping3P">{line}</span></div>'
    found = product(f'<div id="buybox">{sold}</div>', host="www.amazon.co.uk", lang="en-gb").delivery
    assert found is not None
    assert found.price is not None
    assert found.price.amount == Decimal(amount)


@pytest.mark.parametrize(
    ("date", "said", "country"),
    [
        ("10 July 2018 - Published on Amazon.com", "", "US"),
        ("10. Juli 2018", "Veröffentlicht auf Amazon.com", "US"),
        ("10 juillet 2018", "Publié sur Amazon.co.uk", "GB"),
    ],
)
def test_reviews_published_on_another_site(date: str, said: str, country: str) -> None:
    review = (
        '<div id="cm-cr-global-review-list"><div id="R2AAAAAAAAAAA" data-hook="cmps-review"><span class="a-profile-name">Bob</span>'
        '<i data-hook="cmps-review-star-rating"><span class="a-icon-alt">5.0 out of 5 stars</span></i>'
        f'<span data-hook="cmps-review-title">Great</span><span data-hook="cmps-review-date">{date}</span>'
        f'<span data-hook="published-on-amzn-text">{said}</span><div data-hook="cmps-review-text">Boils.</div></div></div>'
    )
    (found,) = product(review).top_reviews
    assert (found.id, found.title, found.body, found.rating) == ("R2AAAAAAAAAAA", "Great", "Boils.", 5.0)
    assert (found.date, found.country) == ("2018-07-10", country)


@pytest.mark.parametrize(
    "row",
    [
        '<span class="a-text-bold">{label}</span> <span>{rank}</span>',
        "{label} <span> <span>{rank}</span></span>",
        '<span class="a-text-bold">{label} : </span> {rank}',
    ],
)
@pytest.mark.parametrize(
    ("label", "line", "category"),
    [
        ("Bestseller-Rang", "Nr. 76 in {}", "Teekunde"),
        ("Amazon Bestseller-Rang", "Nr. 1.076 in {}", "Küche"),
        ("Best Sellers Rank", "#76 in {}", "Kettles"),
        ("Clasificación en los más vendidos de Amazon", "nº76 en {}", "Teteras"),
    ],
)
def test_ranks_behind_a_label_without_a_colon(row: str, label: str, line: str, category: str) -> None:
    rank = line.format(f'<a href="/gp/bestsellers/x/1">{category}</a>')
    item = row.format(label=label, rank=rank)
    (found,) = product(f'<div id="detailBulletsWrapper_feature_div"><ul><li><span class="a-list-item">{item}</span></li></ul></div>').bestseller_ranks  # fmt: skip
    assert (found.rank, found.category) == (1076 if "1.076" in line else 76, category)


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Boxed-product Weight", "weight"),
        ("Peso del prodotto confezionato", "weight"),
        ("Ausgangsmaterial", "material"),
        ("Materiale di base", "material"),
        ("主素材", "material"),
    ],
)
def test_labels_of_older_tables(label: str, field: str) -> None:
    table = f'<div id="prodDetails"><table><tr><th>{label}</th><td>x y</td></tr></table></div>'
    assert getattr(product(table), field) == "x y"


def test_the_price_of_an_open_side_row_is_not_taken_with_the_seller_of_the_main_row() -> None:
    rows = "".join(
        f'<div data-a-accordion-row-name="{name}" class="{active}">{price_tag(printed, "a-price priceToPay")}'
        f'<div id="merchant-info">Sold by <a href="/sp?seller={seller}">{seller}</a></div></div>'
        for name, active, printed, seller in (
            ("usedAccordionRow", "a-box a-accordion-active", "$5.00", "A1USED"),
            ("newAccordionRow", "a-box", "$9.00", "A2NEW"),
        )
    )
    centre = f'<div id="corePriceDisplay_desktop_feature_div">{price_tag("$5.00", "a-price priceToPay")}</div>'
    record = product(f'{centre}<div id="buybox">{rows}</div>')
    assert record.price is not None
    assert record.seller is not None
    assert (record.price.amount, record.seller.name) == (Decimal("9.00"), "A2NEW")
