"""A page of a target that is wanted, and the request for it. Pure."""

from dataclasses import dataclass

from azscraper import marketplaces
from azscraper.crawl import archive_index
from azscraper.crawl.fetcher import PageRequest
from azscraper.marketplaces import Marketplace
from azscraper.running.chunks import Chunk, ClaimedTarget
from azscraper.wire.crawls import JobConfig
from azscraper.words import JobType


@dataclass(frozen=True, slots=True)
class Ask:
    """A page of a target that is wanted."""

    chunk: Chunk
    target: ClaimedTarget
    number: int
    """1, 2, … of the target's pages."""
    request: PageRequest

    @property
    def key(self) -> bytes:
        """What its answers are found under in the archive."""
        return archive_index.request_key(self.request.url, self.request.language, self.request.cookies)

    @property
    def order(self) -> int:
        """Of the page among all that wait for the marketplace: its own virtual time."""
        return self.chunk.turn.order(self.target.index * self.chunk.pages + self.number - 1)


def ask_for(chunk: Chunk, target: ClaimedTarget, number: int) -> Ask:
    """The page of that number of the chunk's target."""
    marketplace = marketplaces.by_host(target.marketplace)
    url = _url(chunk.type, chunk.config, target, marketplace, number)
    return Ask(chunk, target, number, _request(url, chunk.config, marketplace))


def _url(kind: JobType, config: JobConfig, target: ClaimedTarget, marketplace: Marketplace, number: int) -> str:
    if kind is JobType.DETAILS:
        return marketplaces.product_url(marketplace, target.asin or "", variant=config.variant == "auto")
    return marketplaces.search_url(
        marketplace,
        target.value.strip(),
        page=number,
        sort=config.sort,
        min_price=config.min_price,
        max_price=config.max_price,
        category=config.category,
    )


def _request(url: str, config: JobConfig, marketplace: Marketplace) -> PageRequest:
    language = (config.lang or marketplace.languages[0]).replace("_", "-")
    cookies = {_language_cookie(marketplace): language.replace("-", "_")} if config.lang else {}
    if config.currency:
        cookies["i18n-prefs"] = config.currency
    return PageRequest(url=url, hosts=frozenset(marketplace.hosts), language=language, cookies=cookies)


def _language_cookie(marketplace: Marketplace) -> str:
    """The cookie that the site itself sets when a visitor chooses a language."""
    country = {"GB": "uk"}.get(marketplace.country, marketplace.country.lower())
    return "lc-main" if country == "us" else f"lc-acb{country}"
