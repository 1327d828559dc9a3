"""Sends a message to a service in a process of its own. Nothing of Apprise is imported here; see ``child``."""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from azscraper.channels.sent import Message, Sending
from azscraper.channels.services import Hosts
from azscraper.launch import ending_with_us

TOTAL_SECONDS = 15.0
"""Start of the process, look-up, connection and answer together."""
_ANSWER_LIMIT = 65_536
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "PYTHONPATH")
"""No proxy of ours, and none of our secrets."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """How messages leave."""

    hosts: Hosts
    program: Sequence[str] = (sys.executable, "-m", "azscraper.channels.child")
    total_seconds: float = TOTAL_SECONDS

    async def send(self, url: str, message: Message) -> Sending:
        """Send it to the service that the URL names. Never raises for what the service does."""
        started = time.monotonic()
        order = {
            "url": url,
            "title": message.title,
            "text": message.text,
            "private": self.hosts is Hosts.ANY,
        }
        try:
            async with asyncio.timeout(self.total_seconds):
                said = await _run(self.program, orjson.dumps(order))
        except TimeoutError:
            return Sending(f"No answer within {self.total_seconds:g} s", _since(started), timed_out=True)
        error = said.get("error", "The message could not be sent")
        return Sending(error, _since(started), timed_out=bool(said.get("timed_out")), refused=bool(said.get("refused")))


async def _run(program: Sequence[str], order: bytes) -> dict[str, Any]:
    child = await asyncio.create_subprocess_exec(
        *ending_with_us(program),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
        limit=_ANSWER_LIMIT,
    )
    try:
        answer, _ = await child.communicate(order)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    try:
        said = orjson.loads(answer)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
