"""``azscraper extract``: saved pages in, JSON out."""

import gzip
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from azscraper.cli import apart
from azscraper.errors import InvalidInputError
from azscraper.records import PageKind, Parsed

_GZIP_MAGIC = b"\x1f\x8b"


_AUTO = "auto"


def extract(  # noqa: PLR0917 - the options of a command
    files: Annotated[list[str], typer.Argument(help="Saved pages, gzip'd or not; - is standard input.")],
    url: Annotated[
        str, typer.Option(help="Address of the pages. Default: the marketplace is read from the pages.")
    ] = "",
    kind: Annotated[
        str, typer.Option(metavar="TYPE", help="What the pages are: a type of jobs, such as details; auto finds out.")
    ] = _AUTO,
    save_case: Annotated[
        Path | None,
        typer.Option("--save-case", help="Folder to save each page in, with what was read, as a test case."),
    ] = None,
    explain: Annotated[
        str,
        typer.Option(
            metavar="FIELD",
            help="Instead of the record, print which source gave this field (listPrice) its value, and what the others say; of '*' all fields, and which named regions of the page no source reads.",
        ),
    ] = "",
    fetched: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Day on which the pages were fetched, for delivery days. Default: from their copyright year.",
        ),
    ] = None,
) -> None:
    """Read saved pages and print one JSON object per page. A blocked page is not an error: its kind says so."""
    from azscraper.kinds.recognise import parse  # noqa: PLC0415 - a third of a second, which --help need not wait for
    from azscraper.kinds.registry import kinds  # noqa: PLC0415 - as above

    if kind not in {_AUTO, *kinds()}:
        raise InvalidInputError(f"There is no kind {kind!r} of pages: --kind takes auto, {', '.join(kinds())}")
    day = fetched.date() if fetched else None
    piped = sys.stdin.buffer.read() if "-" in files else b""  # the child that reads has no standard input

    def read(name: str) -> dict[str, Any]:
        body = _read(name, piped)
        if explain:
            return _explained(name, body, url, explain, day)
        media_type = "application/json" if _is_json(name) else "text/html"
        page = _page(name, parse(body, url, day, media_type=media_type), kind)
        if save_case is not None:
            _save_case(save_case / Path(name).name.partition(".")[0], body, url, page)
        return page

    for name, page in apart.each(files, read):
        sys.stdout.buffer.write(orjson.dumps(page or _ended(name)) + b"\n")


def _ended(name: str) -> dict[str, Any]:
    return {"file": name, "kind": PageKind.UNREADABLE, "warnings": ["reading it took too long, so it was ended"]}


def _explained(name: str, body: bytes, url: str, field: str, fetched_on: date | None) -> dict[str, Any]:
    from azscraper.kinds.explain import explain, explain_all  # noqa: PLC0415 - as above

    if field == "*":
        kind, told = explain_all(body, url, fetched_on)
        return {"file": name, "kind": kind} | told
    kind, found = explain(body, url, field, fetched_on)
    page: dict[str, Any] = {"file": name, "kind": kind, "field": field}
    if not found:
        return page | {"warnings": [f"a page of kind {kind} has no {field}"]}
    return page | {"explanations": [one.as_json() for one in found]}


def _save_case(folder: Path, body: bytes, url: str, page: dict[str, Any]) -> None:
    """``page.html.gz`` or ``page.json.gz``, and ``case.json`` with the address and what was read: check it by eye, then mend what is wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    ending = "json" if _is_json(page["file"]) else "html"
    (folder / f"page.{ending}.gz").write_bytes(gzip.compress(body, mtime=0))
    expected = {key: value for key, value in page.items() if key != "file"}
    case = orjson.dumps({"url": url, "expected": expected}, option=orjson.OPT_INDENT_2)
    (folder / "case.json").write_bytes(case + b"\n")


def _is_json(name: str) -> bool:
    return Path(name.removesuffix(".gz")).suffix == ".json"


def _read(name: str, piped: bytes) -> bytes:
    try:
        body = piped if name == "-" else Path(name).read_bytes()
        return gzip.decompress(body) if body.startswith(_GZIP_MAGIC) else body
    except (OSError, EOFError) as exc:
        raise InvalidInputError(
            f"{name} can't be read: {_reason(exc)}; name saved pages, or - for standard input"
        ) from exc


def _reason(exc: OSError | EOFError) -> str:
    """What the system says, without its number and the name once more; a broken gzip file has only its own words."""
    return getattr(exc, "strerror", None) or str(exc)


def _page(name: str, parsed: Parsed, kind: str) -> dict[str, Any]:
    from azscraper.kinds.recognise import as_json  # noqa: PLC0415 - as above

    if kind not in {_AUTO, parsed.type}:
        return {"file": name, "kind": parsed.kind, "warnings": [*parsed.warnings, f"not a {kind} page"]}
    return {"file": name} | as_json(parsed)
