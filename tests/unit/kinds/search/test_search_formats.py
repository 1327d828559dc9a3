"""Formats with prices, swatches, deals and what badges say of made-up tiles."""

import pytest

from azscraper.records.parts import Category
from azscraper.records.search_parts import Swatch, TileDeal
from unit.kinds.search.search_page import US, classic, modern, price, row


def entry(name: str, asin: str, prices: str, terms: str = "") -> str:
    """A format of a book since 2023: a bold link, the amounts, and for whom an amount of zero is."""
    link = f'<div class="a-row"><a class="a-size-base a-text-bold" href="/Book/dp/{asin}/ref=sr_1_1">{name}</a></div>'
    line = f'<div class="a-row a-size-base a-color-secondary"><span class="a-color-secondary">{terms}</span></div>'
    return f'{link}<div class="a-row"><a href="/Book/dp/{asin}">{prices}</a></div>{line if terms else ""}'


def book(*formats: str, asin: str = "1234567890") -> str:
    own, *others = formats
    others_said = f'<div data-cy="secondary-offer-recipe">{"".join(others)}</div>'
    return modern(asin, prices="", body=others_said).replace(
        '<div data-cy="price-recipe"><div class="a-row">', f'<div data-cy="price-recipe">{own}<div class="a-row">'
    )


def named(got) -> list[tuple[str, str, str | None, str | None]]:
    return [
        (one.name, one.asin, one.price and str(one.price.amount), one.list_price and str(one.list_price.amount))
        for one in got.prices
    ]


def test_each_format_has_the_amounts_under_it() -> None:
    tile = book(
        entry("Paperback", "1234567890", price("$14.49") + price("$27.00", strike=True)),
        entry("Kindle", "B000000002", price("$12.99")),
        entry("Audible Audiobook", "B000000003", price("$0.00") + price("$18.00", strike=True), "Free with a trial"),
        entry("Hardcover", "1234567891", ""),
    )
    got = row(tile)
    assert named(got) == [
        ("Paperback", "1234567890", "14.49", "27.00"),
        ("Kindle", "B000000002", "12.99", None),
        ("Audible Audiobook", "B000000003", None, "18.00"),
        ("Hardcover", "1234567891", None, None),
    ]
    assert str(got.price.amount) == "14.49"
    assert got.prices[1].url == "https://www.amazon.com/dp/B000000002"


def test_a_format_that_is_free_for_all_costs_nothing() -> None:
    tile = book(entry("Paperback", "1234567890", price("$5.00")), entry("Kindle", "B000000002", price("$0.00")))
    assert named(row(tile))[1] == ("Kindle", "B000000002", "0.00", None)


def test_formats_before_2019_are_headings() -> None:
    head = '<a title="Paperback" href="https://www.amazon.com/Book/dp/1234567890/ref=x"><h3>Paperback</h3></a>'
    tile = classic("1234567890", price_row="", body=f'{head}<span class="s-price">$49.99</span>')
    assert named(row(tile)) == [("Paperback", "1234567890", "49.99", None)]


@pytest.mark.parametrize(
    "bold",
    [
        '<a class="a-text-bold" href="/gp/offer-listing/B000000001">2 new</a>',
        '<span class="a-text-bold">EUR 8,70</span>',
        '<a class="a-text-bold" href="/s?k=kettle">More kettles</a>',
    ],
)
def test_other_bold_words_are_no_formats(bold: str) -> None:
    assert row(modern(prices=price("$5.00"), body=bold)).prices == ()


def swatch(asin: str, name: str, extra: str = "") -> str:
    url = f"/Kettle/dp/{asin}/ref=cs_sr_dp_1"
    return f'<div data-csa-c-swatch-url="{url}"><a aria-label="{name}" href="{url}">{extra}</a></div>'


def test_swatches_name_the_members_of_the_family() -> None:
    drawn = '<span style="background-image: url(https://m.media-amazon.com/images/I/51abc._SS36_.jpg)"></span>'
    body = f"""<div class="s-color-swatch-internal-container">{swatch("B000000001", "Black")}{swatch("B000000002", "Blue", drawn)}
      {swatch("B000000002", "Blue")}</div><a class="s-color-swatch-link" href="#">+3 other colors</a>"""
    got = row(modern(body=body))
    assert got.variants == (
        Swatch(asin="B000000001", name="Black"),
        Swatch(asin="B000000002", name="Blue", image="https://m.media-amazon.com/images/I/51abc.jpg"),
    )
    assert got.variant_count == 3


