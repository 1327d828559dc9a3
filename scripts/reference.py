"""``make docs``: the reference pages that are written from the code. ``--check`` fails where a page is stale."""

import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import typer
from pydantic import BaseModel
from reference_client import client_page

from azscraper import errors
from azscraper.cli import app
from azscraper.config import PREFIX, Settings
from azscraper.kinds.explain import sources_of
from azscraper.kinds.registry import BUILT_IN
from azscraper.marketplaces import MARKETPLACES
from azscraper.records import PageKind
from azscraper.records.field_texts import texts_of_classes
from azscraper.records.parts import Record
from azscraper.tenants.keyring import Keyring
from azscraper.web.app import STATUS_OF_CODE, make_app
from azscraper.web.deps import Services
from azscraper.worker import utc_now

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs" / "reference"
_LEVELS = re.compile(r"(?<=<!-- levels -->\n\n).*(?=\n<!-- /levels -->)", re.DOTALL)


def settings_page() -> str:
    lines = [
        "# Settings",
        "",
        "Read once at start from the environment.",
        "",
        "| variable | default | meaning |",
        "| --- | --- | --- |",
    ]
    texts = texts_of_classes("azscraper.config")["Settings"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, ()) else field.default
        lines.append(f"| `{PREFIX}{name.upper()}` | {f'`{default}`' if default != '' else ''} | {_cell(texts[name])} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """On one line: a line break ends a table."""
    return " ".join(text.split())


def records_page() -> str:
    lines = [
        "# Records",
        "",
        "JSON keys are camelCase. What a page does not show is `null` (lists: empty); what it shows and could not be read is `null`",
        "as well, and its name stands in `warnings`.",
    ]
    for record in _records():
        lines += ["", f"## {record.__name__}", "", (record.__doc__ or "").strip(), *_table(record)]
        lines += _sources(record)
    lines += ["", "## Parts of records"]
    for part in _parts():
        lines += ["", f"### {part.__name__}", "", (part.__doc__ or "").strip(), *_table(part)]
    lines += ["", "## Page kinds", "", *(f"- `{kind}`" for kind in _page_kinds())]
    return "\n".join(lines) + "\n"


def _sources(record: type[Record]) -> list[str]:
    """Where the fields of a record are read."""
    rows = [
        f"| `{info.alias or name}` | {', '.join(_source(one) for one in listed)} |"
        for name, info in record.model_fields.items()
        if (listed := sources_of(record, name))
    ]
    return (
        [
            "",
            f"### Sources of {record.__name__}",
            "",
            "Best first: a field has the value of the first source that says something. `#name` is an element by its id. `azscraper extract PAGE --explain FIELD` asks them all.",
            "",
            "| field | sources |",
            "| --- | --- |",
            *rows,
        ]
        if rows
        else []
    )


def _source(name: str) -> str:
    """Ids, selectors and keys are code, the years of a layout stand in brackets."""
    era = re.search(r", ([^,]*)$" if name.startswith("#") else r", ([^,]*\b\d{4}\b.*)$", name)
    place = name[: era.start()] if era else name
    is_code = re.match(r"[#.\[]|\w+[.\[][\w]*\S*$", place) is not None
    return (f"`{place}`" if is_code else place) + (f" ({era[1]})" if era else "")


def _table(record: type[BaseModel]) -> list[str]:
    schema = record.model_json_schema(by_alias=True, mode="serialization")
    rows = [
        f"| `{name}` | {_type(part)} | {_cell(part.get('description', ''))} |"
        for name, part in schema["properties"].items()
    ]
    return ["", "| field | type | meaning |", "| --- | --- | --- |", *rows]


def _type(part: dict[str, Any]) -> str:
    if "anyOf" in part:
        return " or ".join(_type(option) for option in part["anyOf"])
    if "$ref" in part:
        return part["$ref"].rsplit("/", 1)[1]
    if part.get("type") == "array":
        return f"list of {_type(part['items'])}"
    if isinstance(part.get("additionalProperties"), dict):
        return f"mapping to {_type(part['additionalProperties'])}"
    return part.get("format") or part.get("type", "any")


def _parts() -> list[type[Record]]:
    names = {name for record in _records() for name in record.model_json_schema(mode="serialization").get("$defs", {})}
    return sorted((one for one in _all_of(Record) if one.__name__ in names), key=lambda one: one.__name__)


def _all_of(record: type[Record]) -> Iterator[type[Record]]:
    for one in record.__subclasses__():
        yield from (one, *_all_of(one))


def _records() -> list[type[Record]]:
    """Rows and summaries of all kinds."""
    return list(dict.fromkeys(record for kind in BUILT_IN for record in kind.schemas.values()))


def _page_kinds() -> Iterator[str]:
    """Also those that are no member of ``PageKind``: what a kind calls its pages."""
    named = (kind.page_name for kind in BUILT_IN)
    empty = (f"empty_{kind.page_name}" for kind in BUILT_IN if kind.empty_is_success)
    return iter(dict.fromkeys(map(str, (*PageKind, *named, *empty))))


def marketplaces_page() -> str:
    lines = [
        "# Marketplaces",
        "",
        "The 24 sites. Ids are [Amazon's own](https://developer-docs.amazon.com/sp-api/docs/marketplace-ids), save that of China: the",
        "list has it no longer, and the pages of the site name it in their scripts (`ue_mid`).",
        "",
        "Jobs of type `suggestions` ask the host that completes searches. A site without one refuses such targets, because the host of",
        "another site would answer for another marketplace.",
        "",
        "| site | country | currency | languages | id | completes searches |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    sources = list(dict.fromkeys(site.completion.source for site in MARKETPLACES.values() if site.completion))
    for site in MARKETPLACES.values():
        ends = f"`{site.completion.host}` [{sources.index(site.completion.source) + 1}]" if site.completion else ""
        spoken = ", ".join(site.languages)
        lines.append(f"| {site.domain} | {site.country} | {site.currency} | {spoken} | `{site.id}` | {ends} |")
    lines += ["", "Sources of the hosts that complete searches:", ""]
    lines += [f"{number}. {source[0].upper()}{source[1:]}." for number, source in enumerate(sources, 1)]
    return "\n".join(lines) + "\n"


def errors_page() -> str:
    lines = ["# Errors", "", "## Of the HTTP service", "", "Every failure has the one envelope:", "", "```json"]
    lines += [
        '{"success": false, "error": {"code": "NOT_FOUND", "message": "Job not found", "details": []}}',
        "```",
        "",
    ]
    lines += [
        "| code | status |",
        "| --- | --- |",
        *(f"| `{code}` | {status} |" for code, status in STATUS_OF_CODE.items()),
    ]
    lines += [
        "",
        "## Of a target",
        "",
        "| code | meaning |",
        "| --- | --- |",
        *(f"| `{c}` | {m} |" for c, m in TARGET_CODES.items()),
    ]
    return "\n".join(lines) + "\n"


TARGET_CODES = {
    "not_found": "the marketplace says that there is no such page",
    "blocked": "the marketplace answered with robot checks until the tries were used up",
    errors.FetchTimeoutError.code: "no whole answer within the time limits",
    errors.FetchError.code: "the marketplace, the connection or the proxy failed, or the page broke a limit",
    errors.RobotsDeniedError.code: "robots.txt forbids the page",
    "sign_in_required": "the marketplace shows the page only to those who sign in; never tried again",
    errors.RobotsUnreadableError.code: "robots.txt could not be read, so nothing was asked for; tried again until the tries were used up",
    errors.PageGoneError.code: "a page that was to be read again is no longer in the archive",
    errors.ParseError.code: "a page came that is not what was asked for",
    "invalid": "the target itself is wrong",
}


COMMANDS_INTRO = """\
| exit code | meaning |
| --- | --- |
| 0 | done; of a job that was waited for: every target succeeded |
| 1 | the job failed, was cancelled, or has targets that failed |
| 2 | what was asked for is wrong or not allowed; one line on standard error says why |
| 3 | the service does not answer |
| 130 | interrupted; a job that was waited for goes on |

`AZSCRAPER_URL`, `AZSCRAPER_API_KEY` or `AZSCRAPER_TOKEN`, and `AZSCRAPER_PROJECT` take the place of a log-in. Results go to standard
output, notes and progress to standard error. `azscraper --install-completion` completes commands and options in your shell."""


def commands_page() -> str:
    lines = ["# Command line", "", COMMANDS_INTRO, ""]
    for name, sub in _commands(typer.main.get_command(app)):
        lines += [f"## azscraper {name}", "", (sub.help or "").strip(), "", "| argument | meaning |", "| --- | --- |"]
        for param in sub.params:
            names = ", ".join(f"`{option}`" for option in param.opts) if param.opts else f"`{param.name}`"
            lines.append(f"| {names} | {getattr(param, 'help', '') or ''} |")
        lines.append("")
    return "\n".join(lines)


def _commands(group: Any, prefix: str = "") -> list[tuple[str, Any]]:
    found = []
    context = typer.Context(group)
    for name, command in sorted((name, group.get_command(context, name)) for name in group.list_commands(context)):
        inner = hasattr(command, "commands")
        if not inner or command.invoke_without_command:
            found.append((prefix + name, command))
        if inner:
            found += _commands(command, f"{prefix}{name} ")
    return found


def api_page() -> str:
    document = make_app(Services(pool=None, keys=Keyring(""), default_plan="", clock=utc_now)).openapi()
    lines = ["# HTTP API", "", API_INTRO]
    tags = dict.fromkeys(tag for found in _operations(document) for tag in found["tags"])
    for tag in tags:
        lines += ["", f"## {tag.capitalize()}"]
        for found in _operations(document):
            if found["tags"][0] == tag:
                lines += ["", f"### {found['method']} {found['path']}", "", *_operation(found, document)]
    return "\n".join(lines) + "\n"


API_INTRO = """\
Written from the service's own `/openapi.json`, which clients can be generated from. Success is `{"data": …}`, lists add `meta`; failure is the
one [error envelope](errors.md). The credential is `Authorization: Bearer` with an access token or a project's key, or `X-API-Key` with a key."""


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, operations in document["paths"].items():
        for method, found in operations.items():
            yield {"path": path, "method": method.upper(), "tags": ["service"]} | found


def _operation(found: dict[str, Any], document: dict[str, Any]) -> list[str]:
    lines = [found.get("description", found["summary"]), "", f"`{found['operationId']}` · {_credential(found)}"]
    rows = [_row(p["name"], p["schema"], p.get("description", "")) for p in found.get("parameters", [])]
    for media, content in found.get("requestBody", {}).get("content", {}).items():
        if media == "application/json":
            schema = _resolved(content["schema"], document)
            required = schema.get("required", [])
            for name, part in schema.get("properties", {}).items():
                rows.append(_row(name + ("" if name in required else "?"), part, part.get("description", "")))
    if rows:
        lines += ["", "| field | type | meaning |", "| --- | --- | --- |", *rows]
    statuses = [f"{status} {reply['description']}" for status, reply in found["responses"].items() if status != "500"]
    return [*lines, "", "Answers: " + "; ".join(statuses) + "."]


def _credential(found: dict[str, Any]) -> str:
    schemes = {name for one in found.get("security", []) for name in one}
    if not schemes:
        return "no credential"
    return "a token or a project's key" if len(schemes) > 1 else "a user's token"


def _resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    return document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema


def _row(name: str, part: dict[str, Any], meaning: str) -> str:
    return f"| `{name}` | {_type(part)} | {' '.join(meaning.split())} |"


def architecture_page() -> str:
    """The page with its table of levels as the import contract has them, the lowest first."""
    page = (ROOT / "docs" / "architecture.md").read_text()
    return _LEVELS.sub(lambda _: "\n".join(_levels()), page)


def _levels() -> Iterator[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    yield from ("| level | folder or module | what it is |", "| --- | --- | --- |")
    for level, layer in enumerate(reversed(layers), 1):
        for name in re.split(r" [|:] ", layer):
            module = importlib.import_module(f"azscraper.{name}")
            folder = "/" if hasattr(module, "__path__") else ""
            yield f"| {level} | `{name}{folder}` | {_cell(_summary(module))} |"


def _summary(module: ModuleType) -> str:
    text = (module.__doc__ or "").split("\n\n")[0].replace("``", "`")
    return re.sub(r":func:`(\w+)`", r"`\1`", text)


PAGES = {
    "../architecture.md": architecture_page,
    "api.md": api_page,
    "client.md": client_page,
    "settings.md": settings_page,
    "records.md": records_page,
    "marketplaces.md": marketplaces_page,
    "errors.md": errors_page,
    "commands.md": commands_page,
}


def main() -> None:
    stale = [name for name, page in PAGES.items() if not (DOCS / name).exists() or (DOCS / name).read_text() != page()]
    if "--check" in sys.argv:
        if stale:
            sys.exit(f"stale: {', '.join(stale)}; run make docs")
        return
    DOCS.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (DOCS / name).write_text(PAGES[name]())
        print(f"wrote {(DOCS / name).resolve().relative_to(ROOT)}")


if __name__ == "__main__":
    main()
