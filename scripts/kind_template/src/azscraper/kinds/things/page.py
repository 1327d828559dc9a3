"""Which pages these are, and what they say."""

from typing import Any

from azscraper.kinds.kind import Asked, Done, Found
from azscraper.kinds.whole import is_whole
from azscraper.parse.document import first, select, text
from azscraper.parse.page import Page
from azscraper.records import PageKind
from azscraper.records.pages import Read
from azscraper.records.things import ThingsOptions, ThingsRow

_LIST = "TODO-id-of-the-list"
_ROW = ".TODO-class-of-a-row"
_TITLE = ".TODO-class-of-a-title"


def recognises(page: Page) -> bool:
    """Whether it shows the list, whole or not."""
    return page.document.by_id(_LIST) is not None


def reads(page: Page, _: Asked[Any] | None) -> Read:
    """Its rows. Never raises."""
    document = page.document
    if not is_whole(document):
        return Read(wrong=PageKind.TRUNCATED)
    return Read(
        tuple(
            ThingsRow(
                url=page.url,
                marketplace=document.marketplace.host,
                language=document.language,
                position=position,
                title=text(first(node, _TITLE)) or None,
            )
            for position, node in enumerate(select(document.by_id(_LIST), _ROW), 1)
        )
    )


def rows(asked: Asked[ThingsOptions], done: tuple[Done, ...]) -> Found:
    """The rows, with what the target asked for."""
    fetched_at = done[-1].fetched_at
    update = {"key": asked.target.key, "fetched_at": fetched_at}
    records = (one for step in done if step.read for one in step.read.records)
    return Found(tuple(one.model_copy(update=update) for one in records), fetched_at)
