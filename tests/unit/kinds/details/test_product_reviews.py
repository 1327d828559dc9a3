"""What buyers say of a product: stars, counts, meters and reviews."""

import pytest

from unit.kinds.details.product_page import REVIEW, product

PRINTED = {"id", "title", "body", "rating", "author", "date", "country", "verified", "helpful"}


def test_what_buyers_say() -> None:
    bars = "".join(
        f'<tr><td><div class="a-meter" aria-valuenow="{share}%"></div></td></tr>' for share in (71, 15, 6, 4, 4)
    )
    record = product(
        '<div id="averageCustomerReviews"><span id="acrPopover" title="4.5 out of 5 stars"></span>'
        '<span id="acrCustomerReviewText">(1,234)</span></div><a id="askATFLink">55 answered questions</a>'
        '<span id="social-proofing-faceout-title-tk_bought">2K+ bought in past month</span>'
        f'<table id="histogramTable">{bars}</table>{REVIEW}'
    )
    assert (record.rating, record.rating_count, record.answered_questions, record.bought_past_month) == (
        4.5,
        1234,
        55,
        2000,
    )
    assert record.rating_histogram == {"5": 71, "4": 15, "3": 6, "2": 4, "1": 4}
    (review,) = record.top_reviews
    assert review.model_dump(include=PRINTED) == {
        "id": "R1", "title": "Good", "body": "Boils.", "rating": 4.0, "author": "Ann", "date": "2023-06-26",
        "country": "United States", "verified": True, "helpful": 12,
    }  # fmt: skip


@pytest.mark.parametrize(
    "meter",
    [
        '<div class="a-meter" aria-valuenow="{}%"></div>',
        '<div class="a-meter" aria-label="{}%"></div>',
        '<div class="a-meter"><div class="a-meter-bar" style="width: {}.19%;"></div></div>',
    ],
)
def test_meters_of_every_year(meter: str) -> None:
    def meters(*shares: int) -> str:
        return "".join(map(meter.format, shares))

    assert product(f'<div id="histogramTable">{meters(71, 15, 6, 4, 4)}</div>').rating_histogram == {
        "5": 71, "4": 15, "3": 6, "2": 4, "1": 4,
    }  # fmt: skip
    assert product(f'<div id="histogramTable">{meters(0, 0, 0, 0, 0)}</div>').rating_histogram is None
    assert product(f'<div id="histogramTable">{meters(71)}</div>').rating_histogram is None


def test_the_rows_of_2013_say_their_share_in_their_titles() -> None:
    rows = "".join(
        f'<div class="fl histoRow{name}" title="{share}% of reviews"><a>x</a></div>'
        for name, share in (("five", 66), ("four", 34))
    )
    empty = "".join(f'<div class="fl histoRow{name}">x</div>' for name in ("three", "two", "one"))
    found = product(f'<div id="revHist-dpReviewsSummaryWithQuotes-B000000001">{rows}{empty}</div>')
    assert found.rating_histogram == {"5": 66, "4": 34, "3": 0, "2": 0, "1": 0}
    assert product(f'<div id="revHist-x">{rows}</div>').rating_histogram is None


def test_an_unreadable_rating_is_named_in_the_warnings() -> None:
    record = product('<span id="acrPopover" title="many stars"></span><span id="acrCustomerReviewText">1.2.3 x</span>')
    assert record.rating is None
    assert record.rating_count is None
    assert record.warnings == ("rating", "ratingCount")


@pytest.mark.parametrize(
    ("head", "section", "count"),
    [
        ("(1.9L)", "193,062 global ratings", 193_062),
        ("(1.9L)", "", 190_000),
        ("(12.3K)", "12,345 global ratings", 12_345),
        ("(12.3K)", "812 global ratings", 12_300),
        ("(4,321)", "4,400 global ratings", 4321),
    ],
)
def test_a_shortened_count_and_the_whole_one(head: str, section: str, count: int) -> None:
    medley = f'<div id="reviewsMedley"><span data-hook="total-review-count">{section}</span></div>'
    assert product(f'<span id="acrCustomerReviewText">{head}</span>{medley}').rating_count == count


def test_the_month_of_a_japanese_line_is_no_count() -> None:
    line = '<span id="social-proofing-faceout-title-tk_bought">過去1か月で5000点以上購入されました</span>'
    assert product(line, lang="ja-jp").bought_past_month == 5000


