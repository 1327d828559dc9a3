"""Answers of the pretend marketplace: good pages, compressed when asked, and every fault in its form."""

import asyncio
import time
import zlib
from dataclasses import dataclass
from email.utils import formatdate
from functools import cache

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from azscraper.demo.faults import Fault, Faults
from azscraper.demo.goods.locales import JA_JP, Locale
from azscraper.demo.render import Page, other_page

_HTML = "text/html;charset=UTF-8"
_BOMB_BLOCKS = 256
_BOMB_BLOCK = b" " * (1 << 20)
_AWAY = "https://elsewhere.example/landing"
"""RFC 2606 keeps ``.example`` free of real hosts."""

_STATUS_AND_PAGE = {
    Fault.ROBOT_CHECK: (200, "robot_check"),
    Fault.ROBOT_CHECK_503: (503, "robot_check"),
    Fault.CONTINUE_SHOPPING: (200, "continue_shopping"),
    Fault.UNAVAILABLE: (503, "sorry"),
    Fault.RETRY_SECONDS: (503, "sorry"),
    Fault.RETRY_DATE: (503, "sorry"),
    Fault.TOO_MANY: (429, "sorry"),
    Fault.SERVER_ERROR: (500, "sorry"),
    Fault.SIGN_IN: (200, "sign_in"),
    Fault.NOT_FOUND: (404, "not_found"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What an answer depends on."""

    locale: Locale
    gzip: bool
    """Whether the client takes gzip."""
    elsewhere: str
    """Path that a redirect to another product leads to."""


class CutOff(Response):
    """Sends half of its body and then nothing more, so the server cuts the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 part of ASGI
        """Answer without the last part that ASGI asks for."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})


def good(question: Question, page: Page, status: int = 200, *, media_type: str = _HTML) -> Response:
    """The page, in gzip if the client takes it."""
    headers = {"content-type": media_type, "content-language": question.locale.language, "vary": "Accept-Encoding"}
    if question.gzip:
        headers["content-encoding"] = "gzip"
    return Response(page.gzipped if question.gzip else page.body, status, headers)


def not_found(question: Question) -> Response:
    """The dog page with status 404."""
    return good(question, other_page(question.locale, "not_found"), 404)


async def faulty(question: Question, fault: Fault, page: Page, faults: Faults) -> Response:
    """The answer that a fault makes of a good page."""
    if fault in _STATUS_AND_PAGE:
        status, name = _STATUS_AND_PAGE[fault]
        response = good(question, other_page(question.locale, name), status)
        response.headers.update(_retry_after(fault, faults))
        return response
    if fault is Fault.SLOW:
        await asyncio.sleep(faults.delay_seconds)
        return good(question, page)
    return _spoilt(question, fault, page)


def _retry_after(fault: Fault, faults: Faults) -> dict[str, str]:
    """Both forms of RFC 9110, section 10.2.3."""
    if fault is Fault.RETRY_DATE:
        return {"retry-after": formatdate(time.time() + faults.retry_after_seconds, usegmt=True)}
    if fault in {Fault.RETRY_SECONDS, Fault.TOO_MANY}:
        return {"retry-after": str(faults.retry_after_seconds)}
    return {}


def _spoilt(question: Question, fault: Fault, page: Page) -> Response:
    match fault:
        case Fault.REDIRECT_OTHER | Fault.REDIRECT_AWAY:
            target = _AWAY if fault is Fault.REDIRECT_AWAY else question.elsewhere
            return Response(status_code=302, headers={"location": target})
        case Fault.CUT_OFF | Fault.CUT_CHUNKED:
            return _cut(page, chunked=fault is Fault.CUT_CHUNKED)
        case Fault.TRUNCATED:
            return _plain(page.body[: len(page.body) // 2])
        case Fault.WRONG_CHARSET:
            charset = "cp932" if question.locale is JA_JP else "latin-1"
            return _plain(page.body.decode().encode(charset, errors="xmlcharrefreplace"))
        case Fault.GZIP_BOMB:
            return Response(_bomb(), headers={"content-type": _HTML, "content-encoding": "gzip"})
        case _:
            return _plain(b"")


def _plain(body: bytes) -> Response:
    return Response(body, headers={"content-type": _HTML})


def _cut(page: Page, *, chunked: bool) -> CutOff:
    response = CutOff(page.body, headers={"content-type": _HTML})
    if chunked:
        del response.headers["content-length"]
    return response


@cache
def _bomb() -> bytes:
    """256 MiB of blanks as one gzip member: a block compressed once and repeated, which a full flush allows."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(_BOMB_BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(_BOMB_BLOCKS):
        check = zlib.crc32(_BOMB_BLOCK, check)
    header = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    size = _BOMB_BLOCKS * len(_BOMB_BLOCK)
    return header + block * _BOMB_BLOCKS + packer.flush() + check.to_bytes(4, "little") + size.to_bytes(4, "little")
