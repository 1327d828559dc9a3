"""Amounts of a tile that are no price to own it: loans, memberships, trials, subscriptions, what plays only."""

from decimal import Decimal

import pytest

from azscraper.kinds.search.read import parse_search
from azscraper.parse.document import Document
from azscraper.records import SearchRow

HEAD = '<h2><a href="/dp/B000000001">Kettle songs</a></h2>'


def row(tile: str) -> SearchRow:
    page = f'<html lang="en-us"><body>{tile}</body></html>'
    url = "https://www.amazon.com/s?k=kettle"
    (only,) = parse_search(Document(page.encode(), url), url).rows
    return only


def modern(recipe: str, secondary: str = "") -> SearchRow:
    return row(f"""<div data-component-type="s-search-result" data-asin="B000000001">{HEAD}
      <div data-cy="price-recipe">{recipe}</div><div data-cy="secondary-offer-recipe">{secondary}</div></div>""")


def amount(shown: str) -> str:
    return f'<span class="a-price"><span class="a-offscreen">{shown}</span></span>'


def terms(line: str) -> str:
    return f'<div class="a-row a-size-small a-color-secondary"><span>{line}</span></div>'


@pytest.mark.parametrize("sentence", ["Or $9.49 to buy MP3", "Oder $9.49 zum Kauf", "o $9.49 para comprar"])
def test_what_plays_only_is_priced_by_its_sentence(sentence: str) -> None:
    got = modern(
        "<a>Listen with a subscription</a>", f'<div class="a-row a-color-secondary"><span>{sentence}</span></div>'
    )
    assert got.price.amount == Decimal("9.49")


def test_other_sentences_price_nothing() -> None:
    assert modern("", '<div class="a-row"><span>More Buying Choices $3.00</span></div>').price is None
    offers = '<div class="a-row">To buy: $3.00 <a href="/gp/offer-listing/B000000001/">(2 new offers)</a></div>'
    assert modern("", offers).price is None


def test_free_for_members_is_no_price() -> None:
    free = f'<div class="a-row"><a href="/dp/B000000001">{amount("$0.00")}</a></div>'
    assert modern(free + terms("Free with a trial")).price is None
    assert modern(
        free + terms("Free with membership"), '<div class="a-row">Or $2.99 to buy</div>'
    ).price.amount == Decimal("2.99")
    assert modern(free).price.amount == 0
    assert modern(free + terms(" ")).price.amount == 0


def test_free_for_members_before_there_were_price_blocks() -> None:
    line = '<div class="a-row a-size-base a-color-secondary"><span>Or $4.99 to buy</span></div>'
    tile = f'<div data-component-type="s-search-result" data-asin="B000000001">{HEAD}{amount("$0.00")}{terms("Free with membership")}{line}</div>'
    assert row(tile).price.amount == Decimal("4.99")


def test_a_loan_is_no_price() -> None:
    words = '<span class="a-size-base a-color-base">{}</span>'
    loan = (
        f'<a href="/dp/B000000001">{amount("$34.37")}<span class="a-letter-space"></span>{words.format("to rent")}</a>'
    )
    bought = f'<a href="/dp/B000000001">{words.format("$69.99")} {words.format("to buy")}</a>'
    assert modern(loan + bought).price.amount == Decimal("69.99")
    assert modern(loan).price.amount == Decimal("34.37")
    assert modern(loan.replace("to rent", "each") + bought).price.amount == Decimal("34.37")


def test_a_unit_price_in_brackets_stands_behind_the_price() -> None:
    unit = '<span class="a-size-base a-color-secondary">(7,50 €/unidad)</span>'
    got = modern(f'<a href="/dp/B000000001">{amount("29,99 €")} {unit}</a>').unit_price
    assert (got.amount, got.currency, got.per) == (Decimal("7.50"), "EUR", "unidad")
    assert modern(f"<a>{amount('$5.00')}<span class='a-color-secondary'>(28% off)</span></a>").unit_price is None


def test_a_measure_may_have_brackets_of_its_own() -> None:
    unit = '(<span class="a-price a-text-price"><span class="a-offscreen">R$ 19,40</span></span>/quilograma(s))'
    assert modern(f"<a>{amount('R$ 38,99')} <span>{unit}</span></a>").unit_price.per == "quilograma(s)"


def test_a_subscription_stands_before_the_price() -> None:
    first = '<a href="/dp/B000000001"><span class="s-price">$8.70</span> Subscribe</a><hr class="s-result-divider">'
    once = '<a href="/dp/B000000001"><span class="s-price">$9.16</span></a>'
    got = row(
        f'<li id="result_0" data-asin="B000000001" class="s-result-item"><a href="/dp/B000000001"><h2>Kettle</h2></a>{first}{once}</li>'
    )
    assert got.price.amount == Decimal("9.16")


@pytest.mark.parametrize("rule", ["", '<hr class="a-divider-normal">'])
def test_a_link_to_the_subscription_has_not_the_price_of_one_purchase(rule: str) -> None:
    first = '<a href="/Kettle/dp/B000000001/ref=sr_1_10_sns/1-2?ie=UTF8"><span class="s-price">$3.71</span><span class="a-color-price">($6.18/lb)</span></a>'
    once = '<a href="/Kettle/dp/B000000001/ref=sr_1_10/1-2"><span class="s-price">$3.90</span></a><span class="a-color-price">($6.50/lb)</span>'
    tile = '<li id="result_0" data-asin="B000000001" class="s-result-item">{}<div>{}</div></li>'
    found = row(tile.format(HEAD, first + rule + once))
    assert (found.price.amount, found.unit_price.amount) == (Decimal("3.90"), Decimal("6.50"))
    assert row(tile.format(HEAD, first)).price.amount == Decimal("3.71")
