"""The OpenAPI document: what FastAPI writes, finished by what it can't know.

Apart from ``app``, because it says how the service reads and not how it works.
"""

import re
from typing import Any

_TAGS = {
    "health": "Is it up? For load balancers.",
    "metrics": "For Prometheus.",
    "about": "Marketplaces, and the JSON Schemas of the records. No credential.",
    "auth": "Register, log in and out, hand a log-in to another surface.",
    "me": "The logged-in user.",
    "projects": "What an organization groups its jobs by. An archived project takes no jobs.",
    "jobs": "Post crawl jobs, follow them, get their rows and files.",
    "schedules": "Jobs that are posted again and again by the clock.",
    "webhooks": "Being told, signed by Standard Webhooks 1.0.",
    "history": "Prices and search positions over time.",
    "usage": "Monthly limits, and credits.",
    "referral": "Codes that bring both sides credits.",
    "api keys": "Keys that reach one project alone. Also served under `/private`.",
    "audit": "Who did what, when, from which address.",
    "admin": "For operators of the installation; everybody else gets 403.",
}
_EVERYWHERE = {
    "500": "Our fault; the message carries a request id",
    "503": "The database does not answer; Retry-After says when to come again",
}
"""Any route may answer so."""
_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorEnvelope"}}}
_SPELLED = {"api": "API", "me": "the logged-in user"}


def finish(document: dict[str, Any]) -> dict[str, Any]:
    """The document with tags explained, short names in words, and the errors that any route may give.

    Takes out FastAPI's own answer to a bad request, 422: it is 400 here, in the one envelope.
    """
    document["tags"] = [{"name": name, "description": text} for name, text in _TAGS.items()]
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            if "operationId" in operation:
                operation["summary"] = _words(operation["operationId"])
            for status, meaning in _EVERYWHERE.items():
                operation["responses"].setdefault(status, {"description": meaning, "content": _ERROR})
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    return document


def _words(operation_id: str) -> str:
    """Create API key, of createApiKey."""
    words = [word.lower() for word in re.findall("[A-Z]?[a-z]+", operation_id)]
    text = " ".join(_SPELLED.get(word, word) for word in words)
    return text[0].upper() + text[1:]
