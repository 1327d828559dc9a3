"""The secrets that an endpoint's messages are signed with, sealed in its row.

The release before kept them in clear, in columns of their own. While both run, what it wrote is read as well, and its
columns are empty where a secret is sealed: it refuses to sign with an empty secret, and the queue tries the message
again until a worker of this release takes it. Rows that it wrote are sealed an hour after a worker's start.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString

from azscraper.errors import SealBrokenError
from azscraper.store.db import Conn, fetch_all, fetch_existing
from azscraper.tenants.keyring import Keyring, Purpose
from azscraper.webhooks import sealing

SECRET_OVERLAP = timedelta(hours=24)
"""How long the secret before the last rotation still signs."""
_COLUMNS: LiteralString = """w.id, w.secret, w.previous_secret, w.sealed_secret, w.sealed_previous,
    w.previous_secret_until"""
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Secrets:
    """The columns of a row."""

    id: str
    secret: str
    """In clear, where the release before wrote it last; else empty."""
    previous_secret: str | None
    sealed_secret: bytes | None
    sealed_previous: bytes | None
    previous_secret_until: datetime | None

    def current(self, keys: Keyring) -> str:
        """The secret. Raises SealBrokenError."""
        return self.secret or self._opened(keys, self.sealed_secret)

    def signing(self, keys: Keyring, *, now: datetime) -> list[str]:
        """The secrets that a message is signed with now. Raises SealBrokenError."""
        if self.previous_secret_until is None or self.previous_secret_until <= now:
            return [self.current(keys)]
        return [self.current(keys), *self._before(keys)]

    def _before(self, keys: Keyring) -> list[str]:
        if self.previous_secret:
            return [self.previous_secret]
        # the release before rotates a sealed secret by writing a new one in clear: the sealed one is then that before
        sealed = self.sealed_secret if self.secret else self.sealed_previous
        return [self._opened(keys, sealed)] if sealed else []

    def _opened(self, keys: Keyring, sealed: bytes | None) -> str:
        return sealing.opened(keys, sealed or b"", purpose=Purpose.WEBHOOK_SECRET, place=self.id)


async def rotate(conn: Conn, keys: Keyring, webhook_id: str, secret: str, *, now: datetime) -> None:
    """Seal the new secret; the one before signs along for a day, if it can be read. The caller has locked the row."""
    row = await fetch_existing(conn, Secrets, f"SELECT {_COLUMNS} FROM webhooks w WHERE w.id = %s", [webhook_id])
    before: str | None = None
    with suppress(SealBrokenError):  # whoever can't read it any more rotates for that
        before = row.current(keys)
    await _write(conn, keys, webhook_id, secret, before=before, until=now + SECRET_OVERLAP if before else None)


async def _write(
    conn: Conn, keys: Keyring, webhook_id: str, secret: str, *, before: str | None, until: datetime | None
) -> None:
    await conn.execute(
        """UPDATE webhooks SET secret = '', sealed_secret = %s, updated_at = now(),
               previous_secret = %s, sealed_previous = %s, previous_secret_until = %s WHERE id = %s""",
        [
            sealed(keys, secret, webhook_id),
            None if before is None else "",  # the release before has one exactly when it has an end of it
            None if before is None else sealed(keys, before, webhook_id),
            until,
            webhook_id,
        ],
    )


def sealed(keys: Keyring, secret: str, webhook_id: str) -> bytes:
    """The secret as the row of this webhook holds it."""
    return sealing.seal(keys, secret, purpose=Purpose.WEBHOOK_SECRET, place=webhook_id)


async def seal_again(conn: Conn, keys: Keyring, *, now: datetime) -> int:
    """Seal what is in clear, or was sealed with a key that was replaced; how many rows, at most a hundred."""
    replaced = [bytes.fromhex(kid) for kid in keys.all_keys(Purpose.WEBHOOK_SECRET) if kid != keys.kid]
    rows = await fetch_all(
        conn,
        Secrets,
        f"""SELECT {_COLUMNS} FROM webhooks w WHERE w.secret <> '' OR substring(w.sealed_secret FROM 2 FOR 4) = ANY(%s)
            LIMIT %s FOR UPDATE SKIP LOCKED""",
        [replaced, _AT_ONCE],
    )
    for row in rows:
        current, *before = row.signing(keys, now=now)
        until = row.previous_secret_until if before else None
        await _write(conn, keys, row.id, current, before=before[0] if before else None, until=until)
    return len(rows)
