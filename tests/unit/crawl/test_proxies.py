import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.crawl.proxies import Proxy, choose, parse_proxies
from azscraper.errors import InvalidInputError


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://127.0.0.1:3128", Proxy("http://127.0.0.1:3128")),
        ("http://proxy.example/", Proxy("http://proxy.example")),
        ("https://me:secret@proxy.example:8443", Proxy("https://proxy.example:8443", "me", "secret")),
        ("HTTP://me@Proxy.Example:1", Proxy("http://proxy.example:1", "me", "")),
        ("http://m%40e:p%3Aw%2F@[::1]:9", Proxy("http://[::1]:9", "m@e", "p:w/")),
    ],
)
def test_good_urls(url: str, proxy: Proxy) -> None:
    assert parse_proxies([url]) == (proxy,)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "must begin with http:// or https://"),
        ("proxy.example:8080", "must begin with http:// or https://"),
        ("socks5://me:secret@proxy.example", "must begin with http:// or https://"),
        ("http://me:secret@", "names no host"),
        ("http://me:secret@proxy.example:port", "is not a URL"),
        ("http://me:secret@proxy.example:99999", "is not a URL"),
        ("http://me:secret@[::1", "is not a URL"),
        ("http://me:secret@proxy.example/path", "must end after host and port"),
        ("http://me:secret@proxy.example?x=1", "must end after host and port"),
        ("http://me:secret@proxy.example#x", "must end after host and port"),
        ("http://me:secret@proxy .example", "has a blank or control character in it"),
        ("http://me:secret@proxy.example\n", "has a blank or control character in it"),
        ("http://m%3Ae:secret@proxy.example", "has a colon in the user's name"),
    ],
)
def test_bad_urls_are_named_by_place_and_never_shown(url: str, problem: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_proxies(["http://127.0.0.1:1", url])
    assert caught.value.message == f"proxies[1] {problem}"
    assert [(d.field, d.message) for d in caught.value.details] == [("proxies[1]", problem)]
    assert "secret" not in "".join(traceback.format_exception(caught.value))


def test_repr_hides_credentials() -> None:
    shown = repr(parse_proxies(["http://me:secret@proxy.example"]))
    assert shown == "(Proxy(url='http://proxy.example'),)"


def test_turns() -> None:
    proxies = parse_proxies(["http://a", "http://b", "http://c"])
    assert [choose(proxies, key) for key in range(4)] == [*proxies, proxies[0]]
    assert choose((), 7) is None


@given(st.text(max_size=60))
def test_any_text_is_a_proxy_or_invalid(text: str) -> None:
    try:
        (proxy,) = parse_proxies([f"http://{text}"])
    except InvalidInputError:
        return
    assert proxy.url.startswith("http://")
    assert proxy.url.isprintable()
