"""The bytes of a page as UTF-8 or text, by byte-order mark, declaration, or the habit of its site. Pure."""

import re

from azscraper.bytesearch import find

_ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|[ntr\\'\"])")
_ESCAPED = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"\\": b"\\", b"'": b"'", b'"': b'"'}
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_HEAD_BYTES = 65_536  # 2011 pages declare their charset after 16 KB of scripts
_CODECS = {  # https://encoding.spec.whatwg.org/#names-and-labels, the ones that Amazon has used
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "windows-1252": "cp1252",
    "shift_jis": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jp",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
}
_SAMPLE_BYTES = 60_000  # of a fragment that names no language
_HOST_CODECS = {"www.amazon.co.jp": "cp932", "www.amazon.cn": "gb18030"}


def decoded(body: bytes, host: str) -> bytes | str:
    """Bytes that are UTF-8 stay as they are; others become text by mark, declaration, or the site's old habit."""
    if body[:2] in {b"b'", b'b"'} and b"\\n" in body[:200]:
        body = _unescaped(body)
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body.decode(codec, "replace")
    declared = _META_CHARSET.search(body, 0, _HEAD_BYTES)
    if (declared and declared[1].lower() in {b"utf-8", b"utf8"}) or body.isascii() or _is_utf8(body):
        return body
    if declared is None:
        return body.decode(_HOST_CODECS.get(host, "cp1252"), "replace")
    return body.decode(_CODECS.get(declared[1].decode("ascii").lower(), "utf-8"), "replace")


def _unescaped(body: bytes) -> bytes:
    """Crawlers that write ``str(bytes)`` leave Python's escapes in the file; the page stands behind them."""
    inner = body[2:-1]
    try:
        return inner.decode("unicode_escape").encode("latin-1")
    except UnicodeError:  # cut within an escape
        return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1]) or bytes([int(match[1][1:], 16)]), inner)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def sample(source: bytes) -> str:
    """The beginning of a page, tags among its text, without its scripts: they fill most of a head, and hold no phrase of the shop's."""
    return b"\n".join(_between_scripts(source[:_SAMPLE_BYTES])).decode("utf-8", "ignore")


def _between_scripts(source: bytes) -> list[bytes]:
    parts, end = [], 0
    while end >= 0:
        begin = find(source, b"<script", end)
        parts.append(source[end : begin if begin >= 0 else None])
        end = find(source, b"</script", begin) if begin >= 0 else -1
    return parts
