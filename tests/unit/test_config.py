import pytest

from azscraper.config import load_settings
from azscraper.errors import InvalidInputError


def test_nothing_set_gives_the_defaults():
    settings = load_settings({})
    assert settings.database_url is None
    assert settings.crawl_rate == 1.0
    assert settings.obey_robots is True


def test_reads_text_numbers_and_json():
    settings = load_settings(
        {
            "AZSCRAPER_CRAWL_RATE": "2.5",
            "AZSCRAPER_MARKETPLACE_BASE_URL": '{"www.amazon.com": "http://127.0.0.1:1"}',
            "AZSCRAPER_OBEY_ROBOTS": "false",
            "UNRELATED": "x",
        }
    )
    assert settings.crawl_rate == 2.5
    assert settings.marketplace_base_url == {"www.amazon.com": "http://127.0.0.1:1"}
    assert settings.obey_robots is False


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AZSCRAPER_CRAWL_RATE", "fast"),
        ("AZSCRAPER_CRAWL_RATE", "-1"),
        ("AZSCRAPER_CRAWL_RATE", "nan"),
        ("AZSCRAPER_CRAWL_CONCURRENCY", "0"),
        ("AZSCRAPER_MARKETPLACE_BASE_URL", "{not json"),
        ("AZSCRAPER_MARKETPLACE_BASE_URL", "[1]"),
        ("AZSCRAPER_JWT_SECRET", "too short"),
        ("AZSCRAPER_PUBLIC_URL", "azscraper.corp.test"),
        ("AZSCRAPER_PUBLIC_URL", "ftp://azscraper.corp.test"),
        ("AZSCRAPER_PUBLIC_URL", "https:///app"),
        ("AZSCRAPER_PUBLIC_URL", "https://azscraper.corp.test/app"),
        ("AZSCRAPER_PUBLIC_URL", "https://ann:secret@azscraper.corp.test"),
        ("AZSCRAPER_PUBLIC_URL", "https://azscraper.corp.test:99999"),
        ("AZSCRAPER_PUBLIC_URL", "https://[::1"),
        ("AZSCRAPER_TRUSTED_PROXIES", "*"),
        ("AZSCRAPER_TRUSTED_PROXIES", "10.0.0.1, proxy.corp.test"),
        ("AZSCRAPER_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("AZSCRAPER_JWT_SECRET", "s" * 40),
        ("AZSCRAPER_JWT_SECRET", "change me! " * 4),
        ("AZSCRAPER_JWT_SECRET", "0123456789" * 7),
        ("AZSCRAPER_JWT_SECRET", "deadbeef" * 8),
        ("AZSCRAPER_JWT_OLD_SECRETS", "not json"),
    ],
)
def test_a_bad_value_is_named_by_its_variable_and_never_shown(variable, value):
    with pytest.raises(InvalidInputError) as caught:
        load_settings({variable: value})
    assert variable in str(caught.value)
    assert value not in str(caught.value) or value == "0"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://azscraper.corp.test", "https://azscraper.corp.test"),
        ("https://AZscraper.corp.test:8443/", "https://azscraper.corp.test:8443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_public_address_is_kept_as_an_origin(value, expected):
    assert load_settings({"AZSCRAPER_PUBLIC_URL": value}).public_url == expected


def test_trusted_proxies_are_addresses_and_networks():
    assert load_settings({}).trusted_proxies == ()
    settings = load_settings({"AZSCRAPER_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,fd00::/8"})
    assert settings.trusted_proxies == ("127.0.0.1", "10.0.0.0/8", "fd00::/8")


def test_a_choice_that_does_not_exist_is_named_in_plain_words():
    with pytest.raises(InvalidInputError, match=r"^AZSCRAPER_REGISTRATION: must be 'open', 'invite' or 'closed'$"):
        load_settings({"AZSCRAPER_REGISTRATION": "maybe"})


@pytest.mark.parametrize("digits", [32, 64])
def test_random_hex_digits_are_a_good_secret(digits):
    secret = ("0123456789ab" * 6)[:digits]  # with fewer of the sixteen than nearly all random ones have
    assert load_settings({"AZSCRAPER_JWT_SECRET": secret}).jwt_secret.get_secret_value() == secret


def test_secrets_are_hidden():
    secret = "a master secret of at least thirty-two characters"
    settings = load_settings({"AZSCRAPER_JWT_SECRET": secret, "AZSCRAPER_DATABASE_URL": "postgresql://u:pw@h/d"})
    assert secret not in repr(settings)
    assert "pw" not in repr(settings)


def test_settings_are_frozen():
    with pytest.raises(ValueError, match="frozen"):
        load_settings({}).crawl_rate = 5
