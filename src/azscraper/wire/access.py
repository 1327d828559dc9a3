"""What goes over the wire about users, keys and the audit."""

from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator

from azscraper.tenants.api_keys import ApiKey
from azscraper.tenants.audit import Entry
from azscraper.tenants.logins import Handoff
from azscraper.wire.base import Name, Password, Timestamp, UserOut, Wire


class LoggedOut(Wire):
    """The token that was sent is good for nothing any more."""

    logged_out: bool = True


class HandoffOut(Wire):
    """A one-time code, good for a minute."""

    code: str
    expires_at: Timestamp

    @classmethod
    def of(cls, handoff: Handoff) -> Self:
        """From the feature's value."""
        return cls(code=handoff.code, expires_at=handoff.expires_at)


class HandoffEnvelope(HandoffOut):
    """The code, in the envelope and at the top level, as in a session's answer."""

    data: HandoffOut


class HandoffCode(Wire):
    """A one-time code to trade in."""

    code: Annotated[str, Field(min_length=1, max_length=200)]


class UserChange(Wire):
    """What to change; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["newPassword"], "properties": {"newPassword": {"type": "string"}}},
            "then": {"required": ["currentPassword"], "properties": {"currentPassword": {"type": "string"}}},
            "else": {"properties": {"currentPassword": {"type": "null"}}},
        }
    )

    name: Name | None = None
    current_password: Annotated[str, Field(max_length=256)] | None = None
    new_password: Password | None = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.current_password is None) != (self.new_password is None):
            raise ValueError("currentPassword and newPassword belong together")
        return self


class ChangedUser(UserOut):
    """The user, and after a change of the password a fresh access token: all others are revoked."""

    access_token: str | None = None


class NewApiKey(Wire):
    """A key to make."""

    name: Name = Field(examples=["nightly export"])


_SWITCHES = ("disabled", "enabled")


class ApiKeyChange(Wire):
    """What to change; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={
            "not": {
                "required": list(_SWITCHES),
                "anyOf": [{"properties": {name: {"const": same} for name in _SWITCHES}} for same in (True, False)],
            }
        }
    )

    name: Name | None = None
    disabled: Annotated[bool, Field(strict=True)] | None = None
    enabled: Annotated[bool, Field(strict=True)] | None = None
    """The same, said the other way round."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.disabled is not None and self.disabled == self.enabled:
            raise ValueError("disabled and enabled contradict each other")
        return self

    @property
    def wants_disabled(self) -> bool | None:
        """What either field says."""
        return not self.enabled if self.enabled is not None else self.disabled


class ApiKeyOut(Wire):
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
    """To the minute."""

    @classmethod
    def of(cls, key: ApiKey, /, **more: Any) -> Self:
        """From the feature's value."""
        return cls(
            id=key.id,
            project_id=key.project_id,
            organization_id=key.organization_id,
            name=key.name,
            key_hint=key.key_hint,
            disabled=key.disabled,
            created_at=key.created_at,
            updated_at=key.updated_at,
            last_used_at=key.last_used_at,
            **more,
        )


class NewApiKeyOut(ApiKeyOut):
    """A fresh key: the only answer that carries it."""

    key: str


class KeptApiKey(ApiKeyOut):
    """What is kept of the answer for a repeated request: the key itself is made again from the seed."""

    seed: str


class Deleted(Wire):
    """What is gone."""

    id: str
    deleted: bool = True


class ActorOut(Wire):
    """Who did it."""

    type: str
    """user, key or service."""
    id: str | None


class EntryOut(Wire):
    """One line of the audit."""

    id: str
    actor: ActorOut
    action: str
    object_id: str | None
    address: str | None
    details: dict[str, Any]
    at: Timestamp

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """From the feature's value."""
        return cls(
            id=entry.id,
            actor=ActorOut(type=entry.actor_type, id=entry.actor_id),
            action=entry.action,
            object_id=entry.object_id,
            address=entry.address,
            details=entry.details,
            at=entry.at,
        )
