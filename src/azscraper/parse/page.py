"""A page as its reader gets it: the bytes, and the tree or the JSON that they are, made when asked for."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson

from azscraper.parse.document import Document


@dataclass(frozen=True)
class Page:
    """A page that was fetched. Never raises on any bytes."""

    body: bytes
    url: str
    """Where the body came from."""
    media_type: str = "text/html"
    fetched_at: datetime | None = None
    """Promises of delivery name days without a year."""

    @cached_property
    def document(self) -> Document:
        """The tree. A page of JSON has one without an element."""
        body = b"" if self.is_json else self.body
        return Document(body, self.url, self.fetched_at.date() if self.fetched_at else None)

    @cached_property
    def json(self) -> Any:
        """What the body says as JSON; None where it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None

    @property
    def is_json(self) -> bool:
        """Whether its sender calls it JSON."""
        return "json" in self.media_type.lower()
