"""The OpenAPI document: what FastAPI writes, finished by what it can't know.

Apart from ``app``, because it says how the service reads and not how it works.
"""

import re
from typing import Any

import orjson

from azscraper.kinds.registry import kinds
from azscraper.web.openapi.rows import add_rows
from azscraper.wire.envelopes import ErrorEnvelope
from azscraper.words import JobType

_TAGS = {
    "health": "Is it up? For load balancers.",
    "metrics": "For Prometheus.",
    "about": "Marketplaces, and the JSON Schemas of the records. No credential.",
    "auth": "Register, log in and out, hand a log-in to another surface.",
    "me": "The logged-in user.",
    "projects": "What an organization groups its jobs by. An archived project takes no jobs.",
    "jobs": "Post crawl jobs, follow them, get their rows and files.",
    "schedules": "Schedules, which post the same job at given times.",
    "webhooks": "Events that the service sends to your URLs, signed by Standard Webhooks 1.0.",
    "history": "Prices and search positions over time.",
    "usage": "Monthly limits, and credits.",
    "referral": "Codes that bring both sides credits.",
    "api keys": "Keys that reach one project alone. Also served under `/private`.",
    "audit": "Who did what, when, from which address.",
    "admin": "For operators of the installation; everybody else gets 403.",
}
_EVERYWHERE = {
    "500": "An error of the service; the message has a request id",
    "503": "The database does not answer; Retry-After says when to try again",
}
"""Any route may answer so."""
_NO_CREDENTIAL: dict[str, list[str]] = {}
_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorEnvelope"}}}
_SPELLED = {"api": "API", "me": "the logged-in user"}


def finish(document: dict[str, Any]) -> dict[str, Any]:
    """The document with tags explained, short names in words, and the errors that any route may give.

    Takes out FastAPI's own answer to a bad request, 422: it is 400 here, in the one envelope. Says of open routes that
    they take no credential, and of bodies which fields may be left out.
    """
    document["tags"] = [{"name": name, "description": text} for name, text in _TAGS.items()]
    document["servers"] = [{"url": "/", "description": "This service"}]
    for operations in document["paths"].values():
        for operation in operations.values():
            _finish_operation(operation)
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    _add_errors(schemas)
    add_rows(schemas)
    schemas["JobType"]["enum"] = [*JobType, *(name for name in kinds() if name not in set(JobType))]
    _add_warnings(schemas)
    for name in _bodies(document):
        for field in schemas[name].get("properties", {}).values():
            _defaults_in_words(field)
    return document


def _finish_operation(operation: dict[str, Any]) -> None:
    if "HTTPValidationError" in str(operation["responses"].get("422")):
        del operation["responses"]["422"]
    if "operationId" in operation:
        operation["summary"] = _words(operation["operationId"])
    for status, meaning in _EVERYWHERE.items():
        operation["responses"].setdefault(status, {"description": meaning, "content": _ERROR})
    operation.setdefault("security", [])
    if operation["operationId"] == "logout":
        operation["security"].append(_NO_CREDENTIAL)  # the token is welcome and not needed


def _add_errors(schemas: dict[str, Any]) -> None:
    """The envelope that the routes' errors name."""
    envelope = ErrorEnvelope.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas |= envelope.pop("$defs") | {"ErrorEnvelope": envelope}
    _defaults_in_words(schemas["ErrorDetail"]["properties"]["code"])


def _add_warnings(schemas: dict[str, Any]) -> None:
    """``meta.warnings`` of every answer in the envelope: ``web.warnings`` puts them in where there are any."""
    schemas["Warnings"] = {
        "type": "array",
        "items": {"$ref": "#/components/schemas/ErrorDetail"},
        "description": "Parts of the request that have no effect.",
    }
    found = {"warnings": {"$ref": "#/components/schemas/Warnings"}}
    schemas["Meta"]["properties"] |= found
    for name, schema in schemas.items():
        if name.startswith("Envelope_"):
            schema["properties"]["meta"] = {"type": "object", "properties": found}


def _bodies(document: dict[str, Any]) -> set[str]:
    """Names of the schemas that requests are written in."""
    return {
        content["schema"]["$ref"].rpartition("/")[2]
        for operations in document["paths"].values()
        for operation in operations.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        if "$ref" in content["schema"]
    }


def _defaults_in_words(field: dict[str, Any]) -> None:
    """Generators take a field with a default for one that is always there, and then ask their users for it."""
    if "default" not in field:
        return
    default = field.pop("default")
    if default not in (None, {}):
        said = field.get("description", "")
        field["description"] = f"{said} Default: {orjson.dumps(default).decode()}.".strip()


def _words(operation_id: str) -> str:
    """Create API key, of createApiKey."""
    words = [word.lower() for word in re.findall("[A-Z]?[a-z]+", operation_id)]
    text = " ".join(_SPELLED.get(word, word) for word in words)
    return text[0].upper() + text[1:]
