"""Which e-mail addresses are refused, and which are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper import email_addresses


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("an\u200bn@example.com", "invisible"),  # zero width space
        ("ann\u200d@example.com", "invisible"),
        ("ann@exam\u00adple.com", "invisible"),  # soft hyphen
        ("\u202eann@example.com", "invisible"),
        ("ann\ufe0f@example.com", "invisible"),
        ("ann\u3164@example.com", "invisible"),
        ("\u0430nn@example.com", "alphabets"),  # Cyrillic a
        ("ann\u03bf@example.com", "alphabets"),  # Greek omicron
        ('"ann"@example.com', "quotation marks"),  # RFC 5321, 4.1.2: the same mailbox as without them
        ("ann@-\u00fc-.example", "domain"),
        ("ann@\u00fc_x.example", "domain"),
    ],
)
def test_what_looks_like_another_address_is_refused(email, words):
    assert words in email_addresses.problem(email)


@pytest.mark.parametrize(
    ("email", "written", "key"),
    [
        ("Ann@Example.com", "ann@example.com", "ann@example.com"),
        ("a@b.c", "a@b.c", "a@b.c"),
        ("ann@example.com.", "ann@example.com", "ann@example.com"),  # the root's dot
        ("ann@b\u00fccher.example.", "ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("ann@my_host", "ann@my_host", "ann@my_host"),
        ("\uff21nn@example.com", "ann@example.com", "ann@example.com"),  # full-width A
        ("ann@b\u00fccher.example", "ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("ann@XN--Bcher-kva.example", "ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("ann@example\u3002com", "ann@example.com", "ann@example.com"),  # ideographic full stop
        ("stra\u00dfe@example.com", "stra\u00dfe@example.com", "strasse@example.com"),
        (
            "\u0430\u043d\u043d\u0430@example.com",
            "\u0430\u043d\u043d\u0430@example.com",
            "\u0430\u043d\u043d\u0430@example.com",
        ),
        ("\u5c71\u7530hanako@example.jp", "\u5c71\u7530hanako@example.jp", "\u5c71\u7530hanako@example.jp"),
    ],
)
def test_an_address_has_one_form(email, written, key):
    assert email_addresses.problem(email) is None
    assert (email_addresses.written(email), email_addresses.key(email)) == (written, key)


@given(st.text(max_size=260))
def test_any_text_has_a_key_that_is_its_own(text):
    key = email_addresses.key(text)
    assert email_addresses.key(key) == key


@given(st.emails(), st.sampled_from("\u200b\u200d\u00ad\u2060\ufeff"), st.integers(min_value=0))
def test_invisible_characters_and_case_make_no_other_address(email, character, place):
    twin = email[: place % len(email)] + character + email[place % len(email) :]
    assert email_addresses.key(twin.upper()) == email_addresses.key(email)
    assert email_addresses.problem(twin) is not None
