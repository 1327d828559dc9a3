"""Answers of 2024 on to the script of a review list: commands, each a JSON list, with ``&&&`` between them."""

from collections.abc import Iterator

import orjson

from azscraper.bytesearch import find
from azscraper.parse.page import Page

_BETWEEN = b"&&&"
_DRAW = {"append", "update"}
_LIST = b"#cm_cr-review_list"
_HEAD_BYTES = 64
_MOST = 200
_PARTS = 3
"""Of a command that draws: what to do, where, and the HTML."""


def is_answer(page: Page) -> bool:
    """Whether the body is one that draws reviews."""
    head = page.body[:_HEAD_BYTES].lstrip()
    return head.startswith(b"[") and find(page.body, _BETWEEN) >= 0 and find(page.body, _LIST) >= 0


def drawn(body: bytes) -> bytes:
    """What the commands draw, one below the other, as a page of HTML. Never raises."""
    return "".join(_pieces(body)).encode("utf-8", "replace")


def _pieces(body: bytes) -> Iterator[str]:
    for part in body.split(_BETWEEN, _MOST)[:_MOST]:
        try:
            command = orjson.loads(part)
        except orjson.JSONDecodeError:
            continue
        if isinstance(command, list) and len(command) >= _PARTS and command[0] in _DRAW and isinstance(command[2], str):
            yield command[2]
