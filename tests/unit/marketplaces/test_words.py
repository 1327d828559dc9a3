"""The words of each language: what a file may say, what it must say, and what nobody has written yet."""

import subprocess
import sys
import zipfile
from dataclasses import fields
from pathlib import Path

import pytest
from babel.dates import get_day_names, get_month_names

from azscraper.marketplaces import Phrases, all_phrases, every_phrase, language_of, phrase_pattern, phrases_for

LANGUAGES = sorted(all_phrases())
OPTIONAL = (
    "new",
    "used",
    "rent",
    "to_buy",
    "timed_deal",
    "more_than",
    "month",
    "by",
    "hours",
    "until",
    "unfold",
    "notice",
    "price_labels",
    "ad_from",
    "shop_at",
    "for_keyword",
    "in_category",
    "deliver_to",
)
LACKING = {
    "de": {"shop_at"},
    "ar": {"shop_at"},
    "he": {"for_keyword", "in_category", "shop_at", "until"},
    "hi": {"ad_from", "for_keyword", "in_category", "shop_at", "by", "until"},
    "ja": {"ad_from", "for_keyword", "shop_at", "by", "until"},
    "ko": {"ad_from", "for_keyword", "in_category", "shop_at", "by", "until"},
    "pl": {"shop_at"},
    "tr": {"ad_from", "for_keyword", "in_category", "shop_at", "by"},
    "zh": {"ad_from", "for_keyword", "shop_at", "rent", "by", "until"},
}
"""Kinds that a language has no phrase of. Write them and take them off this list."""
LACKING_LABELS = {"ko": {"package_weight"}}
INTERNATIONAL = {"isbn10", "isbn13", "upc", "ean"}  # spelt alike everywhere: what English prints holds
OTHER_NAMES = {
    "he": {"יום שבת"},  # "שבת" is found in it
    "zh": {f"{number}月" for number in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")}
    | {f"星期{day}" for day in "一二三四五六日"},  # the shop prints 1月 and 周一
}
"""Names of CLDR that our phrases do not begin."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_lacks_what_the_list_says(language: str) -> None:
    words = all_phrases()[language]
    kinds = {field.name for field in fields(Phrases)} - {"language"}
    assert {kind for kind in kinds if not getattr(words, kind)} == LACKING.get(language, set())
    labels = set(all_phrases()["en"].labels) - set(words.labels) - INTERNATIONAL
    assert labels == LACKING_LABELS.get(language, set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_lower_case_cleaned_and_listed_once(language: str) -> None:
    words = all_phrases()[language]
    lists = [getattr(words, field.name) for field in fields(Phrases) if field.name not in {"language", "months"}]
    lists = [found for listed in lists for found in (listed.values() if hasattr(listed, "values") else [listed])]
    for phrases in lists:
        assert all(phrase and phrase == phrase.lower() and "  " not in phrase for phrase in phrases)
        assert len(set(phrases)) == len(phrases)
    assert all(pattern.count("*") == 1 for pattern in words.byline)


def test_no_label_names_two_fields() -> None:
    named: dict[str, str] = {}
    for words in all_phrases().values():
        for field, labels in words.labels.items():
            for label in labels:
                assert named.setdefault(label, field) == field, label


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_and_weekdays_are_those_of_cldr(language: str) -> None:
    words = all_phrases()[language]
    printed = [(name, words.months[number - 1]) for number, name in get_month_names("wide", "format", language).items()]
    printed += [(name, words.weekdays[number]) for number, name in get_day_names("wide", "format", language).items()]
    assert len(words.months) == 12
    assert len(words.weekdays) == 7
    unlike = {name for name, listed in printed if not name.lower().startswith(tuple(listed.split("/")))}
    assert unlike == OTHER_NAMES.get(language, set())


def test_a_spelling_names_one_month_in_all_languages() -> None:
    named: dict[str, int] = {}
    for words in all_phrases().values():
        for number, spellings in enumerate(words.months):
            for spelling in spellings.split("/"):
                assert named.setdefault(spelling, number) == number, spelling


@pytest.mark.parametrize("kind", OPTIONAL)
def test_a_pattern_finds_each_phrase_of_its_kind_and_nothing_in_nothing(kind: str) -> None:
    found = phrase_pattern(kind)
    assert all(found.search(f"… {phrase.strip('|').upper()} …".lower()) for phrase in every_phrase(kind))
    assert found.search("") is None


def test_a_bar_is_the_end_of_a_word() -> None:
    rents, months = phrase_pattern("rent"), phrase_pattern("month")
    assert [bool(rents.search(line)) for line in ("Rent now", "rentals", "current")] == [True, True, False]
    assert [bool(months.search(line)) for line in ("el mes pasado", "mesa")] == [True, False]


def test_own_words_come_first_then_english_then_the_others() -> None:
    assert [row.language for row in phrases_for("de-DE")[:2]] == ["de", "en"]
    assert phrases_for(None)[0].language == "en"
    assert {row.language for row in phrases_for("xx")} == set(LANGUAGES)


def test_the_files_are_read_by_who_needs_them() -> None:
    script = (
        "import azscraper.cli, azscraper.marketplaces.phrases as p; assert p.all_phrases.cache_info().currsize == 0\n"
        "import azscraper.client; assert p.all_phrases.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_files_are_in_the_wheel(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, check=True, capture_output=True, cwd=Path(__file__).parents[3])
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    folder = "azscraper/marketplaces/words/"
    assert {name for name in names if name.startswith(folder)} == {f"{folder}{language}.toml" for language in LANGUAGES}


@pytest.mark.parametrize(
    ("text", "languages", "language"),
    [
        ("Ships from Amazon.ca Sold by Lumen", ("en-CA", "fr-CA"), "en-CA"),
        ("Expédié par Amazon.ca Vendu par Lumen Livraison gratuite", ("en-CA", "fr-CA"), "fr-CA"),
        ("يشحن من أمازون البائع لومن توصيل مجاني", ("en-AE", "ar-AE"), "ar-AE"),
        ("Verzonden door Amazon Verkocht door Lumen Gratis bezorging", ("fr-BE", "nl-BE", "en-GB"), "nl-BE"),
        ("Lumen 9,99", ("fr-BE", "nl-BE", "en-GB"), "fr-BE"),
    ],
)
def test_the_language_of_a_text_that_names_none(text: str, languages: tuple[str, ...], language: str) -> None:
    assert language_of(text, languages) == language
