"""Which addresses and URLs a message may go to."""

from ipaddress import ip_address

import pytest

from azscraper.errors import InvalidInputError
from azscraper.webhooks.addresses import is_public
from azscraper.webhooks.outbound import check_url

PUBLIC = ["8.8.8.8", "93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e"]
INSIDE = [
    "0.0.0.0",  # noqa: S104 - nothing listens here
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.9",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", INSIDE)
def test_inside_addresses(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com/hook?key=1",
        "https://example.com:8443/hook",
        "https://hooks.bücher.example/ä",
        "https://8.8.8.8/hook",
        "https://[2606:4700:4700::1111]/hook",
        "https://xn--bcher-kva.example./",
    ],
)
def test_urls_that_will_do(url):
    assert check_url(url, allow_loopback=False) == url


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "host"),
        ("example.com/hook", "host"),
        ("/hook", "host"),
        ("https://", "host|not a URL"),
        ("https:///hook", "host|not a URL"),
        ("https://example.com:99999/", "not a URL"),
        ("https://example.com:0/", "host"),
        ("https://example.com:x/", "not a URL"),
        ("https://[::1/", "not a URL"),
        ("https://exa mple.com/", "not a URL"),
        ("https://example.com\\@127.0.0.1/", "not a URL"),
        ("https://example.com/\r\nX: y", "not a URL"),
        ("https://example.com/\x00", "not a URL"),
        ("https://example.com/" + "x" * 2048, "longer"),
        ("http://example.com/", "https"),
        ("ftp://example.com/", "https|host"),
        ("file:///etc/passwd", "host"),
        ("javascript:alert(1)", "host"),
        ("gopher://example.com:70/", "https|host"),
        ("https://ann@example.com/", "credentials"),
        ("https://ann:secret@example.com/", "credentials"),
        ("https://:@example.com/", "credentials|public"),
        ("https://example.com/#top", "fragment"),
        ("https://localhost/", "public"),
        ("https://LOCALHOST./", "public"),
        ("https://a.localhost/", "public"),
        ("https://127.0.0.1/", "public"),
        ("https://127.1/", "public"),
        ("https://2130706433/", "public"),
        ("https://0x7f000001/", "public"),
        ("https://0177.0.0.1/", "public"),
        ("https://127.0.0.1./", "public"),
        ("https://10.0.0.1/", "public"),
        ("https://169.254.169.254/latest/meta-data/", "public"),
        ("https://[::1]/", "public"),
        ("https://[::ffff:127.0.0.1]/", "public"),
        ("https://[fd00:ec2::254]/", "public"),
        ("https://[fe80::1%25eth0]/", "public|not a URL"),
        ("https://a..b/", "public|not a URL"),
    ],
)
def test_urls_that_are_refused(url, problem):
    with pytest.raises(InvalidInputError, match=problem) as caught:
        check_url(url, allow_loopback=False)
    assert [detail.field for detail in caught.value.details] == ["url"]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/", "http://localhost/", "http://[::1]:1/", "https://localhost/"]
)
def test_in_development_this_machine_may_listen(url):
    assert check_url(url, allow_loopback=True) == url


@pytest.mark.parametrize("url", ["http://example.com/", "http://10.0.0.1/", "https://10.0.0.1/", "http://8.8.8.8/"])
def test_in_development_nothing_else_is_let_in(url):
    with pytest.raises(InvalidInputError):
        check_url(url, allow_loopback=True)
