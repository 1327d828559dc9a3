"""A page of a target that is wanted, and the request for it. Pure."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from azscraper.crawl import archive_index
from azscraper.crawl.fetcher import PageRequest
from azscraper.kinds.auto import AUTO, LANDINGS
from azscraper.kinds.kind import Asked, Kind, Step
from azscraper.marketplaces import Marketplace
from azscraper.running.chunks import Chunk, ClaimedTarget
from azscraper.running.walk import Walk
from azscraper.wire.crawls import JobConfig


@dataclass(frozen=True, slots=True)
class Ask:
    """A page of a target that is wanted."""

    chunk: Chunk
    target: ClaimedTarget
    asked: Asked[Any]
    step: Step
    number: int
    """1, 2, … of the target's pages."""
    request: PageRequest
    most_steps: int = 1
    """Of the target's pages."""
    again: bool = False
    """Whether an earlier walk of the target got behind this step, and failed at a later one."""

    @property
    def key(self) -> bytes:
        """What its answers are found under in the archive."""
        return key_of(self.request)

    @property
    def host(self) -> str:
        """Whose robots.txt and pace count."""
        return urlsplit(self.step.url).hostname or ""

    @property
    def order(self) -> int:
        """Of the page among all that wait for the host: its own virtual time."""
        return self.chunk.turn.order(self.target.index + self.number - 1)

    @property
    def tries(self) -> int:
        """Tries of this step that went before."""
        if self.target.step is None:
            return self.target.attempts
        return (self.target.step_attempts or 0) if self.step.name == self.target.step else 0


def ask_for(walk: Walk, target: ClaimedTarget, step: Step, *, again: bool = False) -> Ask:
    """The page of that step."""
    request = request_of(walk.kind, walk.asked, step, walk.chunk.config)
    return Ask(walk.chunk, target, walk.asked, step, walk.number, request, walk.most_steps, again)


def key_of(request: PageRequest) -> bytes:
    """What the answers to a request are found under in the archive."""
    return archive_index.request_key(request.url, request.language, request.cookies)


def request_of(kind: Kind[Any], asked: Asked[Any], step: Step, config: JobConfig) -> PageRequest:
    """The request for the page of that step. A short link is not followed: what it leads to has its own turn."""
    marketplace = asked.target.marketplace
    if step.reads == AUTO:
        return PageRequest(url=step.url, hosts=LANDINGS, follow=False)
    hosts = frozenset({*marketplace.hosts, *kind.hosts(marketplace)})
    language = (config.lang or marketplace.languages[0]).replace("_", "-")
    cookies = {_language_cookie(marketplace): language.replace("-", "_")} if config.lang else {}
    if config.currency:
        cookies["i18n-prefs"] = config.currency
    return PageRequest(url=step.url, hosts=hosts, language=language, cookies=cookies)


def _language_cookie(marketplace: Marketplace) -> str:
    """The cookie that the site itself sets when a visitor chooses a language."""
    country = {"GB": "uk"}.get(marketplace.country, marketplace.country.lower())
    return "lc-main" if country == "us" else f"lc-acb{country}"