def badge(key: str, label: str, behind: str = "", href: str = "") -> str:
    shown = f'<span id="{key}-label" class="a-badge-label"><span class="a-badge-text">{label}</span></span>'
    supplement = f'<span id="{key}-supplementary" class="a-badge-supplementary-text">{behind}</span>' if behind else ""
    inner = f'<span id="{key}" class="a-badge">{shown}{supplement}</span>'
    return f'<a href="{href}">{inner}</a>' if href else inner


@pytest.mark.parametrize(
    ("label", "behind", "lang", "keyword"),
    [
        ("Amazon's Choice", 'for "gaming laptop"', "en-us", "gaming laptop"),
        ("Amazon's Choice", 'para "tractor"', "es-es", "tractor"),
        ("Escolha da Amazon", "para “mesas”", "pt-br", "mesas"),
        ("Amazon's Choice", "für „wasserkocher“", "de-de", "wasserkocher"),
        ("Choix d'Amazon", "pour « bouilloire »", "fr-fr", "bouilloire"),
        ("Amazonおすすめ", "「電気ケトル」用", "ja-jp", "電気ケトル"),
        ("Amazon's Choice", "for kettles", "en-us", "kettles"),
        ("Amazon's Choice", "", "en-us", None),
    ],
)
def test_the_keyword_of_the_choice(label: str, behind: str, lang: str, keyword: str | None) -> None:
    got = row(modern(body=badge("B000000001-amazons-choice", label, behind)), lang=lang)
    assert (got.amazons_choice_for, got.badges) == (keyword, ("amazons_choice",))


@pytest.mark.parametrize(
    ("label", "name"), [("Overall Pick", "overall_pick"), ("Popular Brand Pick", "amazons_choice")]
)
def test_the_overall_pick_is_not_the_choice(label: str, name: str) -> None:
    got = row(modern(body=badge("B000000001-amazons-choice", label)))
    assert (got.badges, got.amazons_choice_for) == ((name,), None)


@pytest.mark.parametrize(
    ("behind", "lang", "name"),
    [
        ("in Bike Backpacks", "en-gb", "Bike Backpacks"),
        ("- Category Aging", "en-us", "Aging"),
        ("dans Génie logiciel", "fr-fr", "Génie logiciel"),
        ("en Excavadoras de juguete", "es-es", "Excavadoras de juguete"),
        ("em Escrivaninhas", "pt-br", "Escrivaninhas"),
        ("in Wasserkocher", "de-de", "Wasserkocher"),
        ("- カテゴリ 電気ケトル", "ja-jp", "電気ケトル"),
    ],
)
def test_the_category_of_the_best_seller(behind: str, lang: str, name: str) -> None:
    got = row(modern(body=badge("B000000001-best-seller", "Best Seller", behind)), lang=lang)
    assert (got.best_seller_in, got.badges) == (Category(name=name), ("best_seller",))


def test_the_chart_of_the_best_seller() -> None:
    link = "/gp/bestsellers/fashion/6002171011/ref=sr_bs_0_6002171011_1"
    got = row(modern(body=badge("BESTSELLER_B000000001", "Best Seller", "in Socks", link)))
    assert got.best_seller_in == Category(
        name="Socks", id="6002171011", url="https://www.amazon.com/gp/bestsellers/fashion/6002171011"
    )


@pytest.mark.parametrize("text", ["Limited time deal", "Great Indian Festival", "Ends in 03:00:11"])
def test_a_deal_is_what_its_badge_says(text: str) -> None:
    got = row(modern(body=badge("DEAL_B000000001", text, href="/deals?ref=sr")))
    assert got.deal == TileDeal(text=text, url="https://www.amazon.com/deals")


@pytest.mark.parametrize(
    "body",
    [
        badge("DEAL_B000000001", "With Prime"),
        badge("DEAL_B000000002", "Limited time deal"),
        f'<div data-cy="multi-offer-display">{badge("DEAL_B000000001", "Limited time deal")}</div>',
    ],
)
def test_deals_of_members_of_others_and_of_other_offers_are_none(body: str) -> None:
    assert row(modern(body=body), url=US).deal is None


@pytest.mark.parametrize(("classes", "slot"), [("AdHolder", "sponsored_product"), ("", "organic")])
def test_the_slot_of_a_row(classes: str, slot: str) -> None:
    assert row(modern(classes=classes)).slot == slot
