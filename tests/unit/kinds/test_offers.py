"""Offers: what is a target, how a target is walked, and what its pages come to."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from azscraper.crawl.policy import GiveUp
from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import Asked, Done, Finish, Step
from azscraper.kinds.offers import OFFERS
from azscraper.kinds.recognise import parse
from azscraper.kinds.testing import check_kind
from azscraper.marketplaces import by_host
from azscraper.records import Product
from azscraper.records.offers import OfferRow, OffersOptions, OffersSummary
from azscraper.records.page_parts import BuyingOption
from azscraper.records.pages import Read
from azscraper.records.parts import Condition, Coverage, Money, Offers, OfferState, Seller

CASES = Path(__file__).parents[2] / "cases"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
SITE = by_host("www.amazon.com")
URL = "https://www.amazon.com/gp/product/ajax/aodAjaxMain/?asin=B0DEMO0001"

test_offers = check_kind(OFFERS, cases=CASES)


@pytest.mark.parametrize(
    "text",
    [
        "B0DEMO0001",
        "https://www.amazon.com/dp/B0DEMO0001?aod=1",
        "https://www.amazon.com/gp/offer-listing/B0DEMO0001/ref=dp_olp_new?condition=new",
        "https://smile.amazon.com/-/en/Oakumi-Kettle/dp/B0DEMO0001/ref=sr_1_1?keywords=kettle&qid=1",
        "https://m.amazon.com/gp/aw/ol/B0DEMO0001",
        "/gp/product/ajax/aodAjaxMain/?asin=B0DEMO0001&pc=dp",
    ],
)
def test_what_is_a_target(text):
    assert OFFERS.resolve(text, SITE).key == "B0DEMO0001"


@pytest.mark.parametrize("text", ["kettle", "https://www.amazon.com/s?k=kettle", "https://example.com/dp/B0DEMO0001"])
def test_what_is_none(text):
    with pytest.raises(InvalidInputError):
        OFFERS.resolve(text, SITE)


def asked(**options):
    return Asked(OFFERS.resolve("B0DEMO0001", SITE), OffersOptions.model_validate(options))


def row(name="Kettle House", amount="20", *, state="new", **values):
    fields = {"asin": "B0DEMO0001", "seller": Seller(name=name), "condition": Condition(state=state)}
    return OfferRow(**fields, price=Money(amount=amount, currency="USD"), **values)


def listed(*rows, number=1, total=None, last_page=1):
    summary = OffersSummary(coverage=Coverage(have=len(rows), total=total, complete=False))
    step = Step(f"list:{number}", URL, "offers", optional=True)
    return Done(step, Read(rows, summary, last_page), None, URL, NOW)


def refused(code):
    return Done(Step("list:1", URL, "offers", optional=True), None, code, URL, NOW)


def product(**values):
    url = "https://www.amazon.com/dp/B0DEMO0001"
    return Done(Step("dp", url, "details"), Read((Product(asin="B0DEMO0001", **values),)), None, url, NOW)


def test_the_list_is_asked_for_first_page_after_page():
    wanted = asked(pages=3, conditions=["new", "like_new"])
    first = OFFERS.next(wanted, ())

    assert (first.name, first.optional, first.reads) == ("list:1", True, "offers")
    assert "filters=%7B%22all%22%3Atrue%2C%22new%22%3Atrue%2C%22usedLikeNew%22%3Atrue%7D" in first.url
    assert "pageno=2" in OFFERS.next(wanted, (listed(row(), last_page=5),)).url
    assert OFFERS.next(wanted, (listed(row(), last_page=1),)) == Finish()


@pytest.mark.parametrize("code", ["robots_disallowed", "sign_in_required", "not_found", "parse_error", "blocked"])
def test_behind_a_refused_list_the_product_page_answers(code):
    done = (refused(code),)
    step = OFFERS.next(asked(), done)
    assert (step.name, step.reads, step.optional) == ("dp", "details", False)

    paid = Money(amount="24.99", currency="USD")
    option = BuyingOption(kind="new", price=paid, seller=Seller(name="Amazon.com", is_amazon=True), is_selected=True)
    done += (product(buying_options=(option,), offers=Offers(new_count=7)),)
    assert OFFERS.next(asked(), done) == Finish()

    found = OFFERS.rows(asked(), done)
    assert [(one.price, one.seller.name, one.is_featured) for one in found.records] == [(paid, "Amazon.com", True)]
    reason = code if code in {"robots_disallowed", "sign_in_required"} else "not_served"
    assert found.summary.coverage == Coverage(have=1, total=7, complete=False, reason=reason)
    assert found.summary.source == "product_page"


@pytest.mark.parametrize("code", ["robots_disallowed", "sign_in_required"])
def test_the_refusal_is_the_end_where_the_product_page_answers_nothing(code):
    ended = OFFERS.next(asked(), (refused(code), product(offer_state=OfferState.SEE_ALL_BUYING_OPTIONS)))

    assert isinstance(ended, GiveUp)
    assert ended.code == code


@pytest.mark.parametrize(
    "page",
    [
        product(offer_state=OfferState.UNAVAILABLE),
        product(offer_state=OfferState.SEE_ALL_BUYING_OPTIONS, offers=Offers(used_count=3)),
    ],
)
def test_a_page_that_says_that_there_is_none_or_counts_them_is_an_answer(page):
    done = (refused("robots_disallowed"), page)

    assert OFFERS.next(asked(), done) == Finish()
    assert not OFFERS.rows(asked(), done).summary.coverage.complete


def test_offers_of_all_pages_come_once_and_count_on():
    pinned = row("Boiling Point", is_featured=True, offer_id="A")
    first = listed(pinned, row("Boiling Point", offer_id="A"), row(offer_id="B"), number=1, total=4, last_page=2)
    second = listed(row(offer_id="B"), row("Third", "18", state="good", offer_id="C"), number=2, last_page=2)
    found = OFFERS.rows(asked(pages=2), (first, second))

    assert [(one.position, one.offer_id) for one in found.records] == [(1, "A"), (2, "B"), (3, "C")]
    assert found.summary.counts.model_dump() == {"new": 2, "used": 1, "renewed": 0, "collectible": 0}
    assert found.summary.lowest.used == Money(amount="18", currency="USD")
    assert found.summary.featured == found.records[0]
    assert (found.summary.coverage.have, found.summary.coverage.total) == (3, 4)
    assert not found.summary.coverage.complete


def test_conditions_are_kept_to_whatever_the_page_answers():
    page = listed(row(offer_id="A"), row(state="good", offer_id="B"), row(state="renewed", offer_id="C"))
    kept = OFFERS.rows(asked(conditions=["used", "renewed"]), (page,))

    assert [(one.position, one.offer_id) for one in kept.records] == [(1, "B"), (2, "C")]
    assert kept.summary.filters_applied == ("used", "renewed")


def test_a_page_that_ends_before_its_list_is_no_answer():
    page = b"<html><body><div id='olpOfferListColumn'><div id='olpOfferList'></div></div>"
    assert parse(page, "https://www.amazon.com/gp/offer-listing/B0DEMO0001").kind == "truncated"


def test_a_list_without_offers_is_an_answer_and_one_that_hides_them_is_none():
    empty = (
        b'<div id="aod-container"><div id="aod-offer-list"><input id="aod-total-offer-count" value="%d"></div></div>'
    )

    assert parse(empty % 0, URL).kind == "empty_offers"
    assert parse(empty % 3, URL).kind == "unknown"
    assert parse(empty % 3, f"{URL}&pageno=2").kind == "empty_offers", "behind the last page"


def told(done, **options):
    """What is followed of a target, by field."""
    wanted = asked(**options)
    return {
        field: value.text if value.number is None else (value.number, value.text)
        for sighting in OFFERS.follow(wanted, OFFERS.rows(wanted, done)).sightings
        for field, value in sighting.values.items()
    }


def test_a_list_that_was_read_whole_tells_the_featured_offer_and_the_others():
    pinned = row("Boiling Point", is_featured=True, ships_from="Amazon.com", offer_id="A")
    whole = listed(pinned, row("Kettle House", "18", offer_id="B"), total=2)

    assert told((whole,)) == {
        "price": (20, "USD"),
        "landedPrice": None,
        "seller": "Boiling Point",
        "shipsFrom": "Amazon.com",
        "newCount": (2, None),
        "newFrom": (18, "USD"),
        "usedCount": (0, None),
        "usedFrom": None,
    }
    assert sellers_told((whole,)) == [("Boiling Point", "new", 20, True), ("Kettle House", "new", 18, False), "whole"]


@pytest.mark.parametrize(("options", "total"), [({}, 40), ({"conditions": ["new"]}, 2)])
def test_of_a_part_of_the_list_only_the_featured_offer_is_followed(options, total):
    part = listed(row("Boiling Point", is_featured=True, offer_id="A"), row("Kettle House", "18"), total=total)

    assert set(told((part,), **options)) == {"price", "landedPrice", "seller"}
    assert len(sellers_told((part,), **options)) == 2, "who is there, and nothing of who is not"


def sellers_told(done, **options):
    """Of each offer its seller, condition and price, whether it is the featured one, and last whether these are all."""
    wanted = asked(**options)
    (seen,) = OFFERS.follow(wanted, OFFERS.rows(wanted, done)).offers
    found = [(one.seller, one.condition, one.price, one.is_featured) for one in seen.offers]
    return [*found, "whole"] if seen.is_whole else found


_OFFER = """<div id="aod-container" lang="{}"><div id="aod-offer-list"><input id="aod-total-offer-count" value="1"><div id="aod-offer">
<div id="aod-offer-heading"><h5>{}</h5></div><div id="aod-offer-price"><div id="aod-price-1"><span class="a-price"><span class="a-offscreen">{}</span></span>
<span class="a-size-mini a-color-base">({})</span></div></div><label id="couponText1">{} <a href="/terms">Terms</a></label>
<select name="quantity"><option value="2">2</option><option value="3">3</option></select>
<div id="aod-offer-soldBy"><div class="a-col-right"><a href="/gp/aag/main?seller=A2DEMOSELLER1">Lumen</a></div></div>
<input name="ASIN" value="B0DEMO0001"></div></div></div>"""


@pytest.mark.parametrize(
    ("where", "words", "state", "amount", "per"),
    [
        (("com", "en-us"), ("New", "$1,052.40", "$0.52 / Ounce", "Apply $5 coupon"), "new", "1052.40", (0.52, "Ounce")),
        (("de", "de-de"), ("Gebraucht - Wie neu", "1.052,40 €", "57,14 € / kg", "5 % Coupon"), "like_new", "1052.40", (57.14, "kg")),
        (("fr", "fr-fr"), ("D’occasion - Très bon", "1 052,40 €", "5,20 € / l", "Coupon de 5 €"), "very_good", "1052.40", (5.2, "l")),
        (("co.jp", "ja-jp"), ("中古品 - 良い", "￥1,052", "￥52 / 個", "5%OFFクーポン"), "good", "1052", (52, "個")),
        (("com.tr", "tr-tr"), ("İkinci El - Çok İyi", "1.052,40 TL", "5,20 TL / kg", "5 TL kupon"), "very_good", "1052.40", (5.2, "kg")),
        (("pl", "pl-pl"), ("Używane - Dobry", "1 052,40 zł", "5,20 zł / kg", "Kupon 5%"), "good", "1052.40", (5.2, "kg")),
        (("se", "sv-se"), ("Begagnad - Som ny", "1 052,40 kr", "5,20 kr / kg", "5 % kupong"), "like_new", "1052.40", (5.2, "kg")),
        (("nl", "nl-nl"), ("Tweedehands - Goed", "€ 1.052,40", "€ 5,20 / kg", "5% coupon"), "good", "1052.40", (5.2, "kg")),
        (("ae", "ar-ae"), ("مستعمل - جيد جدًا", "1,052.40 درهم", "5.20 درهم / كجم", "كوبون 5%"), "very_good", "1052.40", (5.2, "كجم")),
        (("in", "en-in"), ("Used - Acceptable", "₹1,05,200.00", "₹52.00 / count", "₹50 coupon"), "acceptable", "105200.00", (52, "count")),
        (("com.br", "pt-br"), ("Usado - Muito bom", "R$ 1.052,40", "R$ 5,20 / kg", "Cupom de R$ 5"), "very_good", "1052.40", (5.2, "kg")),
    ],
)  # fmt: skip
def test_the_terms_of_an_offer_in_every_language(where, words, state, amount, per):
    site, lang = where
    page = _OFFER.format(lang, *words).encode()
    (one,) = parse(page, f"https://www.amazon.{site}/gp/product/ajax/aodAjaxMain/?asin=B0DEMO0001").read.records
    assert (one.condition.state, one.price.amount) == (state, Decimal(amount))
    assert (float(one.unit_price.amount), one.unit_price.per) == per
    assert (one.coupon, one.min_quantity, one.max_quantity) == (words[3], 2, 3)
    assert (one.seller.name, one.seller.id) == ("Lumen", "A2DEMOSELLER1")


_COLUMN = """<html lang="{lang}"><body><div id="olpProductDetails"><h1><div class="olpSubHeadingSection"><span>New offers for</span></div> A Kettle </h1></div>
<div id="olpOfferListColumn"><div class="olpOffer"><span class="olpOfferPrice">{price}</span>
<span class="supersaver"><img alt="Eligible for free shipping with Amazon Prime."></span><h3 class="olpCondition">{state}</h3>
<div class="olpSellerColumn"><p class="olpSellerName"><img src="/images/I/01x.gif"/></p></div>
<div class="olpDeliveryColumn"><p class="olpAvailability"><ul><li><span class="a-list-item"> {stock} <form>
<input name="merchantID" value="{merchant}"><input name="offerListingID" value="key"><input name="ASIN" value="B0DEMO0001">
<div id="promiseBullets"><ul><li><span id="xsecondDeliveryOptionSpan">{promise}</span><span>( order within )</span></li></ul></div></form></span></li>
<li><span class="a-list-item"><a href="#">Rates</a> and <a href="#">returns</a>.</span></li></ul></p></div></div></div><div id="navFooter"></div></body></html>"""


@pytest.mark.parametrize(
    ("where", "merchant", "words", "seller"),
    [
        (("com", "en-us"), "ATVPDKIKX0DER", ("$16.33", "New", "In Stock.", "Free Two-day Shipping: Get it Friday, January 30"), "Amazon.com"),
        (("co.uk", "en-gb"), "A3P5ROKL5A1OLE", ("£16.33", "New", "In stock.", "FREE One-Day Delivery: Friday, 30 January"), "Amazon.co.uk"),
        (("de", "de-de"), "A3JWKAKR8XB7XF", ("EUR 16,33", "Neu", "Auf Lager.", "Lieferung bis Freitag, 30. Januar"), "Amazon.de"),
        (("fr", "fr-fr"), "A1X6FK5RDHNB96", ("EUR 16,33", "Neuf", "En stock.", "Livraison le vendredi 30 janvier"), "Amazon.fr"),
        (("com", "en-us"), "A1OTHERSELLER", ("$16.33", "New", "In Stock.", "Get it Friday, January 30"), None),
    ],
)  # fmt: skip
def test_a_list_of_2013_whose_paragraphs_end_before_their_lists(where, merchant, words, seller):
    price, state, stock, promise = words
    page = _COLUMN.format(lang=where[1], price=price, state=state, stock=stock, promise=promise, merchant=merchant)
    read = parse(page.encode(), f"https://www.amazon.{where[0]}/gp/offer-listing/B0DEMO0001", date(2015, 1, 28)).read
    (one,) = read.records
    assert (one.price.amount, one.availability.text, one.is_prime) == (Decimal("16.33"), stock, True)
    assert [told.text for told in one.deliveries] == [promise]
    assert (one.seller.name if one.seller else None, read.summary.title) == (seller, "A Kettle")


_PANEL_2021 = """<html lang="{lang}"><body><div id="aod-container"><div id="aod-offer-list"><div id="aod-offer"><div id="aod-offer-heading"><h5>{state}</h5></div>
<div id="aod-price-1"><span class="a-price"><span class="a-offscreen">{price}</span></span></div><span><span class="a-color-secondary">{plus}</span></span>
<div id="aod-offer-shipsFrom"><div class="a-col-right"><span>Moon Tech</span><div><span class="aod-ships-from-country"><span>{place}</span></span></div></div></div>
<div id="aod-offer-soldBy"><div class="a-col-right"><a href="/gp/aag/main?seller=A2DEMOSELLER1">Moon Tech</a></div></div>
<input name="ASIN" value="B0DEMO0001"></div></div></div></body></html>"""


@pytest.mark.parametrize(
    ("where", "words", "cost", "country"),
    [
        (("com", "en-us"), ("New", "$24.75", "+ $359.95 shipping", "Ships from United States."), "359.95", "United States"),
        (("de", "de-de"), ("Neu", "24,75 €", "+ 5,99 € Versand", "Versand aus Deutschland."), "5.99", "Deutschland"),
        (("com", "en-us"), ("New", "$24.75", "Details", ""), None, None),
    ],
)  # fmt: skip
def test_what_a_panel_of_2021_adds_to_the_price(where, words, cost, country):
    state, price, plus, place = words
    page = _PANEL_2021.format(lang=where[1], state=state, price=price, plus=plus, place=place).encode()
    (one,) = parse(page, f"https://www.amazon.{where[0]}/gp/product/ajax/aodAjaxMain/?asin=B0DEMO0001").read.records
    assert (one.shipping.amount if one.shipping else None) == (Decimal(cost) if cost else None)
    assert (one.ships_from, one.ships_from_country) == ("Moon Tech", country)
