"""Reviews: what is a target, how a target is walked, and what its pages come to."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import orjson
import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.details import DETAILS
from azscraper.kinds.kind import Asked, Done, Finish, Found, Step
from azscraper.kinds.observations import ReviewSeen
from azscraper.kinds.recognise import parse
from azscraper.kinds.reviews import REVIEWS
from azscraper.kinds.testing import check_kind
from azscraper.marketplaces import by_host
from azscraper.records import Product
from azscraper.records.pages import Read
from azscraper.records.parts import Coverage, Review
from azscraper.records.reviews import ReviewRow, ReviewsOptions, ReviewsSummary

CASES = Path(__file__).parents[2] / "cases"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
SITE = by_host("www.amazon.com")
LIST = "https://www.amazon.com/product-reviews/B0DEMO0001"

test_reviews = check_kind(REVIEWS, cases=CASES)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("B0DEMO0001", "B0DEMO0001"),
        ("https://www.amazon.com/Oakumi/dp/B0DEMO0001/ref=sr_1_1?keywords=kettle", "B0DEMO0001"),
        (LIST, "B0DEMO0001?"),
        (f"{LIST}/ref=cm_cr_arp_d_viewopt?ie=UTF8&filterByStar=critical&pageNumber=2&tag=x", "B0DEMO0001?filterByStar=critical&pageNumber=2"),
        ("https://www.amazon.com/Oakumi-Kettle/product-reviews/B0DEMO0001?sortBy=recent", "B0DEMO0001?sortBy=recent"),
    ],
)  # fmt: skip
def test_what_is_a_target(text, key):
    target = REVIEWS.resolve(text, SITE)

    assert target.key == key
    first = REVIEWS.next(Asked(target, ReviewsOptions()), ())
    assert REVIEWS.resolve(first.url, SITE) == target


@pytest.mark.parametrize("text", ["kettle", "https://www.amazon.com/s?k=kettle", "https://example.com/product-reviews/B0DEMO0001"])  # fmt: skip
def test_what_is_none(text):
    with pytest.raises(InvalidInputError):
        REVIEWS.resolve(text, SITE)


def asked(text="B0DEMO0001", **options):
    return Asked(REVIEWS.resolve(text, SITE), ReviewsOptions.model_validate(options))


def product(*reviews, **values):
    url = "https://www.amazon.com/dp/B0DEMO0001"
    record = Product(asin="B0DEMO0001", top_reviews=reviews, **values)
    return Done(Step("dp", url, "details"), Read((record,)), None, url, NOW)


def listed(*ids, number=1, total=None, last_page=None):
    rows = tuple(ReviewRow(id=key, asin="B0DEMO0001", title="listed", page=number) for key in ids)
    summary = ReviewsSummary(review_count=total, coverage=Coverage(have=len(ids), total=total, complete=False))
    return Done(Step(f"list:{number}", LIST, "reviews"), Read(rows, summary, last_page), None, LIST, NOW)


def refused(code, number=1):
    return Done(Step(f"list:{number}", LIST, "reviews", optional=True), None, code, LIST, NOW)


def test_the_product_page_comes_first_and_the_list_may_fail():
    first = REVIEWS.next(asked(), ())
    second = REVIEWS.next(asked(), (product(),))

    assert (first.name, first.reads, first.optional) == ("dp", "details", False)
    assert (second.url, second.reads, second.optional) == (LIST, "reviews", True)
    assert REVIEWS.next(asked(), (product(), refused("robots_disallowed"))) == Finish()


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ({"stars": "1"}, "filterByStar=one_star"),
        ({"stars": "critical", "sort": "recent"}, "filterByStar=critical&sortBy=recent"),
        ({"verifiedOnly": True}, "reviewerType=avp_only_reviews"),
        ({"pages": 2}, ""),
    ],
)
def test_what_only_the_list_answers_is_asked_of_the_list(options, query):
    step = REVIEWS.next(asked(**options), ())

    assert (step.reads, step.optional) == ("reviews", False)
    assert step.url.partition("?")[2] == query


def test_the_address_of_a_list_wins_over_options_and_goes_on_from_its_page():
    wanted = asked(f"{LIST}?filterByStar=critical&pageNumber=3", stars="5", pages=2)
    first = REVIEWS.next(wanted, ())
    second = REVIEWS.next(wanted, (listed("R1", number=1),))

    assert first.url == f"{LIST}?filterByStar=critical&pageNumber=3"
    assert second.url == f"{LIST}?filterByStar=critical&pageNumber=4"
    assert (first.optional, second.optional) == (False, True)
    assert REVIEWS.next(wanted, (listed("R1", last_page=1),)) == Finish()


@pytest.mark.parametrize(
    ("code", "reason"), [("robots_disallowed",) * 2, ("sign_in_required",) * 2, ("not_found", "not_served")]
)
def test_without_the_list_the_reviews_of_the_product_page_are_the_answer(code, reason):
    printed = (Review(id="R1", author="Kim", rating=4), Review(id="R2", is_global=True))
    found = REVIEWS.rows(asked(), (product(*printed, rating=4.3, review_count=90), refused(code)))

    assert [(row.id, row.kind, row.asin, row.position) for row in found.records] == [
        ("R1", "local", "B0DEMO0001", 1),
        ("R2", "foreign", "B0DEMO0001", 2),
    ]
    assert (found.summary.source, found.summary.rating) == ("product_page", 4.3)
    assert found.summary.coverage == Coverage(have=2, total=90, complete=False, reason=reason)


def test_each_review_comes_once_those_of_the_list_first():
    printed = (Review(id="R2", title="printed"), Review(id="R9", title="printed", is_global=True))
    found = REVIEWS.rows(asked(), (product(*printed), listed("R1", "R2", total=2)))

    assert [(row.id, row.title) for row in found.records] == [("R1", "listed"), ("R2", "listed"), ("R9", "printed")]
    assert found.summary.source == "both"
    assert found.summary.coverage.complete


def test_a_later_page_that_is_refused_leaves_an_answer_with_its_reason():
    found = REVIEWS.rows(asked(pages=3), (listed("R1", total=40), refused("sign_in_required", 2)))

    assert found.summary.coverage == Coverage(have=1, total=40, complete=False, reason="sign_in_required")


@pytest.mark.parametrize(
    "body",
    [
        b'["script","x"]\n&&&\n["append","#cm_cr-review_list"]\n&&&\n[1',
        b'["update","#cm_cr-review_list",7]&&&{"a":1}&&&["append","#cm_cr-review_list",""]',
        orjson.dumps(["append", "#cm_cr-review_list", "\ud83d".encode("utf-8", "replace").decode()]) + b"&&&",
    ],
)
@pytest.mark.parametrize("media_type", ["application/json", "text/html"])
def test_commands_that_draw_nothing_are_a_list_without_reviews(body, media_type):
    assert parse(body, LIST, media_type=media_type).kind == "empty_reviews"


def test_an_answer_below_a_review_has_no_say_in_its_author():
    review = """<div id="cm_cr-review_list"><div data-hook="review" id="R1AAAAAAAAAAAA">
      <i data-hook="review-star-rating"><span class="a-icon-alt">4.0 out of 5 stars</span></i>
      <span class="a-profile-name">Kim</span><span class="c7y-badge-text">VINE VOICE</span>
      <div class="review-comments"><span class="a-profile-name">Maker</span><span class="c7y-badge-text">MANUFACTURER</span></div></div></div>"""
    row = parse(review.encode(), LIST).read.records[0]

    assert (row.author, row.author_badges) == ("Kim", ("VINE VOICE",))


def test_reviews_with_stars_and_a_day_are_followed():
    target = REVIEWS.resolve("B0DEMO0001", SITE)
    rows = [
        ReviewRow(
            marketplace=SITE.host, url=LIST, id="R1", asin="B0DEMO0001", rating=2.0, date="2026-11-29", title="Broke"
        ),
        ReviewRow(marketplace=SITE.host, url=LIST, id="R2", asin="B0DEMO0001", rating=None, date="2026-11-29"),
        ReviewRow(marketplace=SITE.host, url=LIST, id="R3", asin="B0DEMO0001", rating=1.0, date=None),
        ReviewRow(marketplace=SITE.host, url=LIST, id="R4", asin="B0DEMO0001", rating=1.0, date="soon"),
    ]
    found = Found(rows, fetched_at=NOW)
    expected = ReviewSeen(SITE.host, "B0DEMO0001", "R1", Decimal(2), date(2026, 11, 29), "Broke", NOW)
    assert REVIEWS.follow(Asked(target, ReviewsOptions()), found).reviews == (expected,)
    product = Product(
        marketplace=SITE.host,
        url=LIST,
        asin="B0DEMO0001",
        top_reviews=(Review(id="R1", rating=2.0, date="2026-11-29", title="Broke"),),
    )
    found = Found([product], fetched_at=NOW)
    assert DETAILS.follow(Asked(target, DETAILS.options()), found).reviews == (expected,)


_OF_A_PHONE = (
    '<html lang="{}"><body><div id="cm_cr-review_list"><div data-hook="mobley-review-content"><span class="a-profile-name">Kim</span>'
    '<div id="customer_review-R1AAAAAAAAAAA"><i data-hook="review-star-rating"><span class="a-icon-alt">{}</span></i>'
    '<span data-hook="review-title"><span>Fine</span></span><span data-hook="review-date">{}</span>'
    '<span data-hook="avp-badge">x</span><span data-hook="review-body">Boils.</span></div></div></div></body></html>'
)


@pytest.mark.parametrize(
    ("site", "lang", "stars", "when", "country"),
    [
        ("com", "en-us", "4.0 out of 5 stars", "Reviewed in Canada on March 3, 2025", "Canada"),
        ("co.jp", "ja-jp", "5つ星のうち4.0", "2025年3月3日に日本でレビュー済み", "日本"),
        ("com.br", "pt-br", "4,0 de 5 estrelas", "Avaliado no Brasil em 3 de março de 2025", "Brasil"),
        ("com.tr", "tr-tr", "5 yıldız üzerinden 4,0", "3 Mart 2025 tarihinde Türkiye'de değerlendirildi", "Türkiye"),
        ("eg", "ar-eg", "4.0 من 5 نجوم", "تمت المراجعة في مصر في 3 مارس 2025", "مصر"),
    ],
)
def test_the_list_of_a_phone(site, lang, stars, when, country):
    page = _OF_A_PHONE.format(lang, stars, when).encode()
    (row,) = parse(page, f"https://www.amazon.{site}/product-reviews/B000000001").read.records
    assert (row.id, row.author, row.title, row.body) == ("R1AAAAAAAAAAA", "Kim", "Fine", "Boils.")
    assert (row.rating, row.date, row.country, row.verified) == (4.0, "2025-03-03", country, True)


_BARE = """<html lang="en-gb"><body><table id="productReviews"><tr><td><a name="R1AAAAAAAAAAAA"></a><br>
<div><div>2 of 2 people found the following review helpful</div><div><span {stars}><span>4.0 out of 5 stars</span></span>
<span><b>Gripping!</b>, <nobr>24 Nov 2013</nobr></span></div><div><div>By <a href="/gp/pdp/profile/A1DEMO00000001"><span>Kim</span></a></div></div>
<div class="tiny"><span class="crVerifiedStripe"><b>Amazon Verified Purchase</b></span></div>
Boils.<br>And <i>fast</i>.<div><a name="R1AAAAAAAAAAAA.2115.Helpful.Reviews"> </a>Was this helpful?</div></div></td></tr></table></body></html>"""


@pytest.mark.parametrize(
    "stars", ['class="swSprite s_star_4_0 " title="4.0 out of 5 stars"', 'title="4.0" class="x s_star_4_0"']
)
def test_the_text_of_a_review_of_2013_stands_bare(stars):
    (row,) = parse(
        _BARE.format(stars=stars).encode(), "https://www.amazon.co.uk/product-reviews/B000000001"
    ).read.records
    assert (row.id, row.asin, row.author, row.title) == ("R1AAAAAAAAAAAA", "B000000001", "Kim", "Gripping!")
    assert (row.body, row.rating, row.date) == ("Boils. And fast.", 4.0, "2013-11-24")
    assert (row.verified, row.helpful, row.author_id) == (True, 2, "A1DEMO00000001")
