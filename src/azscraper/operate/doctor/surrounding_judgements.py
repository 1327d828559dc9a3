"""Facts in, findings out, of what is outside the database: settings, folders, clock, proxies. Pure."""

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from azscraper.config import Settings
from azscraper.operate.doctor.facts import Disk, Folder, Opened, ProxyAnswer
from azscraper.operate.doctor.findings import Finding, State, failed, ok, or_ok, unknown, warning
from azscraper.store.embedded.programs import MAJOR

_GB = 1_000_000_000
_SCARCE_BYTES = 5 * _GB
"""Some 25,000 kept pages."""
_FULL_BYTES = 1 * _GB
"""PostgreSQL writes 16 MB at a time, and needs some of them to recover."""
_CLOCK_SECONDS = 1.0
_CLOCK_WRONG_SECONDS = 60.0


def judge_folder(facts: Folder) -> Finding:
    """Why there is no database to ask. For installations without AZSCRAPER_DATABASE_URL."""
    start = "start it with azscraper up"
    if not facts.is_there:
        message = f"There is no database in {facts.data_dir}: name its folder with --data-dir, or {start}"
        return failed("database", message)
    if facts.major is not None and facts.major != MAJOR:
        message = (
            f"{facts.data_dir} is of PostgreSQL {facts.major} and this release runs {MAJOR}: use azscraper backup of the release"
            " that fits, then azscraper restore of this one"
        )
        return failed("database", message)
    return failed("database", f"No database runs on {facts.data_dir}: {start}")


def judge_settings(settings: Settings, opened: Opened) -> list[Finding]:
    """Settings that contradict each other, or what is known of the installation."""
    troubles = [*_public_troubles(settings, opened), *_other_troubles(settings)]
    return or_ok([warning("settings", message) for message in troubles], "settings", "They fit together")


def _public_troubles(settings: Settings, opened: Opened) -> list[str]:
    is_public = settings.public_url is not None and not _is_this_machine(settings.public_url)
    others = is_public or bool(settings.trusted_proxies)
    troubles = []
    if is_public and str(settings.public_url).startswith("http://"):
        troubles.append(
            "AZSCRAPER_PUBLIC_URL is not https, so passwords and keys can be read on their way: put a proxy with TLS in front"
        )
    if opened.unnamed_proxies:
        troubles.append(
            f"Users come through {', '.join(opened.unnamed_proxies)}, which AZSCRAPER_TRUSTED_PROXIES does not name, so that they"
            " all have that address: name it if it is your proxy"
        )
    elif is_public and str(settings.public_url).startswith("https://") and not settings.trusted_proxies:
        troubles.append(
            "AZSCRAPER_PUBLIC_URL is https but AZSCRAPER_TRUSTED_PROXIES is empty, so that all clients have the proxy's address:"
            " name the proxy"
        )
    if others and (settings.registration == "open" or (settings.registration is None and opened.was_open)):
        troubles.append(
            "Everybody who can connect may sign up: set AZSCRAPER_REGISTRATION to invite if you do not mean that"
        )
    if others and settings.webhook_allow_loopback:
        troubles.append("AZSCRAPER_WEBHOOK_ALLOW_LOOPBACK lets users reach this machine's own services: unset it")
    return troubles


def _other_troubles(settings: Settings) -> list[str]:
    troubles = []
    if settings.database_url is not None and settings.jwt_secret is None:
        troubles.append(
            "AZSCRAPER_DATABASE_URL is set but AZSCRAPER_JWT_SECRET is not, so that each machine has a secret of its own:"
            " set the same one everywhere"
        )
    if settings.crawl_rate == 0 and not settings.marketplace_base_url:
        troubles.append("AZSCRAPER_CRAWL_RATE is 0, so marketplaces are asked without a limit: set a rate")
    return troubles


def _is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def judge_disk(disks: Sequence[Disk]) -> list[Finding]:
    """Room for what is written next."""
    troubles = [trouble for disk in disks if (trouble := _disk_trouble(disk)) is not None]
    least = min(disks, key=lambda disk: disk.free, default=None)
    said = "No folder is there yet" if least is None else f"{least.free / _GB:,.0f} GB are free for the {least.name}"
    return or_ok(troubles, "disk", said)


def _disk_trouble(disk: Disk) -> Finding | None:
    said = f"{disk.free / _GB:.1f} of {disk.total / _GB:.0f} GB are free for the {disk.name}"
    if disk.free >= _SCARCE_BYTES:
        return None
    state = State.FAILED if disk.free < _FULL_BYTES else State.WARNING
    message = f"{said}: make room, or keep less (AZSCRAPER_ARCHIVE_DAYS, AZSCRAPER_RETENTION_DAYS)"
    return Finding("disk", state, message, str(disk.path))


def judge_clock(ahead_seconds: float) -> list[Finding]:
    """This machine's against the database's."""
    if abs(ahead_seconds) < _CLOCK_SECONDS:
        return [ok("clock", f"This machine and the database differ by {abs(ahead_seconds):.1f} s")]
    way = "ahead of" if ahead_seconds > 0 else "behind"
    state = State.FAILED if abs(ahead_seconds) >= _CLOCK_WRONG_SECONDS else State.WARNING
    message = f"This machine is {abs(ahead_seconds):.0f} s {way} the database: set both by NTP"
    return [Finding("clock", state, message)]


def judge_proxies(answers: Sequence[ProxyAnswer]) -> list[Finding]:
    """Each takes connections."""
    if not answers:
        return [ok("proxies", "None are set: marketplaces are asked directly")]
    dead = [answer for answer in answers if answer.error is not None]
    state = State.FAILED if len(dead) == len(answers) else State.WARNING
    troubles = [
        Finding(
            "proxies", state, f"It takes no connection ({answer.error}): replace it, or ask its provider", answer.name
        )
        for answer in dead
    ]
    return or_ok(troubles, "proxies", f"{len(answers)} take connections")


def not_checked(check: str) -> list[Finding]:
    """Of what stands in a database that can't be asked."""
    return [unknown(check, "Not checked, because the database can't be asked")]
