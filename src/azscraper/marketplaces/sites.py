"""One row a site, and how a site is found by host or country."""

from dataclasses import dataclass

from azscraper.errors import Detail, InvalidInputError

_PREFIXES = ("www.", "smile.", "m.", "")


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
    return Marketplace(f"www.{domain}", country, currency, tuple(languages.split()), decimal, thousands)


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
