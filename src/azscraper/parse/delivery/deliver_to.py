"""The place that a page says its prices are for: every page of a marketplace prints it in its header."""

import re

from azscraper.marketplaces import alternatives
from azscraper.parse.countries import country_code
from azscraper.parse.document import Document, Node, text
from azscraper.parse.sources import Field
from azscraper.parse.values import plain_digits
from azscraper.records.parts import DeliverTo

_PHRASE = re.compile(alternatives("deliver_to") + r"[\s:：]*", re.IGNORECASE)
_POSTAL_CODE = re.compile(
    r"(?<!\w)(\d{3}-\d{4}|\d{5}-\d{3,4}|\d{4} ?[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]?(?: \d[A-Z]{0,2})?|[A-Z]\d[A-Z](?: \d[A-Z]?\d?)?|\d{2,3} \d{2,3}|\d{4,8})(?!\w)"
)

_ONE_LINE = ("glow-ingress-single-line", "contextualIngressPtLabel_deliveryShortLine")
_BESIDE = re.compile(r" [-–—] |[:：] ")
_UPDATE = re.compile(
    "update|actuali[sz]ar|atualizar|aktualisier|mettre à jour|aggiorna|bijwerken|uppdatera|zaktualizuj|güncelle|更新|変更|تحديث|업데이트|עדכ|अपडेट",
    re.IGNORECASE,
)
"""A call to name another place, below the one that the page guesses; else a customer's name stands above the place."""
_ARROW = " ⌵"  # behind the place, on phones
_CUT = "..."  # until 2021 the header shortens the name of a place

deliver_to = Field[Document, str, DeliverTo | None](
    "The place in the header, without the words before it; none where the page asks the visitor to choose one."
)


@deliver_to.source("#glow-ingress-line1 and line2")
def _of_the_header(page: Document) -> str | None:
    """The first line names the place behind its words, the second where the first ends there or a customer's name stands in it."""
    above, below = text(page.by_id("glow-ingress-line1")), text(page.by_id("glow-ingress-line2"))
    phrase = _PHRASE.search(above)
    if phrase is None:
        return None
    place = above[phrase.end() :].strip() or above[: phrase.start()].strip()
    is_name = bool(below) and not _has_code(place) and not _UPDATE.search(below)
    found = below if not place or is_name else place
    beside = page.by_id(*_ONE_LINE) if _CUT in found else None
    return (_of_one_line(page, beside) if beside is not None else None) or found


@deliver_to.ids(*_ONE_LINE, era="phones")
def _of_one_line(_: Document, node: Node) -> str | None:
    """The part with a postal code: "Deliver to Ann - Springfield 12345", "Delivering to Springfield 12345 - Update location"."""
    line = text(node)
    phrase = _PHRASE.search(line)
    found = (line[phrase.end() :].strip(_ARROW) or line[: phrase.start()].strip()) if phrase else ""
    return next((part for part in _BESIDE.split(found) if _has_code(part)), found) or None


@deliver_to.settle
def _place(page: Document, found: str | None) -> DeliverTo | None:
    code = _POSTAL_CODE.search(plain_digits(found)) if found else None
    asks = found and (found[0].islower() or found.startswith("を"))  # "Lieferadresse wählen", "お届け先を選択"
    if not found or (asks and code is None):
        return None
    return DeliverTo(
        text=found,
        postal_code=code[1] if code else None,
        country=None if code else country_code(found, page.spoken),
    )


def _has_code(place: str) -> bool:
    return _POSTAL_CODE.search(plain_digits(place)) is not None
