"""Users, keys and the audit on the wire."""

from typing import Any

from azscraper.wire.base import Answer, Timestamp


class UserOut(Answer):
    """A user."""

    id: str
    email: str
    name: str | None
    organization_id: str


class Session(Answer):
    """A fresh access token, good for seven days."""

    access_token: str
    user: UserOut


class SessionEnvelope(Session):
    """The session, in the envelope and at the top level, where published clients read it."""

    data: Session


class LoggedOut(Answer):
    """The access token is revoked."""

    logged_out: bool = True


class HandoffOut(Answer):
    """A one-time code, good for a minute."""

    code: str
    expires_at: Timestamp


class HandoffEnvelope(HandoffOut):
    """The code, in the envelope and at the top level, as in the response of a session."""

    data: HandoffOut


class ChangedUser(UserOut):
    """The user, and after a change of the password a fresh access token: all others are revoked."""

    access_token: str | None = None


class ApiKeyOut(Answer):
    """A key, without its secret."""

    id: str
    project_id: str
    organization_id: str
    name: str
    key_hint: str
    """The key's last four characters."""
    disabled: bool
    created_at: Timestamp
    updated_at: Timestamp
    last_used_at: Timestamp | None
    """Accurate to the minute."""


class NewApiKeyOut(ApiKeyOut):
    """A fresh key: the only answer that carries it."""

    key: str


class KeptApiKey(ApiKeyOut):
    """What is kept of the answer for a repeated request: the key itself is made again from the seed."""

    seed: str


class Deleted(Answer):
    """The object that was deleted."""

    id: str
    deleted: bool = True


class ActorOut(Answer):
    """Who did it."""

    type: str
    """`user`, `key` or `service`."""
    id: str | None


class EntryOut(Answer):
    """One line of the audit."""

    id: str
    actor: ActorOut
    action: str
    object_id: str | None
    address: str | None
    details: dict[str, Any]
    at: Timestamp
