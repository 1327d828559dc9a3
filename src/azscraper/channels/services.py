"""Which services a channel may name by its URL, and what of such a URL is shown. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from azscraper.errors import InvalidInputError


class Hosts(StrEnum):
    """What the operator lets channels reach."""

    SERVICES = "services"
    """Services that have one host for all their users."""
    PUBLIC = "public"
    """Servers that a user names as well, at public addresses."""
    ANY = "any"
    """Servers at private addresses as well."""


_OF_SERVICES = {
    "discord": "Discord",
    "gchat": "Google Chat",
    "line": "LINE",
    "opsgenie": "Opsgenie",
    "pagerduty": "PagerDuty",
    "pbul": "Pushbullet",
    "pover": "Pushover",
    "slack": "Slack",
    "tgram": "Telegram",
    "twilio": "Twilio",
    "whatsapp": "WhatsApp",
    "wxteams": "Webex",
    "zulip": "Zulip",
}
_OF_HOSTS = {
    "gotify": "Gotify",
    "gotifys": "Gotify",
    "matrix": "Matrix",
    "matrixs": "Matrix",
    "mmost": "Mattermost",
    "mmosts": "Mattermost",
    "nctalk": "Nextcloud Talk",
    "nctalks": "Nextcloud Talk",
    "ntfy": "ntfy",
    "ntfys": "ntfy",
    "rocket": "Rocket.Chat",
    "rockets": "Rocket.Chat",
}
_TEAMS = {"workflow": "Microsoft Teams", "workflows": "Microsoft Teams"}
_TEAMS_HOSTS = (".logic.azure.com", ".api.powerplatform.com", ".azure-apihub.net")
_PASTED = {
    "hooks.slack.com": ("slack", "Slack"),
    "discord.com": ("discord", "Discord"),
    "discordapp.com": ("discord", "Discord"),
    "chat.googleapis.com": ("gchat", "Google Chat"),
}
"""Addresses as these services show them, which Apprise reads as well."""
_MOST_CHARACTERS = 2048
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.ASCII)


@dataclass(frozen=True, slots=True)
class Service:
    """What a URL names."""

    type: str
    """A scheme, such as ``slack``: of two that differ by encryption the one without."""
    name: str
    shown: str
    """Of the URL, what tells no secret."""


def service_of(url: str, hosts: Hosts) -> Service:
    """The service that the URL names. Raises InvalidInputError for ``url`` when it is not on the list, or not allowed."""
    if not url.isprintable() or " " in url or len(url) > _MOST_CHARACTERS:
        raise InvalidInputError.of("url", f"must be one URL of at most {_MOST_CHARACTERS:,} characters")
    scheme, host = _parts(url)
    if scheme in _OF_SERVICES:
        return Service(scheme, _OF_SERVICES[scheme], f"{scheme}://…")
    if scheme == "https" and (pasted := _pasted(host)):
        return Service(*pasted, f"https://{host}/…")
    if scheme in _TEAMS and (host.endswith(_TEAMS_HOSTS) or hosts is Hosts.ANY):
        return Service("workflows", _TEAMS[scheme], f"{scheme}://{host}/…")
    if scheme in _OF_HOSTS and host:
        _require_hosts(scheme, hosts)
        return Service(scheme.removesuffix("s"), _OF_HOSTS[scheme], f"{scheme}://{host}/…")
    raise InvalidInputError.of("url", f"must begin with the scheme of a service: {_listed()}")


def _parts(url: str) -> tuple[str, str]:
    """Scheme and host, in lower case."""
    matched = _SCHEME.match(url.lower())
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return (matched[1] if matched else "", host)


def _pasted(host: str) -> tuple[str, str] | None:
    if host.endswith(_TEAMS_HOSTS):
        return ("workflows", "Microsoft Teams")
    return _PASTED.get(host)


def _require_hosts(scheme: str, hosts: Hosts) -> None:
    if hosts is Hosts.SERVICES:
        raise InvalidInputError.of(
            "url",
            f"{scheme} names a server of its own, which the operator has to allow: AZSCRAPER_CHANNEL_HOSTS=public",
        )


def _listed() -> str:
    return ", ".join(f"{scheme}://" for scheme in sorted({*_OF_SERVICES, *_OF_HOSTS, *_TEAMS}))


SCHEMES = frozenset({*_OF_SERVICES, *_OF_HOSTS, *_TEAMS})
"""Those that a plug-in may have that sends a message."""
