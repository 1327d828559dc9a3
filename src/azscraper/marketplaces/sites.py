"""One row a site, and how a site is found by host or country."""

from dataclasses import dataclass

from azscraper.errors import Detail, InvalidInputError

_PREFIXES = ("www.", "smile.", "m.", "")


@dataclass(frozen=True, slots=True)
class Completion:
    """The host that completes what people type into a site's search box."""

    host: str
    source: str
    """Who says so."""


@dataclass(frozen=True, slots=True)
class Marketplace:
    """An Amazon site: where it is, what it charges in, what it speaks, how it writes numbers."""

    host: str
    """With ``www.``, for example ``www.amazon.de``."""
    country: str
    """ISO 3166 alpha-2."""
    currency: str
    """ISO 4217, of prices that name no other."""
    languages: tuple[str, ...]
    """BCP 47, the usual one first."""
    decimal: str = "."
    """Decimal separator of prices in the first language."""
    thousands: str = ","
    """Group separator of prices in the first language."""
    id: str = ""
    """Amazon's own key of the site, as its interfaces for sellers and its search box name it."""
    completion: "Completion | None" = None
    """What completes searches there; None where no source names a host of the site's own."""

    def __hash__(self) -> int:
        """Of the host, which no other site has: what is kept of texts is kept by site."""
        return hash(self.host)

    @property
    def domain(self) -> str:
        """The host without ``www.``: ``amazon.de``."""
        return self.host.removeprefix("www.")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that a redirect of this site may lead to."""
        return tuple(prefix + self.domain for prefix in _PREFIXES)


def _site(  # noqa: PLR0917 - a table row; the columns stand in Marketplace
    domain: str, country: str, currency: str, languages: str, decimal: str = ".", thousands: str = ","
) -> Marketplace:
    host, spoken = f"www.{domain}", tuple(languages.split())
    return Marketplace(
        host, country, currency, spoken, decimal, thousands, id=_IDS[country], completion=_completion(domain)
    )


def _completion(domain: str) -> Completion | None:
    source = next((source for source, domains in _COMPLETED.items() if domain in domains.split()), None)
    return Completion(f"completion.{domain}", source) if source else None


_IDS = {
    "US": "ATVPDKIKX0DER", "GB": "A1F83G8C2ARO7P", "DE": "A1PA6795UKMFR9", "FR": "A13V1IB3VIYZZH", "IT": "APJ6JRA9NG5V4",
    "ES": "A1RKKUPIHCS9HS", "NL": "A1805IZSGTT6HS", "SE": "A2NODRKZP88ZB9", "PL": "A1C3SOZRARQ6R3", "BE": "AMEN7PMS3EDWL",
    "IE": "A28R8C7NBKEWEA", "TR": "A33AVAJ2PDY3EV", "AE": "A2VIGQ35RCS4UG", "SA": "A17E79C6D8DWNP", "EG": "ARBP9OOSHTCHU",
    "IN": "A21TJRUUN4KGV", "JP": "A1VC38T7YXB528", "AU": "A39IBJ37TRP1C6", "SG": "A19VAU5U5O7RUS", "CA": "A2EUQ1WTGCTBG2",
    "MX": "A1AM78C64UM0Y8", "BR": "A2Q3Y263D00KWC", "ZA": "AE08WJ6YKNBMC", "CN": "AAHKV2X7AFYLW",
}  # fmt: skip
"""By country: https://developer-docs.amazon.com/sp-api/docs/marketplace-ids. That of China, which the list has no longer, is what
the pages of the site call themselves in their scripts (``ue_mid``)."""
_FIREFOX = "search engines of Firefox (mozilla/gecko-dev, toolkit/components/search/tests/xpcshell/searchconfigs/test_amazon.js)"
_RECORDED = "requests of the site's search box, recorded in the WordPress plugin independent-niche"
_KEEPA = "Content-Security-Policy of keepa.com in 2021, which takes proposals from there (palant.info, Abusing Keepa Price Tracker)"
_OWN_PAGES = "pages of the site, which resolve its name before they need it (dns-prefetch)"
_TAKEN = "requests of the site's own pages, by whose address the script kilikmarket knows them"
_COMPLETED = {
    _FIREFOX: "amazon.co.uk amazon.de amazon.fr amazon.it amazon.es amazon.nl amazon.se amazon.in amazon.co.jp "
    "amazon.com.au amazon.ca",
    _RECORDED: "amazon.com amazon.pl amazon.com.br amazon.com.tr amazon.sa",
    _KEEPA: "amazon.com.mx",
    _OWN_PAGES: "amazon.cn",
    _TAKEN: "amazon.ae",
}
"""By source: the sites that complete searches on a host of their own. Scripts of other sites' pages name a neighbour's, or none."""


_SITES = (
    _site("amazon.com", "US", "USD", "en-US es-US zh-CN zh-TW he-IL ar-AE pt-BR ko-KR de-DE"),
    _site("amazon.co.uk", "GB", "GBP", "en-GB"),
    _site("amazon.de", "DE", "EUR", "de-DE en-GB nl-NL pl-PL tr-TR cs-CZ da-DK", ",", "."),
    _site("amazon.fr", "FR", "EUR", "fr-FR en-GB", ",", " "),
    _site("amazon.it", "IT", "EUR", "it-IT en-GB", ",", "."),
    _site("amazon.es", "ES", "EUR", "es-ES pt-PT en-GB", ",", "."),
    _site("amazon.nl", "NL", "EUR", "nl-NL en-GB", ",", "."),
    _site("amazon.se", "SE", "SEK", "sv-SE en-GB", ",", " "),
    _site("amazon.pl", "PL", "PLN", "pl-PL en-GB", ",", " "),
    _site("amazon.com.be", "BE", "EUR", "fr-BE nl-BE en-GB", ",", " "),
    _site("amazon.ie", "IE", "EUR", "en-IE"),
    _site("amazon.com.tr", "TR", "TRY", "tr-TR en-GB", ",", "."),
    _site("amazon.ae", "AE", "AED", "en-AE ar-AE"),
    _site("amazon.sa", "SA", "SAR", "ar-SA en-SA"),
    _site("amazon.eg", "EG", "EGP", "ar-EG en-EG"),
    _site("amazon.in", "IN", "INR", "en-IN hi-IN ta-IN te-IN kn-IN ml-IN bn-IN mr-IN"),
    _site("amazon.co.jp", "JP", "JPY", "ja-JP en-US zh-CN"),
    _site("amazon.com.au", "AU", "AUD", "en-AU"),
    _site("amazon.sg", "SG", "SGD", "en-SG"),
    _site("amazon.ca", "CA", "CAD", "en-CA fr-CA"),
    _site("amazon.com.mx", "MX", "MXN", "es-MX en-US"),
    _site("amazon.com.br", "BR", "BRL", "pt-BR", ",", "."),
    _site("amazon.co.za", "ZA", "ZAR", "en-ZA"),
    _site("amazon.cn", "CN", "CNY", "zh-CN"),
)

MARKETPLACES: dict[str, Marketplace] = {site.host: site for site in _SITES}
"""Every site, by its ``www.`` host."""

_OTHER_DOMAINS = {"amzn.com": "amazon.com", "amazon.jp": "amazon.co.jp", "amazon.be": "amazon.com.be"}
"""Amazon's own, each of which leads to a site."""

