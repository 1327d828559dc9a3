"""What changed, as a file: CSV, or a workbook for people."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import orjson
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from azscraper.results import exports, formats
from azscraper.results.formats import ANYBODY, Format, Names, Reader
from azscraper.results.formats_xlsx import xlsx_file
from azscraper.store.db import Conn
from azscraper.tenants import plans, projects
from azscraper.tenants.principal import Principal
from azscraper.tracking.alerts import wording
from azscraper.tracking.finding import changes
from azscraper.tracking.finding.changes import Changed, Wanted
from azscraper.tracking.history import Cursor
from azscraper.web.attachments import attachment
from azscraper.words import MONEY_FIELDS, SeriesField

MOST = 10_000
"""Changes of a file, the newest."""
_AT_ONCE = 1000


class ChangeRow(BaseModel):
    """A change as a row of a file."""

    time: datetime
    marketplace: str
    asin: str
    title: str | None
    change: str
    """The field's name, as the API has it."""
    before: float | str | None
    after: float | str | None
    currency: str | None
    percent: float | None
    """By how much a number moved, of the number before."""
    link: str


def _told(one: Changed, reader: Reader | None) -> ChangeRow:
    """For a reader fields and states are in words."""
    is_money = one.field in MONEY_FIELDS
    before, after = (value.text if value.number is None else float(value.number) for value in (one.before, one.after))
    if is_money or one.field == SeriesField.BULLETS:  # a hash says nothing, nor does a currency without an amount
        before, after = (None if isinstance(value, str) else value for value in (before, after))
    if reader is not None:
        before, after = (
            wording.value(value, reader.language, field=one.field) if isinstance(value, str) else value
            for value in (before, after)
        )
    return ChangeRow(
        time=one.observed_at,
        marketplace=one.marketplace,
        asin=one.asin,
        title=one.title,
        change=one.field if reader is None else wording.field(one.field, reader.language),
        before=before,
        after=after,
        currency=(one.value_text or one.before_text) if is_money else None,
        percent=None if one.percent is None else round(one.percent, 2),
        link=f"https://{one.marketplace}/dp/{one.asin}",
    )


async def find(conn: Conn, principal: Principal, project_id: str, wanted: Wanted, *, now: datetime) -> list[Changed]:
    """The newest ten thousand, a thousand at once, counted as an export of the month.

    Raises NotFoundError when the principal reaches no such project, and QuotaExceededError, and then the caller's transaction must
    roll back.
    """
    await projects.get(conn, principal, project_id)
    await plans.charge_export(conn, principal.organization_id, now=now)
    found: list[Changed] = []
    cursor: Cursor | None = None
    while len(found) < MOST:
        page = await changes.find_changes(conn, principal, project_id, wanted, limit=_AT_ONCE, cursor=cursor)
        found += page.items
        if page.cursor is None:
            break
        cursor = Cursor.read(page.cursor)
    return found


async def _lines(rows: Sequence[Changed], reader: Reader | None) -> AsyncIterator[bytes]:
    """Blocks of JSON lines."""
    for first in range(0, len(rows), _AT_ONCE):
        block = rows[first : first + _AT_ONCE]
        yield b"".join(orjson.dumps(_told(each, reader).model_dump()) + b"\n" for each in block)


def answer(rows: Sequence[Changed], kind: Format, *, now: datetime, reader: Reader | None = None) -> StreamingResponse:
    """CSV, or a workbook with headers in words; for a reader both are in words, in the reader's language."""
    person, lines = reader or ANYBODY, _lines(rows, reader)
    if kind is Format.XLSX:
        file = xlsx_file(lines, {"changes": ChangeRow}, names=Names.LABELS, reader=person)
    else:
        names = Names.DOTTED if reader is None else Names.LABELS
        file = formats.csv_file(lines, formats.columns(ChangeRow), names=names, reader=person)
    headers = {
        "Content-Disposition": attachment(exports.named("changes", now, f".{kind}", person.zone)),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(file, media_type=formats.MEDIA_TYPES[kind], headers=headers)
