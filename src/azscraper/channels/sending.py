"""A channel's messages on their way. Take, compose, send, record; no transaction is open over the network."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from azscraper import metrics
from azscraper.channels import channels, letters, log, mail, recipients
from azscraper.channels.channels import EMAIL, Channel
from azscraper.channels.links import CONFIRM, UNSUBSCRIBE, Links
from azscraper.channels.log import Sent
from azscraper.channels.mail import MailServer
from azscraper.channels.outgoing import Outgoing
from azscraper.channels.sent import Message, Sending
from azscraper.errors import SealBrokenError
from azscraper.store.db import Conn, Pool, scalar, transaction
from azscraper.webhooks.grace import before_the_end
from azscraper.webhooks.policy import SwitchOff

_MESSAGES_AT_ONCE = 20
"""That one task sends before the channel goes to the end of the queue: a busy one can't starve a quiet one."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Alerts:
    """What channels send of alerts, which they do not know."""

    gather: Callable[[Conn, Channel, datetime], Awaitable[Sent | None]]
    """Make one message of what is due; None when nothing is."""
    compose: Callable[[Conn, Channel, Sent, str | None], Awaitable[Message | None]]
    """The message, with a link to unsubscribe; None when there is nothing left to say."""
    note: Callable[[Conn, Channel, str], Awaitable[None]]
    """Tell the project that the channel was switched off, and why."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What a worker process sends with."""

    pool: Pool
    outgoing: Outgoing
    mail_server: MailServer | None
    links: Links
    stop: asyncio.Event
    """Set when the worker is to end; a message that is on its way then has ``grace_seconds`` left."""
    grace_seconds: float
    clock: Callable[[], datetime]
    alerts: Alerts
    jitter: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class _Parcel:
    channel: Channel
    sent: Sent
    message: Message | None
    url: str | None


async def send(sender: Sender, channel_id: str) -> None:
    """Run a channel's task: send what is due, one message after the other."""
    for _ in range(_MESSAGES_AT_ONCE):
        if sender.stop.is_set():
            break
        async with transaction(sender.pool) as conn:
            parcel = await _next(conn, sender, channel_id)
        if parcel is None:
            return
        sending = await before_the_end(_post(sender, parcel), stop=sender.stop, grace_seconds=sender.grace_seconds)
        async with transaction(sender.pool) as conn:
            if sending is None:
                await log.release(conn, channel_id)
                break
            await _end(conn, sender, parcel, sending)
    async with transaction(sender.pool) as conn:
        await channels.wake(conn, channel_id)


async def _next(conn: Conn, sender: Sender, channel_id: str) -> _Parcel | None:
    now = sender.clock()
    channel = await log.take(conn, channel_id, now=now)
    if channel is None:
        return None
    sent = await log.pending(conn, channel)
    if sent is None and channel.confirmed_at is not None:
        sent = await sender.alerts.gather(conn, channel, now)
    if sent is None:
        return None
    await log.begin(conn, channel_id, now=now)
    try:
        url = None if channel.type == EMAIL else await channels.url_of(conn, sender.links.keys, channel_id)
    except SealBrokenError as exc:
        _log.error("a channel's URL can't be read", channel_id=channel_id, reason=exc.message)
        return _Parcel(channel, sent, None, None)
    return _Parcel(channel, sent, await _composed(conn, sender, channel, sent), url)


async def _composed(conn: Conn, sender: Sender, channel: Channel, sent: Sent) -> Message | None:
    unsubscribe = None
    if channel.type == EMAIL:
        recipient = await recipients.of_channel(conn, channel.id)
        if sent.kind == "confirmation":
            link = sender.links.mail(CONFIRM, recipient.id)
            return letters.confirmation(sent.id, link=link, language=channel.language)
        unsubscribe = sender.links.mail(UNSUBSCRIBE, recipient.id)
    if sent.kind == "test":
        project = await scalar(conn, str, "SELECT name FROM projects WHERE id = %s", [channel.project_id]) or ""
        return letters.test(sent.id, project=project, language=channel.language, unsubscribe=unsubscribe)
    return await sender.alerts.compose(conn, channel, sent, unsubscribe)


async def _post(sender: Sender, parcel: _Parcel) -> Sending:
    channel, message = parcel.channel, parcel.message
    if message is None:
        return Sending("There is nothing left to send", 0, refused=True)
    if channel.type != EMAIL:
        return await sender.outgoing.send(str(parcel.url), message)
    if sender.mail_server is None:
        return Sending("This installation has no mail server", 0)
    return await mail.send(sender.mail_server, channel.shown, message, clock=sender.clock)


async def _end(conn: Conn, sender: Sender, parcel: _Parcel, sending: Sending) -> None:
    channel = parcel.channel
    metrics.MESSAGES.labels(channel.type, "delivered" if sending.error is None else "failed").inc()
    decision = await log.end(conn, channel, parcel.sent, sending, now=sender.clock(), jitter=sender.jitter())
    if isinstance(decision, SwitchOff):
        _log.warning("channel switched off", channel_id=channel.id, reason=decision.reason)
        await sender.alerts.note(conn, channel, decision.reason)
