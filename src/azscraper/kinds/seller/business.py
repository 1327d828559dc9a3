"""The block about the business behind a seller: what the law of its country has the page print."""

import re
from typing import NamedTuple

from azscraper.marketplaces import folded, seller_labels
from azscraper.parse.countries import country_code
from azscraper.parse.document import Document, Node, lines, select, text
from azscraper.parse.sources import Field
from azscraper.records.seller import BusinessAddress

_SECTION = "page-section-detail-seller-info"
_LABELS = seller_labels()
_EMAIL = re.compile(r"[^\s@<>]{1,100}@[^\s@<>]{1,200}\.[A-Za-z]{2,20}")
_VAT = re.compile(
    r"(?:AT ?U\d{8}|BE ?[01]\d{9}|BG ?\d{9,10}|CY ?\d{8}[A-Z]|CZ ?\d{8,10}|DE ?\d{9}|DK ?\d{8}|EE ?\d{9}|EL ?\d{9}"
    r"|ES ?[A-Z0-9]\d{7}[A-Z0-9]|FI ?\d{8}|FR ?[A-Z0-9]{2} ?\d{9}|GB ?\d{9}(?:\d{3})?|HR ?\d{11}|HU ?\d{8}"
    r"|IE ?\d[A-Z0-9+*]\d{5}[A-Z]{1,2}|IT ?\d{11}|LT ?(?:\d{9}|\d{12})|LU ?\d{8}|LV ?\d{11}|MT ?\d{8}|NL ?\d{9}B\d{2}"
    r"|PL ?\d{10}|PT ?\d{9}|RO ?\d{2,10}|SE ?\d{12}|SI ?\d{8}|SK ?\d{10}|XI ?\d{9})"
)
"""Of the member states, by https://taxation-customs.ec.europa.eu (structure of VAT numbers), and of the United Kingdom."""
_INTERNATIONAL = re.compile(r"\+[\d\s()./-]{7,24}")
_CODE = re.compile(r"[A-Z]{2}")
_MOST_LINES = 12


class _Line(NamedTuple):
    label: str
    """As printed, without its colon."""
    value: str
    below: tuple[str, ...]
    """Lines of an address."""

    @property
    def field(self) -> str | None:
        """Of the record."""
        return _LABELS.get(folded(self.label))


def _block(page: Document) -> tuple[_Line, ...]:
    """The lines of the block; of pages until 2021, which have no name for it, the list whose labels are known."""
    section = page.by_id(_SECTION)
    if section is not None:
        return tuple(_lines(section))
    for part in select(page.by_id("seller-profile-container"), "ul.a-nostyle"):
        found = tuple(_lines(part))
        if any(line.field for line in found):
            return found
    return ()


def _lines(section: Node) -> list[_Line]:
    found = []
    for bold in select(section, ".a-text-bold"):
        row, label = bold.parent, text(bold)
        if row is not None and label:
            whole = " ".join(lines(row, "ul"))
            value = whole.removeprefix(label).strip(" :：")
            found.append(_Line(label.rstrip(" :："), value, _below(row)))
    return found


def _below(row: Node) -> tuple[str, ...]:
    """The lines of an address: a list within, or indented rows behind."""
    within = [text(item) for item in select(row, "ul li")]
    behind = row.next
    while behind is not None and len(within) < _MOST_LINES:
        if behind.is_element_node:
            if "indent-left" not in (behind.attrs.get("class") or ""):
                break
            within.append(text(behind))
        behind = behind.next
    return tuple(filter(None, within))


def _said(page: Document, *fields: str) -> str | None:
    block = page.once(_block)
    return next((line.value for field in fields for line in block if line.field == field and line.value), None)


def _unnamed(page: Document, pattern: re.Pattern[str]) -> str | None:
    """A value that its form tells, under a label that nobody knows."""
    if page.by_id(_SECTION) is None:
        return None
    values = [line.value for line in page.once(_block) if line.field is None and pattern.fullmatch(line.value)]
    return values[0] if len(values) == 1 else None


