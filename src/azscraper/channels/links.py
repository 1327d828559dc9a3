"""Links in mails, which say by themselves what they are for. Pure."""

import hmac
from dataclasses import dataclass

from azscraper.errors import NotFoundError
from azscraper.tenants.keyring import Keyring, Purpose

CONFIRM = "confirm"
UNSUBSCRIBE = "unsubscribe"
DEFAULT_URL = "http://127.0.0.1:8000"
"""Where the service is if nobody says where."""
_SIGNATURE_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Links:
    """Makes addresses of the dashboard."""

    origin: str
    """Scheme, host and port."""
    keys: Keyring

    def mail(self, what: str, recipient_id: str) -> str:
        """A page that needs no log-in: ``what`` is CONFIRM or UNSUBSCRIBE."""
        return f"{self.origin}/app/mail/{what}/{recipient_id}.{_signature(self.keys.key(Purpose.MAIL_LINK), what, recipient_id)}"

    def page(self, path: str) -> str:
        """A page below ``/app/``."""
        return f"{self.origin}/app/{path}"


def recipient_of(keys: Keyring, what: str, token: str) -> str:
    """The recipient's id that the end of such a link names. Raises NotFoundError for any that is not from us."""
    recipient_id, _, signature = token.partition(".")
    good = (_signature(key, what, recipient_id) for key in keys.all_keys(Purpose.MAIL_LINK).values())
    if not any(hmac.compare_digest(signature.encode(), one.encode()) for one in good):
        raise NotFoundError("This link is not valid")
    return recipient_id


def _signature(key: bytes, what: str, recipient_id: str) -> str:
    return hmac.digest(key, f"{what}:{recipient_id}".encode(), "sha256").hex()[:_SIGNATURE_DIGITS]
