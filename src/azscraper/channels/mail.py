"""Mails, by the operator's SMTP server. The only module that knows aiosmtplib."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from azscraper.channels.sent import Message, Sending
from azscraper.errors import InvalidInputError

TOTAL_SECONDS = 15.0
_PORTS = {"smtp": 587, "smtps": 465}
_REFUSED = range(500, 600)
"""Replies that mean never (RFC 5321, 4.2.1)."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed over."""

    host: str
    port: int
    tls: bool
    """From the first byte; else as soon as the server offers it."""
    user: str | None
    password: str | None = field(repr=False)
    sender: str

    @classmethod
    def of(cls, url: str, sender: str | None) -> "MailServer":
        """From ``smtp://user:password@host:port`` or ``smtps://…``. Raises InvalidInputError, which never holds the URL."""
        parts = urlsplit(url)
        try:
            port = parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError):
            port = 0
        if not port or not parts.hostname:
            raise InvalidInputError("AZSCRAPER_SMTP_URL must be like smtp://user:password@mail.example.com:587")
        user = unquote(parts.username) if parts.username else None
        sender = sender or (user if user and "@" in user else f"azscraper@{parts.hostname}")
        password = unquote(parts.password) if parts.password else None
        return cls(parts.hostname, port, parts.scheme == "smtps", user, password, sender)

    @property
    def start_tls(self) -> bool | None:
        """Required before a password is sent, unless TLS is there already; else taken where it is offered."""
        return False if self.tls else True if self.password else None


async def send(server: MailServer, to: str, message: Message, *, clock: Callable[[], datetime]) -> Sending:
    """Hand a mail over. Never raises for what the server does or says."""
    started = time.monotonic()
    try:
        await aiosmtplib.send(
            _mail(server, to, message, now=clock()),
            sender=server.sender,
            recipients=[to],
            hostname=server.host,
            port=server.port,
            use_tls=server.tls,
            start_tls=server.start_tls,
            username=server.user,
            password=server.password,
            timeout=TOTAL_SECONDS,
        )
    except aiosmtplib.SMTPRecipientsRefused as exc:
        code = exc.recipients[0].code if exc.recipients else 0
        return Sending(f"The mail server refused the recipient ({code})", _since(started), refused=code in _REFUSED)
    except aiosmtplib.SMTPTimeoutError:
        return Sending("The mail server did not answer in time", _since(started), timed_out=True)
    except aiosmtplib.SMTPResponseException as exc:
        return Sending(f"The mail server answered {exc.code}", _since(started))
    except (aiosmtplib.SMTPException, OSError):
        return Sending("The mail server could not be reached", _since(started))
    return Sending(None, _since(started))


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _mail(server: MailServer, to: str, message: Message, *, now: datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = message.title
    mail["From"] = f"AzScraper <{server.sender}>"
    mail["To"] = to
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.id}@{server.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.unsubscribe:  # RFC 2369, and RFC 8058 for one click
        mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    _, html = mail.iter_parts()
    assert isinstance(html, EmailMessage)  # noqa: S101 - added two lines above
    for picture in message.pictures:
        html.add_related(picture.png, maintype="image", subtype="png", cid=f"<{picture.name}>", filename=picture.name)
    return mail
