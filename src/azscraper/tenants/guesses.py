"""How often passwords may be guessed: counted over all API processes, slowed down, told to the account's owner.

Guesses from one network against one account soon wait long, and other people's guesses do not keep an account's owner out:
a browser or client that logged in before has a count of its own (OWASP, "device cookies"), and so has a valid session
that changes its password. Apart from ``logins`` because it is about passwords that are wrong.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from azscraper import email_addresses
from azscraper.errors import RateLimitedError
from azscraper.store.db import SWEPT, Conn, fetch_existing, scalar, sweep
from azscraper.tenants import audit
from azscraper.tenants.accounts import User
from azscraper.tenants.audit import Action
from azscraper.tenants.principal import Principal, network_of

WINDOW = timedelta(minutes=15)
_PROXIES_KEPT = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """What one subject may fail in a window before each further try waits, first shortly, then longer."""

    subject: str
    free: int
    first: timedelta
    most: timedelta

    def delay(self, failures: int) -> timedelta:
        """Between the try that made it so many failures and the next one."""
        doublings = failures - self.free
        return min(self.first * 2 ** min(doublings, 20), self.most) if doublings >= 0 else timedelta()


@dataclass(frozen=True, slots=True)
class Guesser:
    """Whoever sends a password."""

    email: str
    address: str | None
    """IP address; None where there is none."""
    shares_address: bool = False
    """Whether the address is that of a proxy which nobody named: many clients come from it."""
    device: str | None = None
    """A browser or client that has logged in to this account before, by its device cookie."""
    session_of: str | None = None
    """Id of the user whose valid session asks: only that user's sessions count here."""

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The guesser's own first. Always in this order: two log-ins can't lock each other out of their rows."""
        email = email_addresses.key(self.email)
        if self.session_of is not None:
            return (_own(f"session:{self.session_of}"),)
        if self.device is not None:
            return (_own(f"device:{self.device}"),)
        network = network_of(self.address) if self.address else None
        limits = (_own(f"guess:{network or 'unknown'}:{email}"), _everybody(f"account:{email}"))
        return (*limits, _over_accounts(f"address:{network}", shared=self.shares_address)) if network else limits


def _own(subject: str) -> Limit:
    """5 at once, then after 1, 2, 4 … 60 seconds: 25 a window, 2,400 a day, of which none guesses even a poor password soon."""
    return Limit(subject, 5, timedelta(seconds=1), timedelta(seconds=60))


def _everybody(subject: str) -> Limit:
    """One account, from all networks: 80 a window, however many machines guess together."""
    return Limit(subject, 50, timedelta(seconds=30), timedelta(seconds=30))


def _over_accounts(subject: str, *, shared: bool) -> Limit:
    """One network, over all accounts: an office behind one address still gets in, a list of leaks does not."""
    return Limit(subject, 1000 if shared else 50, timedelta(seconds=10), timedelta(seconds=10))


async def count_try(conn: Conn, guesser: Guesser, *, most_wait: timedelta, now: datetime) -> timedelta:
    """Count a failure before the password is looked at, so that parallel guesses can't overrun the limit.

    Returns how long to wait before it is looked at. Raises RateLimitedError, and counts nothing, when that is over
    ``most_wait``. Alike for accounts that exist and those that don't. ``succeeded`` takes it back.
    """
    slots = [await _reserve(conn, limit, most_wait=most_wait, now=now) for limit in guesser.limits]
    await forget_failures(conn, now=now)
    return max(slots) - now


@dataclass(frozen=True, slots=True)
class _Count:
    failures: int
    next_try_at: datetime | None


async def _reserve(conn: Conn, limit: Limit, *, most_wait: timedelta, now: datetime) -> datetime:
    count = await fetch_existing(
        conn,
        _Count,
        """INSERT INTO login_failures AS f (subject, failures, ends_at) VALUES (%(subject)s, 0, %(ends_at)s)
           ON CONFLICT (subject) DO UPDATE
           SET failures = CASE WHEN f.ends_at > %(now)s THEN f.failures ELSE 0 END,
               next_try_at = CASE WHEN f.ends_at > %(now)s THEN f.next_try_at END,
               audit_id = CASE WHEN f.ends_at > %(now)s THEN f.audit_id END,
               ends_at = CASE WHEN f.ends_at > %(now)s THEN f.ends_at ELSE excluded.ends_at END
           RETURNING failures, next_try_at""",
        {"subject": limit.subject, "ends_at": now + WINDOW, "now": now},
    )
    slot = max(now, count.next_try_at or now)
    if slot - now > most_wait:
        raise RateLimitedError("Too many failed log-ins; try again later", ceil((slot - now).total_seconds()))
    delay = limit.delay(count.failures + 1)
    await conn.execute(
        "UPDATE login_failures SET failures = failures + 1, next_try_at = %s WHERE subject = %s",
        [slot + delay if delay else None, limit.subject],
    )
    return slot


async def forget_failures(conn: Conn, *, now: datetime, most: int = SWEPT) -> int:
    """Remove counts whose window is over; how many."""
    return await sweep(conn, "login_failures", "subject", "ends_at < %s", now, most=most)


async def succeeded(conn: Conn, guesser: Guesser) -> None:
    """The password was right: the guesser begins anew, and what was counted for others is taken back."""
    own, *others = guesser.limits
    await conn.execute("DELETE FROM login_failures WHERE subject = %s", [own.subject])
    for limit in others:
        await conn.execute(
            "UPDATE login_failures SET failures = greatest(failures - 1, 0) WHERE subject = %s", [limit.subject]
        )
    if guesser.shares_address and guesser.address:
        await _note_proxy(conn, guesser.address)


async def _note_proxy(conn: Conn, address: str) -> None:
    """For the operator, who has not named this proxy: the header alone may be anybody's, a user who logs in is not."""
    await conn.execute("DELETE FROM unnamed_proxies WHERE seen_at < now() - interval '7 days'")
    await conn.execute(
        """INSERT INTO unnamed_proxies AS p (address, seen_at)
           SELECT %s, now() WHERE (SELECT count(*) FROM unnamed_proxies) < %s
           ON CONFLICT (address) DO UPDATE SET seen_at = now() WHERE p.seen_at < now() - interval '1 hour'""",
        [address, _PROXIES_KEPT],
    )


async def failed(conn: Conn, guesser: Guesser, user: User) -> None:
    """Tell the account's owner: one entry of the audit for the guesser and the window, and in it how often."""
    own = guesser.limits[0].subject
    sql = "SELECT audit_id FROM login_failures WHERE subject = %s FOR UPDATE"
    entry_id = await scalar(conn, str, sql, [own])
    if entry_id is not None:
        await conn.execute("UPDATE failed_logins SET count = count + 1 WHERE audit_id = %s", [entry_id])
        return
    service = Principal(user.organization_id, address=guesser.address)
    entry_id = await audit.note(conn, service, Action.LOGIN_FAILED, user.id, details=_details(guesser))
    await conn.execute("INSERT INTO failed_logins (audit_id, count) VALUES (%s, 1)", [entry_id])
    await conn.execute("UPDATE login_failures SET audit_id = %s WHERE subject = %s", [entry_id, own])


def _details(guesser: Guesser) -> dict[str, object]:
    return {"email": guesser.email.lower(), "knownDevice": guesser.device is not None or guesser.session_of is not None}
