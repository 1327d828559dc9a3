"""Which URLs a channel takes, what of them is shown, and that links in mails can't be made up."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.channels.links import CONFIRM, UNSUBSCRIBE, Links, recipient_of
from azscraper.channels.mail import MailServer
from azscraper.channels.services import Hosts, service_of
from azscraper.errors import InvalidInputError, NotFoundError
from azscraper.tenants.keyring import Keyring

KEYS = Keyring("a secret of at least thirty-two characters")
NEVER = [
    "file",
    "dbus",
    "syslog",
    "rsyslog",
    "exec",
    "json",
    "xml",
    "form",
    "mailto",
    "apprise",
    "irc",
    "windows",
    "ssh",
]


@pytest.mark.parametrize(
    ("url", "type_", "shown"),
    [
        ("slack://T1/A1/secret", "slack", "slack://…"),
        ("SLACK://T1/A1/secret", "slack", "slack://…"),
        ("https://hooks.slack.com/services/T1/A1/secret", "slack", "https://hooks.slack.com/…"),
        ("https://discord.com/api/webhooks/1/secret", "discord", "https://discord.com/…"),
        (
            "https://prod-1.westeurope.logic.azure.com:443/workflows/secret",
            "workflows",
            "https://prod-1.westeurope.logic.azure.com/…",
        ),
        ("tgram://123:secret/1", "tgram", "tgram://…"),
    ],
)
def test_services_with_one_host_for_all(url, type_, shown):
    found = service_of(url, Hosts.SERVICES)
    assert (found.type, found.shown) == (type_, shown)


@pytest.mark.parametrize("url", ["ntfy://ntfy.example.com/secret", "gotifys://me:pw@g.example.com/secret"])
def test_servers_of_ones_own_where_the_operator_allows_them(url):
    with pytest.raises(InvalidInputError, match="AZSCRAPER_CHANNEL_HOSTS"):
        service_of(url, Hosts.SERVICES)
    for hosts in (Hosts.PUBLIC, Hosts.ANY):
        shown = service_of(url, hosts).shown
        assert "secret" not in shown
        assert "pw" not in shown


@pytest.mark.parametrize(
    "url",
    [
        *(f"{scheme}://host.example/x" for scheme in NEVER),
        "https://example.com/hook",
        "https://hooks.slack.com.example.com/services/x",
        "workflows://evil.example/a/b",
        "slack",
        "",
        "slack://a b",
        "slack://" + "a" * 2048,
        "ntfy://",
        "https://[",
    ],
)
def test_all_others_are_refused(url):
    for hosts in (Hosts.SERVICES, Hosts.PUBLIC):
        with pytest.raises(InvalidInputError):
            service_of(url, hosts)


@given(st.text())
def test_any_text_is_a_service_or_an_error(url):
    with suppress(InvalidInputError):
        assert service_of(url, Hosts.ANY).name


def test_a_link_is_good_for_one_thing_alone():
    links = Links("https://a.example", KEYS)
    token = links.mail(CONFIRM, "a" * 24).rpartition("/")[2]
    assert recipient_of(KEYS, CONFIRM, token) == "a" * 24
    for what, changed in ((UNSUBSCRIBE, token), (CONFIRM, "b" + token[1:]), (CONFIRM, token[:-1]), (CONFIRM, "")):
        with pytest.raises(NotFoundError):
            recipient_of(KEYS, what, changed)
    newer = Keyring("another secret of at least thirty-two characters", (KEYS.secret,))
    assert recipient_of(newer, CONFIRM, token) == "a" * 24


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", ("mail.example.com", 587, False, None, "azscraper@mail.example.com", None)),
        (
            "smtps://u%40x.example:p%2Fw@mail.example.com",
            ("mail.example.com", 465, True, "u@x.example", "u@x.example", False),
        ),
        ("smtp://me:pw@mail.example.com:25", ("mail.example.com", 25, False, "me", "azscraper@mail.example.com", True)),
    ],
)
def test_a_mail_server_by_its_url(url, server):
    found = MailServer.of(url, None)
    assert (found.host, found.port, found.tls, found.user, found.sender, found.start_tls) == server
    assert MailServer.of(url, "shop@example.com").sender == "shop@example.com"


@pytest.mark.parametrize(
    "url", ["secret.example", "http://secret.example", "smtp://u:secret@", "smtp://secret:99999999"]
)
def test_a_bad_url_of_a_mail_server_is_not_told(url):
    with pytest.raises(InvalidInputError) as caught:
        MailServer.of(url, None)
    assert "secret" not in caught.value.message
