"""What a list holds beside its targets: in words, and as a file to mend it by."""

from collections.abc import Callable, Iterable

from fastapi import Response

from azscraper.jobs.target_lists import Recognised, Rejected
from azscraper.results import formats
from azscraper.web.dashboard import language
from azscraper.web.dashboard.language import marked as _

REASONS = {
    "not_a_product": _("not an ASIN or a product address"),
    "foreign_address": _("not an address of Amazon"),
    "no_product": _("the address names no product"),
    "short_link": _("a short link: open it and take the address of the product page"),
    "gtin": _("a product code (EAN, UPC, GTIN), not an ASIN"),
    "rounded": _("a rounded number: format the column as text"),
    "empty": _("empty"),
    "no_target": _("not a target of this kind"),
    "too_long": _("too long"),
    "too_many": _("over 100,000"),
    "blank": _("no value"),
    "note": _("a note"),
    "product": _("a product, not a keyword"),
}
"""Of target_lists.Rejected."""
_COLUMNS = (_("Sheet"), _("Row"), _("Entry"), _("Reason"), _("Did you mean"))


def as_file(found: Recognised, code: str) -> Response:
    """A CSV file of every entry that is no target, as an attachment: in the order of the list, in the language of that code."""
    say = language.texts(code).gettext
    entries = sorted((*found.rejected, *found.passed_over), key=lambda each: (each.sheet or "", each.row))
    body = formats.FOR_SPREADSHEETS + formats.csv_rows(_rows(entries, say))
    return Response(body, headers={"Content-Disposition": 'attachment; filename="left-out.csv"'}, media_type="text/csv")


def _rows(entries: Iterable[Rejected], say: Callable[[str], str]) -> Iterable[list[formats.Cell]]:
    yield [say(name) for name in _COLUMNS]
    for each in entries:
        yield [each.sheet or "", each.row, each.value, say(REASONS[each.reason]), each.repair or ""]
