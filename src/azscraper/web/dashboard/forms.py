"""Fields of forms as the API's own bodies, so that both are checked by the same rules."""

from collections.abc import Mapping
from typing import Any, TypeVar
from zoneinfo import available_timezones

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from azscraper.errors import Detail, InvalidInputError
from azscraper.marketplaces import Marketplace
from azscraper.parse.values import money
from azscraper.wire.requests import in_words

B = TypeVar("B", bound=BaseModel)
ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))
)
"""Time zones that a form proposes."""


def text(fields: FormData, name: str) -> str:
    """A field's text without the spaces around it; empty when it was not sent."""
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def texts(fields: FormData, name: str) -> list[str]:
    """All texts of a field that can be sent several times."""
    return [value for value in fields.getlist(name) if isinstance(value, str)]


def comma_texts(fields: FormData, name: str) -> list[str]:
    """The texts of a field that takes several with commas between."""
    return [part for each in text(fields, name).split(",") if (part := each.strip())]


def given(fields: FormData, *names: str) -> dict[str, str]:
    """The fields that were filled in."""
    return {name: value for name in names if (value := text(fields, name))}


def number(fields: FormData, name: str) -> dict[str, Any]:
    """The field as a number where it reads as one; otherwise as it is, so that the body's rules name it."""
    value = text(fields, name)
    if not value:
        return {}
    try:
        return {name: int(value) if value.isdecimal() else float(value.replace(",", "."))}
    except ValueError:
        return {name: value}


def amount(fields: FormData, name: str, marketplace: Marketplace) -> str | None:
    """An amount as people write it, such as ``1.050,00 €``, as ``1050.00``; None when it was left empty.

    A text that does not read as an amount stays as it is, so that the body's rules name it.
    """
    written = text(fields, name)
    found = money(written, marketplace) if written else None
    return f"{found.amount:f}" if found else written or None


def read(body: type[B], values: Mapping[str, Any], called: Mapping[str, str] | None = None) -> B:
    """The body. Raises InvalidInputError that names each bad field as the form does; ``called`` where it has another name there."""
    try:
        return body.model_validate(values)
    except ValidationError as exc:
        found = [
            (".".join(map(str, error["loc"])), error) for error in exc.errors(include_input=False, include_url=False)
        ]
        details = [Detail((called or {}).get(name, name) or "form", in_words(error)) for name, error in found]
        raise InvalidInputError("Please check what you entered", details) from exc
