"""Who may sign up, by setting, by what can connect, and by what was before."""

import pytest

from azscraper.config import load_settings
from azscraper.tenants.sign_ups import Registration, is_left_open, registration_of

PUBLIC = {"AZSCRAPER_PUBLIC_URL": "https://azscraper.corp.test"}
EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing is listened on
PROXIES = {"AZSCRAPER_TRUSTED_PROXIES": "10.0.0.1"}


def named(value):
    return {"AZSCRAPER_REGISTRATION": value}


@pytest.mark.parametrize(
    ("environ", "host", "was_open", "registration", "left_open"),
    [
        ({}, "127.0.0.1", False, "open", False),
        ({}, "127.0.0.7", False, "open", False),
        ({}, "::1", False, "open", False),
        ({}, "localhost", False, "open", False),
        ({}, EVERYWHERE, False, "invite", True),
        ({}, "::", False, "invite", True),
        ({}, "192.168.1.20", False, "invite", True),
        ({}, "azscraper.corp.test", False, "invite", True),
        (PUBLIC, "127.0.0.1", False, "invite", True),
        (PROXIES, "127.0.0.1", False, "invite", True),
        ({}, EVERYWHERE, True, "open", True),
        (PUBLIC, "127.0.0.1", True, "open", True),
        (named("open"), EVERYWHERE, False, "open", False),
        (named("invite"), "127.0.0.1", True, "invite", False),
        (named("closed"), "127.0.0.1", True, "closed", False),
        (named("closed") | PUBLIC, EVERYWHERE, True, "closed", False),
    ],
)
def test_who_may_sign_up(environ, host, was_open, registration, left_open):
    settings = load_settings(environ)
    assert registration_of(settings, host=host, was_open=was_open) is Registration(registration)
    assert is_left_open(settings, host=host) is left_open
