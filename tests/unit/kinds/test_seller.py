from pathlib import Path

import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import Asked
from azscraper.kinds.recognise import parse
from azscraper.kinds.seller import SELLER
from azscraper.kinds.testing import check_kind
from azscraper.marketplaces import find
from azscraper.records.seller import SellerOptions

test_seller = check_kind(SELLER, cases=Path(__file__).parents[2] / "cases")

ID = "A2L77EE7U53NWQ"


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (ID, "www.amazon.com"),
        (f" {ID.lower()} ", "www.amazon.com"),
        (f"https://www.amazon.de/sp?seller={ID}", "www.amazon.de"),
        (f"amazon.co.uk/sp?ie=UTF8&seller={ID}&asin=B08N5WRWNW&ref_=dp_merchant_link", "www.amazon.co.uk"),
        (f"https://www.amazon.fr/-/en/sp?seller={ID}&isAmazonFulfilled=1", "www.amazon.fr"),
        (f"https://www.amazon.com/gp/aag/main?ie=UTF8&seller={ID}", "www.amazon.com"),
        (f"https://www.amazon.com/gp/help/seller/at-a-glance.html/?seller={ID}", "www.amazon.com"),
        (f"https://smile.amazon.com/shops/{ID}", "www.amazon.com"),
    ],
)
def test_what_names_a_seller(text, host):
    target = SELLER.resolve(text, find("us"))
    assert (target.key, target.marketplace.host) == (ID, host)
    assert SELLER.address(target) == f"https://{host}/sp?seller={ID}"


@pytest.mark.parametrize(
    "text",
    [
        "B08N5WRWNW",
        "lamps",
        f"https://www.example.com/sp?seller={ID}",
        f"https://www.amazon.de/s?me={ID}",
        "https://www.amazon.de/sp",
        f"https://www.amazon.de.example.com/sp?seller={ID}",
    ],
)
def test_what_names_none(text):
    with pytest.raises(InvalidInputError, match="seller's id"):
        SELLER.resolve(text, find("us"))


def profile(inner, lang="en-us", host="www.amazon.com"):
    page = (
        f"""<html lang="{lang}"><h1 id="seller-name">Shop</h1><div id="seller-profile-container">{inner}</div></html>"""
    )
    (record,) = parse(page.encode(), f"https://{host}/sp?seller={ID}").read.records
    return record


def line(label, value="", address=()):
    rows = "".join(f'<div class="a-row indent-left"><span>{one}</span></div>' for one in address)
    return f'<div class="a-row"><span class="a-text-bold">{label}</span> <span>{value}</span></div>{rows}'


def block(*lines):
    return f'<div id="page-section-detail-seller-info">{"".join(lines)}</div>'


def test_a_seller_that_nobody_rated_has_no_rating_and_not_zero():
    state = '<script type="a-state" data-a-state="{&quot;key&quot;:&quot;%sRatingsData&quot;}">{"ratingCount":0,"star5":0,"star4":0,"star3":0,"star2":0,"star1":0}</script>'
    states = "".join(state % name for name in ("oneMonth", "threeMonth", "twelveMonth", "lifetime"))
    found = profile(
        f'<div id="seller-info-feedback-summary">Just launched</div>{states}<span id="percentFiveStar">0%</span>'
    )
    assert (found.rating, found.rating_count, found.positive_percent, found.rating_period) == (None,) * 4
    assert (found.feedback, found.rating_histogram, found.recent_feedback, found.coverage) == ((), None, (), None)


def test_an_unknown_label_loses_nothing_that_its_form_tells():
    found = profile(
        block(
            line("Νόμιμη επωνυμία:", "Λάμπα"),
            line("ΑΦΜ:", "EL123456789"),
            line("Τηλέφωνο:", "+30 210 0000000"),
            line("Ταχυδρομείο:", "a@example.gr"),
            line("Εξυπηρέτηση:", address=["Οδός 2", "Αθήνα", "GR"]),
            line("Έδρα:", address=["Οδός 1", "Αθήνα", "GR"]),
        ),
        "el-gr",
    )
    assert (found.vat_id, found.phone, found.email) == ("EL123456789", "+30 210 0000000", "a@example.gr")
    assert found.business_name is None
    assert found.business_details["Νόμιμη επωνυμία"] == "Λάμπα"
    assert found.address.lines == ("Οδός 1", "Αθήνα")
    assert (found.customer_service_address.lines, found.address.country) == (("Οδός 2", "Αθήνα"), "GR")


