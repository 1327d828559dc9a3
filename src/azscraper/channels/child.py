"""The process that sends one message by Apprise: ``python -m azscraper.channels.child``. The only module that knows Apprise.

Plug-ins are many and talk to addresses that tenants gave. So each message has a process of its own, which is ended after
15 s, and in which no socket is connected to an address that is not public, no datagram sent and no program started, whatever
a plug-in, a redirect or a name's address says: the interpreter asks ``_guard`` at the moment itself.
"""

import ipaddress
import json
import logging
import re
import sys
from typing import Any

from azscraper.channels.services import SCHEMES
from azscraper.webhooks.addresses import is_public

REFUSED = "The host's name does not lead to a public address"
_FORBIDDEN = ("socket.sendto", "socket.sendmsg", "socket.bind", "subprocess.Popen", "os.")
_STATUS = re.compile(r"error=(\d{3})")


def send(order: dict[str, Any], refused: list[object]) -> dict[str, Any]:
    """What came of the order: ``error`` (None is success) and ``refused`` (another try would end the same way).

    ``refused`` has the addresses that ``guard`` let no socket reach meanwhile.
    """
    import apprise  # noqa: PLC0415 - half a second, within the guard

    heard = _Heard(refused)
    logger = logging.getLogger("apprise")
    logger.setLevel(logging.DEBUG)  # why a socket failed is said there alone
    logger.addHandler(heard)
    asset = apprise.AppriseAsset(
        app_id="AzScraper",
        app_desc="AzScraper",
        app_url="",
        http_redirects=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        async_mode=False,
    )
    plugin = apprise.Apprise.instantiate(order["url"], asset=asset, suppress_exceptions=True)
    if plugin is None or not _is_on_the_list(plugin):
        return {"error": "The URL is not one that this service takes", "refused": True}
    sender = apprise.Apprise(asset=asset)
    sender.add(plugin)
    arrived = sender.notify(title=order["title"], body=order["text"], body_format=apprise.NotifyFormat.TEXT)
    return {"error": None, "refused": False} if arrived else heard.failure()


def _is_on_the_list(plugin: Any) -> bool:
    schemes: set[str] = set()
    for named in (plugin.protocol, plugin.secure_protocol):
        schemes.update([named] if isinstance(named, str) else named or ())
    return bool(schemes & SCHEMES)


class _Heard(logging.Handler):
    """What a plug-in logs, which is all that it tells of a failure. Its words may hold secrets: only ours leave."""

    def __init__(self, refused: list[object]) -> None:
        super().__init__(logging.DEBUG)
        self._refused = refused
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())

    def failure(self) -> dict[str, Any]:
        if self._refused:
            return {"error": REFUSED, "refused": False}
        said = " ".join(self._lines)
        if "timed out" in said:
            return {"error": "The service did not answer in time", "refused": False, "timed_out": True}
        if statuses := _STATUS.findall(said):
            return {"error": f"The service answered {statuses[-1]}", "refused": False}
        return {"error": "The service could not be reached", "refused": False}


def guard(*, private: bool) -> list[object]:
    """Let no socket of this process lead inside, from now on; the list of the addresses to which one was about to lead.

    ``private`` lets it reach addresses of the operator's network.
    """
    refused: list[object] = []

    def audit(event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.connect" and not (private or _leads_outside(args[1])):
            refused.append(args[1])
            raise OSError(REFUSED)
        if event.startswith(_FORBIDDEN) and event not in _HARMLESS:
            raise PermissionError(event)

    sys.addaudithook(audit)
    return refused


_HARMLESS = {"os.listdir", "os.scandir", "os.mkdir", "os.walk", "os.fwalk", "os.putenv", "os.unsetenv"}


def _leads_outside(place: Any) -> bool:
    try:
        return is_public(ipaddress.ip_address(place[0]))
    except (ValueError, TypeError, IndexError):
        return False


def main() -> None:
    """Read an order from standard input, write what came of it."""
    order = json.load(sys.stdin)
    refused = guard(private=order["private"])
    json.dump(send(order, refused), sys.stdout)


if __name__ == "__main__":
    main()