business_name = Field[Document, str, str | None]("The line of that label, in all languages.")
business_type = Field[Document, str, str | None]("The line of that label, in all languages.")
vat_id = Field[Document, str, str | None]("The line of that label, else the only value that has the form of one.")
trade_register_number = Field[Document, str, str | None]("The line of that label, in all languages.")
share_capital = Field[Document, str, str | None]("The line of that label, in all languages.")
representative = Field[Document, str, str | None]("The line of that label, in all languages.")
phone = Field[Document, str, str | None]("The line of that label, else the only value that has the form of one.")
email = Field[Document, str, str | None]("The line of that label, else the only value that has the form of one.")


@business_name.source("block about the business")
def _name(page: Document) -> str | None:
    return _said(page, "business_name")


@business_type.source("block about the business")
def _type(page: Document) -> str | None:
    return _said(page, "business_type")


@vat_id.source("block about the business")
def _vat(page: Document) -> str | None:
    return _said(page, "vat_id")


@vat_id.source("form of the value")
def _vat_by_form(page: Document) -> str | None:
    return _unnamed(page, _VAT)


@trade_register_number.source("block about the business")
def _register(page: Document) -> str | None:
    return _said(page, "trade_register_number")


@share_capital.source("block about the business")
def _capital(page: Document) -> str | None:
    return _said(page, "share_capital")


@representative.source("block about the business")
def _representative(page: Document) -> str | None:
    return _said(page, "representative")


@phone.source("block about the business")
def _phone(page: Document) -> str | None:
    return _said(page, "phone")


@phone.ids("seller-contact-phone", era="until 2021")
def _phone_of_box(_: Document, node: Node) -> str | None:
    return text(node)


@phone.source("form of the value")
def _phone_by_form(page: Document) -> str | None:
    return _unnamed(page, _INTERNATIONAL)


@email.source("block about the business")
def _email(page: Document) -> str | None:
    found = _EMAIL.search(_said(page, "email") or "")
    return found[0] if found else None


@email.source("form of the value")
def _email_by_form(page: Document) -> str | None:
    return _unnamed(page, _EMAIL)


address = Field[Document, BusinessAddress, BusinessAddress | None](
    "The indented lines under that label; of two addresses under labels that nobody knows the last, of one the only one."
)
customer_service_address = Field[Document, BusinessAddress, BusinessAddress | None](
    "The indented lines under that label; of two addresses under labels that nobody knows the first."
)


@address.source("block about the business")
def _address(page: Document) -> BusinessAddress | None:
    return _at(page, "address")


@address.source("last indented lines")
def _last_address(page: Document) -> BusinessAddress | None:
    unknown = _unknown_addresses(page)
    return _postal(page, unknown[-1]) if unknown else None


@customer_service_address.source("block about the business")
def _service(page: Document) -> BusinessAddress | None:
    return _at(page, "customer_service_address")


@customer_service_address.source("first indented lines")
def _first_address(page: Document) -> BusinessAddress | None:
    unknown = _unknown_addresses(page)
    return _postal(page, unknown[0]) if len(unknown) == 2 else None  # noqa: PLR2004 - both are unknown


def _at(page: Document, field: str) -> BusinessAddress | None:
    found = (line for line in page.once(_block) if line.field == field)
    return next((_postal(page, line.below or (line.value,)) for line in found if line.below or line.value), None)


def _unknown_addresses(page: Document) -> list[tuple[str, ...]]:
    if page.by_id(_SECTION) is None:
        return []
    return [line.below for line in page.once(_block) if line.field is None and line.below]


def _postal(page: Document, printed: tuple[str, ...]) -> BusinessAddress:
    *above, last = printed
    country = last if _CODE.fullmatch(last) else country_code(last, page.spoken)
    return BusinessAddress(lines=tuple(above) if country and above else printed, country=country)


business_details = Field[Document, dict[str, str], dict[str, str]](
    "All lines of the block by their labels, addresses in one line.", empty={}
)


@business_details.source("block about the business")
def _details(page: Document) -> dict[str, str]:
    found = {line.label: line.value or ", ".join(line.below) for line in page.once(_block)}
    return {label: value for label, value in found.items() if value}
