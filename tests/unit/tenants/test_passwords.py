"""Which passwords are refused, and in which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.errors import InvalidInputError
from azscraper.tenants import passwords

EMAIL = "ann.archer@corp.example"


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("password", "most common"),
        ("PassWord", "most common"),
        ("ｐａｓｓｗｏｒｄ", "most common"),
        ("Password1!", "most common"),
        ("sunshine2031", "most common"),
        ("trustno1!!", "most common"),
        ("_12345678_", "most common"),
        ("12345678", "most common"),
        ("87654321", "most common"),
        ("qwertyuiop", "most common"),
        ("passwort", "most common"),
        ("victoria", "most common"),
        ("aaaaaaaa", "repeats"),
        ("00000000", "repeats"),
        ("abababab", "repeats"),
        ("azscraper", "name of this product"),
        ("AzScraper2026!", "name of this product"),
        ("Ann.Archer@corp.example", "e-mail address"),
        ("ann.archer", "e-mail address"),
        ("ann.archer123", "e-mail address"),
        ("corp.example", "e-mail address"),
    ],
)
def test_what_is_guessed_first_is_refused_in_words(password, words):
    assert words in passwords.problem(password, email=EMAIL)
    with pytest.raises(InvalidInputError, match=words) as caught:
        passwords.require(password, email=EMAIL, field="newPassword")
    assert [detail.field for detail in caught.value.details] == ["newPassword"]


@pytest.mark.parametrize(
    "password",
    [
        "correct horse",
        "correct horse battery",
        "battery staple",
        "a demo password",
        "long enough",
        "47291846",
        "ann.archers kettle",
        "ÄÖÜ ist auch gut",
    ],
)
def test_what_the_examples_use_and_what_is_rare_is_taken(password):
    assert passwords.problem(password, email=EMAIL) is None
    assert passwords.problem(password, email="1@2") is None


@given(st.sampled_from(sorted(passwords.common())), st.text("0123456789!?.-_ ", max_size=4), st.text(max_size=254))
def test_a_common_word_with_digits_and_signs_is_a_common_word(word, more, email):
    for password in (word.upper(), word.title() + more, more + word):
        assert passwords.problem(password, email=email) is not None or not word[-1].isalpha() or not word[0].isalpha()


def test_the_list_has_ten_thousand_of_the_length_that_is_allowed():
    common = passwords.common()
    assert len(common) >= 10_000
    assert all(len(one) >= 8 and one == one.casefold() for one in common)