@pytest.mark.parametrize(
    ("lang", "labels"),
    [
        ("en-gb", ("Business Name:", "VAT Number:", "Trade Register Number:", "Business Address:")),
        ("fr-fr", ("Nom commercial :", "Numéro TVA :", "Numéro de registre de commerce :", "Adresse commerciale :")),
        ("it-it", ("Ragione sociale:", "Partita IVA:", "Numero di registro commerciale:", "Indirizzo commerciale:")),
        ("es-es", ("Nombre comercial:", "Número de IVA:", "Número de registro mercantil:", "Dirección comercial:")),
        ("nl-nl", ("Bedrijfsnaam:", "Btw-nummer:", "Handelsregisternummer:", "Bedrijfsadres:")),
        ("pl-pl", ("Nazwa firmy:", "NIP:", "Numer w rejestrze handlowym:", "Adres firmy:")),
        ("sv-se", ("Företagsnamn:", "Momsnummer:", "Organisationsnummer:", "Företagsadress:")),
        ("tr-tr", ("İşletme Adı:", "Vergi numarası:", "MERSİS numarası:", "İşletme Adresi:")),
        ("ar-ae", ("اسم الشركة:", "الرقم الضريبي:", "رقم السجل التجاري:", "عنوان الشركة:")),
    ],
)
def test_labels_of_other_languages(lang, labels):
    name, vat, register, address = labels
    found = profile(
        block(line(name, "X"), line(vat, "1"), line(register, "2"), line(address, "", ["Road", "IT"])), lang
    )
    assert (found.business_name, found.vat_id, found.trade_register_number) == ("X", "1", "2")
    assert (found.address.lines, found.address.country) == (("Road",), "IT")


def test_few_ratings_of_a_year_leave_all_time_in_the_head():
    head = "<i><span class='a-icon-alt'>4.9 out of 5 stars</span></i> <b>98% positive</b> lifetime (123 total ratings)"
    found = profile(f'<div id="seller-info-feedback-summary">{head}</div>')
    assert (found.rating, found.rating_count, found.positive_percent) == (4.9, 123, 98)
    assert found.rating_period == "lifetime"


def test_options_do_not_change_the_address():
    target = SELLER.resolve(ID, find("jp"))
    assert SELLER.next(Asked(target, SellerOptions(lang="ja-JP")), ()).url == f"https://www.amazon.co.jp/sp?seller={ID}"


@pytest.mark.parametrize(
    "stars",
    [
        '<div class="feedback-stars"><i class="a-icon"><span class="a-icon-alt">4 out of 5 stars</span></i></div>',
        '<i class="a-icon a-icon-star a-star-4"><span class="a-icon-alt">4 out of 5 stars</span></i>',
    ],
)
def test_the_stars_of_a_feedback_with_and_without_a_class_of_their_own(stars):
    page = f"""<html lang="en-us"><body><div id="seller-profile-container"><h1 id="sellerName">Lumen</h1><div id="seller-feedback-summary">x</div><table id="feedback-table">
      <tr class="feedback-row"><td>{stars}</td><td><span class="a-text-quote">Fast.</span><div class="feedback-rater">By Ann on March 3, 2020.</div></td></tr></table></div></body></html>"""
    (profile,) = parse(page.encode(), "https://www.amazon.com/sp?seller=A1DEMOSELLER01").read.records
    (one,) = profile.recent_feedback
    assert (one.rating, one.body, one.author, one.date) == (4.0, "Fast.", "Ann", "2020-03-03")
