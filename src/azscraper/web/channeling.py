"""Bodies of channels as the places that they name; the API and the dashboard read them so."""

from azscraper import email_addresses
from azscraper.channels import services as known
from azscraper.channels.channels import Place
from azscraper.errors import ConflictError
from azscraper.web.deps import Services
from azscraper.wire.channels import NewChannel


def place_of(body: NewChannel, services: Services) -> Place:
    """Where the channel leads. Raises InvalidInputError for ``url``, and ConflictError where there are no mails."""
    if body.url is not None:
        return Place(url=body.url, service=known.service_of(body.url, services.channel_hosts))
    if not services.sends_mail:
        raise ConflictError("This installation sends no e-mail; the operator can set AZSCRAPER_SMTP_URL")
    return Place(email=email_addresses.written(str(body.email)))