_BY_ANY_HOST = {host: site for site in _SITES for host in site.hosts} | {
    prefix + domain: MARKETPLACES[f"www.{leads_to}"]
    for domain, leads_to in _OTHER_DOMAINS.items()
    for prefix in ("www.", "")
}
_BY_CODE = (
    {site.country.lower(): site for site in _SITES}
    | {site.domain.removeprefix("amazon."): site for site in _SITES}
    | {"uk": MARKETPLACES["www.amazon.co.uk"]}
)


_BY_COMPLETION = {site.completion.host: site for site in _SITES if site.completion}


SHORT_LINKS = frozenset({"amzn.to", "amzn.eu", "a.co", "amzn.asia"})
"""Amazon's own hosts whose addresses lead to a page of a marketplace and say nothing of it."""
HOSTS = (*MARKETPLACES, *_BY_COMPLETION, *sorted(SHORT_LINKS))
"""What pages and proposals of all sites are asked of, and short links."""


def of_completion(host: str) -> Marketplace | None:
    """The site that completes searches on this host."""
    return _BY_COMPLETION.get(host.lower())


def site_of(host: str) -> Marketplace | None:
    """The site whose host this is, ``www.``, ``smile.`` or ``m.`` or none before it; any case, port dropped."""
    return _BY_ANY_HOST.get(host.strip().lower().partition(":")[0].rstrip("."))


def by_host(host: str) -> Marketplace:
    """The site whose host this is. Raises InvalidInputError for any other host."""
    site = site_of(host)
    if site is None:
        raise _unknown(host)
    return site


def find(text: str) -> Marketplace:
    """The site that a host or a code (``de``, ``uk``, ``jp``, ``co.uk``) names. Raises InvalidInputError otherwise."""
    site = site_of(text) or _BY_CODE.get(text.strip().lower().lstrip("."))
    if site is None:
        raise _unknown(text)
    return site


def _unknown(text: str) -> InvalidInputError:
    known = ", ".join(site.domain for site in _SITES)
    message = f"{text[:100]!r} is not an Amazon marketplace; known are {known}, or a country code such as de, uk, jp"
    return InvalidInputError(message, [Detail("marketplace", message)])