def test_reviews_of_phones_have_their_author_around_them() -> None:
    found = product(
        '<ul><li><div data-hook="mobley-review-content" id="R1AAAAAAAAAAA"><span class="a-profile-name">Kim</span>'
        '<div id="customer_review-R1AAAAAAAAAAA"><i data-hook="review-star-rating"><span class="a-icon-alt">4.0 out of 5'
        ' stars</span></i><span data-hook="review-title"><span>Fine</span></span><span data-hook="review-date">Reviewed in'
        ' Canada on March 3, 2024</span><span data-hook="review-body">Boils.</span></div></div></li></ul>'
    ).top_reviews
    assert [(one.id, one.author, one.title, one.body, one.rating, one.date, one.country) for one in found] == [
        ("R1AAAAAAAAAAA", "Kim", "Fine", "Boils.", 4.0, "2024-03-03", "Canada")
    ]


@pytest.mark.parametrize(
    ("lang", "when", "country"),
    [
        ("en-us", "Reviewed in the United States on May 4, 2020", "United States"),
        ("de-de", "Rezension aus dem Vereinigten Königreich vom 4. Mai 2020", "Vereinigten Königreich"),
        ("de-de", "Rezension aus Japan vom 4. Mai 2020", "Japan"),
        ("it-it", "Recensito nel Regno Unito il 4 maggio 2020", "Regno Unito"),
        ("it-it", "Recensito negli Stati Uniti il 4 maggio 2020", "Stati Uniti"),
        ("es-es", "Reseñado en los Estados Unidos el 4 de mayo de 2020", "Estados Unidos"),
        ("fr-fr", "Commenté aux États-Unis le 4 mai 2020", "États-Unis"),
        ("nl-nl", "Beoordeeld in het Verenigd Koninkrijk op 4 mei 2020", "Verenigd Koninkrijk"),
        ("pt-br", "Avaliado nos Estados Unidos em 4 de maio de 2020", "Estados Unidos"),
        ("sv-se", "Recenserad i Sverige den 4 maj 2020", "Sverige"),
        ("pl-pl", "Recenzja opublikowana w Polsce w dniu 4 maja 2020", "Polsce"),
        ("tr-tr", "Türkiye'de 4 Mayıs 2020'de değerlendirildi", "Türkiye"),
        ("en-us", "on May 4, 2015", None),
        ("tr-tr", "13 Ağustos 2026 tarihinde Türkiye’de değerlendirildi", "Türkiye"),
        (
            "tr-tr",
            "13 Ağustos 2026 tarihinde Amerika Birleşik Devletleri'nde değerlendirildi",
            "Amerika Birleşik Devletleri",
        ),
        ("zh-tw", "2026年8月13日在美國評論", "美國"),
        ("he-il", "נסקר בארצות הברית ב-13 באוגוסט 2026", "ארצות הברית"),
        ("hi-in", "13 अगस्त 2026 को भारत में समीक्षा की गई", "भारत"),
        ("de-de", "Kommentiert im Vereinigten Königreich am 13. August 2026", "Vereinigten Königreich"),
        ("pl-pl", "Opinia napisana w Polsce dnia 13 sierpnia 2026", "Polsce"),
        ("ar-ae", "تمت المراجعة في الإمارات العربية المتحدة بتاريخ 13 أغسطس 2026", "الإمارات العربية المتحدة"),
    ],
)
def test_the_country_of_a_review(lang: str, when: str, country: str | None) -> None:
    node = f'<div data-hook="review" id="R1"><span data-hook="review-date">{when}</span></div>'
    (review,) = product(f'<div id="cm-cr-dp-review-list">{node}</div>', lang=lang).top_reviews
    assert review.country == country


FEATURE = (
    '<div id="cr-summarization-attribute-" data-hook="cr-summarization-attribute"><div class="a-col-left"><span>{}</span></div>'
    '<div class="a-col-right"><i><span class="a-icon-alt">{}</span></i><span class="a-color-tertiary">{}</span></div></div>'
)


@pytest.mark.parametrize(
    ("lang", "name", "said"),
    [("en-us", "Durability", "4.8"), ("de-de", "Haltbarkeit", "4,8"), ("ja-jp", "耐久性", "4.8")],
)
def test_the_stars_of_a_feature(lang: str, name: str, said: str) -> None:
    rows = FEATURE.format(name, said, said) + FEATURE.format("?", "", "")
    (found,) = product(f'<div id="cr-summarization-attributes-list">{rows}</div>', lang=lang).feature_ratings
    assert (found.name, found.rating) == (name, 4.8)
