from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.config import Settings
from azscraper.crawl.robots import (
    BODY_LIMIT,
    FRESH,
    UNREADABLE_FRESH,
    RobotsText,
    allows,
    crawl_delay,
    decode,
    is_fresh,
    is_known,
    product_tokens,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGENT = Settings().user_agent
SITE = "https://www.amazon.de"
RULES = """\
User-agent: *
Disallow: /gp/cart
Disallow: /*/review/
Allow: /gp/cart/help$
Crawl-delay: 2.5

User-agent: AzScraper
User-agent: OtherBot
Disallow: /s?
Allow: /s?k=pens
"""


def text(body: str, status: int | None = 200, *, fetched_at: datetime = NOW) -> RobotsText:
    return RobotsText(status, body, fetched_at)


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (200, False),
        (204, False),
        (301, False),
        (304, False),
        (400, True),
        (403, True),
        (404, True),
        (429, True),
        (499, True),
        (500, False),
        (503, False),
        (599, False),
        (None, False),
    ],
)
def test_status_classes_of_rfc_9309(status: int | None, allowed: bool) -> None:  # noqa: FBT001 - a column of the table
    forbidding = text("User-agent: *\nDisallow: /", status)
    assert allows(forbidding, AGENT, f"{SITE}/dp/B000000001") is allowed


@pytest.mark.parametrize("status", [200, 301, 500, None])
def test_robots_txt_itself_may_always_be_asked_for(status: int | None) -> None:
    forbidding = text("User-agent: *\nDisallow: /", status)
    assert allows(forbidding, AGENT, f"{SITE}/robots.txt")
    assert not allows(forbidding, AGENT, f"{SITE}/dp/robots.txt")


@pytest.mark.parametrize(
    ("agent", "path", "allowed"),
    [
        ("SomeBot/1.0", "/dp/B000000001", True),
        ("SomeBot/1.0", "/gp/cart", False),
        ("SomeBot/1.0", "/gp/cart/view", False),
        ("SomeBot/1.0", "/gp/cart/help", True),
        ("SomeBot/1.0", "/x/review/1", False),
        (AGENT, "/gp/cart", True),
        (AGENT, "/s?k=paper", False),
        (AGENT, "/s?k=pens", True),
        ("otherbot/2", "/s?k=paper", False),
    ],
)
def test_the_most_specific_group_and_the_longest_rule_count(agent: str, path: str, allowed: bool) -> None:  # noqa: FBT001
    assert allows(text(RULES), agent, SITE + path) is allowed


@pytest.mark.parametrize(
    ("agent", "tokens"),
    [
        (AGENT, "AzScraper/0.1"),
        ("Mozilla/5.0 (compatible; AzBot/1.0; +https://example.org/bot/2)", "Mozilla/5.0 AzBot/1.0"),
        ("MyCrawler (ask me: me@example.org)", "MyCrawler"),
        ("one", "one"),
    ],
)
def test_product_tokens(agent: str, tokens: str) -> None:
    assert product_tokens(agent) == tokens


@pytest.mark.parametrize("group", ["robots", "crawler", "self-hosted", "obeys"])
def test_words_of_a_comment_are_no_name(group: str) -> None:
    body = f"User-agent: {group}\nAllow: /\n\nUser-agent: *\nDisallow: /"
    assert not allows(text(body), AGENT, f"{SITE}/dp/B000000001")


def test_a_name_is_found_in_a_comment_when_it_has_a_version() -> None:
    body = "User-agent: AzBot\nDisallow: /"
    assert not allows(text(body), "Mozilla/5.0 (compatible; AzBot/1.0)", f"{SITE}/dp/B000000001")


@pytest.mark.parametrize(
    ("body", "status", "seconds"),
    [
        (RULES, 200, 0.0),
        ("User-agent: *\nCrawl-delay: 2.5", 200, 2.5),
        ("User-agent: *\nCrawl-delay: -1", 200, 0.0),
        ("User-agent: *\nCrawl-delay: nan", 200, 0.0),
        ("User-agent: *\nCrawl-delay: soon", 200, 0.0),
        ("", 200, 0.0),
        ("User-agent: *\nCrawl-delay: 2.5", 404, 0.0),
        ("User-agent: *\nCrawl-delay: 2.5", None, 0.0),
    ],
)
def test_crawl_delay(body: str, status: int | None, seconds: float) -> None:
    assert crawl_delay(text(body, status), AGENT) == seconds


@pytest.mark.parametrize(("status", "lifetime"), [(200, FRESH), (404, FRESH), (500, UNREADABLE_FRESH)])
@pytest.mark.parametrize("age", [timedelta(0), timedelta(seconds=299), timedelta(seconds=300), timedelta(days=1)])
def test_an_answer_is_fresh_for_a_day_and_a_fault_for_minutes(status: int, lifetime: timedelta, age: timedelta) -> None:
    assert is_fresh(text("", status, fetched_at=NOW - age), NOW) is (age < lifetime)


@pytest.mark.parametrize(("status", "known"), [(200, True), (404, True), (302, False), (500, False), (None, False)])
def test_only_an_answer_makes_the_wish_known(status: int | None, known: bool) -> None:  # noqa: FBT001
    assert is_known(text("", status)) is known
    assert is_fresh(text("", status), NOW + UNREADABLE_FRESH) is known


def test_a_long_text_is_cut_at_a_line_end() -> None:
    line = b"Disallow: /private/part\n"
    body = b"User-agent: *\n" + line * (BODY_LIMIT // len(line) + 2)
    assert len(decode(body)) <= BODY_LIMIT
    assert decode(body).endswith("Disallow: /private/part\n")
    assert allows(text(decode(body)), AGENT, f"{SITE}/dp/B000000001")
    assert decode(b"x" * (BODY_LIMIT + 1)) == ""
    assert len(decode(b"x" * BODY_LIMIT)) == BODY_LIMIT


def test_a_byte_order_mark_hides_no_rule() -> None:
    assert not allows(text(decode(b"\xef\xbb\xbfUser-agent: *\nDisallow: /")), AGENT, f"{SITE}/dp/B000000001")


@given(st.binary(max_size=300), st.sampled_from([200, 404, 503, None]))
def test_no_text_raises(body: bytes, status: int | None) -> None:
    robots = text(decode(body), status)
    assert "\x00" not in robots.body
    assert allows(robots, AGENT, f"{SITE}/dp/B000000001") in (True, False)
    assert crawl_delay(robots, AGENT) >= 0


_LINES = st.sampled_from(
    ["User-agent: *", "User-agent: AzScraper", "Disallow: /dp/", "Allow: /dp/B0", "Disallow: /*x", "Crawl-delay: 3", ""]
)


@given(st.lists(_LINES), st.lists(st.sampled_from(["# note", "  ", "\t# Disallow: /"])))
def test_comments_and_blank_lines_change_nothing(lines: list[str], noise: list[str]) -> None:
    noisy = [part for index, line in enumerate(lines) for part in (line, *noise[index : index + 1])]
    bare, dressed = text("\n".join(lines)), text("\r\n".join(noisy))
    for path in ("/dp/B000000001", "/dp/A00000000x", "/s?k=x"):
        assert allows(bare, AGENT, SITE + path) == allows(dressed, AGENT, SITE + path)
    assert crawl_delay(bare, AGENT) == crawl_delay(dressed, AGENT)
