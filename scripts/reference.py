"""``make docs``: the reference pages that are written from the code. ``--check`` fails where a page is stale."""

import sys
from pathlib import Path
from typing import Any

import typer
from pydantic import BaseModel

from azscraper import errors
from azscraper.cli import app
from azscraper.config import PREFIX, Settings
from azscraper.records import PageKind, PageSummary, Product, SearchRow
from azscraper.web.app import STATUS_OF_CODE

DOCS = Path(__file__).parents[1] / "docs" / "reference"


def settings_page() -> str:
    lines = [
        "# Settings",
        "",
        "Read once at start from the environment.",
        "",
        "| variable | default | meaning |",
        "| --- | --- | --- |",
    ]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, ()) else field.default
        lines.append(f"| `{PREFIX}{name.upper()}` | {f'`{default}`' if default != '' else ''} | {field.description} |")
    return "\n".join(lines) + "\n"


def records_page() -> str:
    lines = [
        "# Records",
        "",
        "JSON keys are camelCase. What a page does not show is `null` (lists: empty); what it shows and could not be read is `null`",
        "as well, and its name stands in `warnings`.",
    ]
    for record in (Product, SearchRow, PageSummary):
        lines += ["", f"## {record.__name__}", "", (record.__doc__ or "").strip(), *_table(record)]
    lines += ["", "## Parts of records"]
    for part in _parts():
        lines += ["", f"### {part.__name__}", "", (part.__doc__ or "").strip(), *_table(part)]
    lines += ["", "## Page kinds", "", *(f"- `{kind}`" for kind in PageKind)]
    return "\n".join(lines) + "\n"


def _table(record: type[BaseModel]) -> list[str]:
    schema = record.model_json_schema(by_alias=True, mode="serialization")
    rows = [
        f"| `{name}` | {_type(part)} | {part.get('description', '')} |" for name, part in schema["properties"].items()
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


def _parts() -> list[type[BaseModel]]:
    from azscraper import records  # noqa: PLC0415 - looked through by name

    names = (
        Product.model_json_schema(mode="serialization")["$defs"]
        | SearchRow.model_json_schema(mode="serialization")["$defs"]
    )
    parts = [getattr(records, name) for name in sorted(names)]
    return [part for part in parts if issubclass(part, BaseModel)]


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
    errors.RobotsDeniedError.code: "robots.txt forbids the page, or could not be read",
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
    for name, command in sorted(group.commands.items()):
        inner = hasattr(command, "commands")
        if not inner or command.invoke_without_command:
            found.append((prefix + name, command))
        if inner:
            found += _commands(command, f"{prefix}{name} ")
    return found


PAGES = {
    "settings.md": settings_page,
    "records.md": records_page,
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
        print(f"wrote docs/reference/{name}")


if __name__ == "__main__":
    main()
