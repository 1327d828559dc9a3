"""Whether a page came to its end."""

from azscraper.bytesearch import find
from azscraper.parse.document import Document

_FOOTERS = ("navFooter", "navBackToTop", "nav-ftr", "rhf", "footer", "nav-footer", "navFooterLine")
_TAIL_BYTES = 4_000


def is_whole(document: Document, after: tuple[str, ...] = ()) -> bool:
    """Whether the page has all its content; ``after`` are ids that stand behind the content of its kind.

    One page in twelve has no closing tag and yet all its content: what stands behind the content tells.
    A page cut out of its frame, which opens no ``<html>``, has none to close.
    """
    source = document.source
    if b"</html" in source[-_TAIL_BYTES:].lower() or document.by_id(*_FOOTERS, *after) is not None:
        return True
    return find(source, b"<html") < 0 and find(source, b"<HTML") < 0


def is_cut(document: Document, body: bytes) -> bool:
    """Whether the page opens as a whole one does and does not end as one."""
    opens = b"<html" in body[:_TAIL_BYTES].lower()
    return opens and not is_whole(document)
