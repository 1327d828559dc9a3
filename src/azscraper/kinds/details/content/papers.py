"""Documents, certificates, the energy label and the note on returns."""

import re
from collections.abc import Iterator

from azscraper.marketplaces import folded, phrases_for
from azscraper.parse.document import Document as Page
from azscraper.parse.document import Node, attr, first, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import absolute
from azscraper.records.page_parts import Certificate, Document, DocumentKind, EnergyLabel, ReturnsNote, Sustainability

_FILE = re.compile(r"\.(pdf|docx?|xlsx?|jpe?g|png|html?)(?:$|[?#])", re.IGNORECASE)
_LISTED = re.compile(r"url-(\d{1,3})$")
_CARD = ".a-column"
_BADGE = "nostos_badge"
_HIDDEN = ("aok-hidden", "badge-suppress")
_CLASS = re.compile(r"(?<![A-Z])([A-G]\+{0,3})(?![A-Za-z+])")
_SCALE = re.compile(r"[A-G]\+{0,3}\s?(?:-|–|to|bis|à|a|tot|do|till|até)\s?[A-G]")
_ENERGY = ("energyEfficiency", "energyGuide", "euEnergyLabel")
_SHEET = "datasheet"
_KINDS: dict[DocumentKind, re.Pattern[str]] = {
    "safety": re.compile("safety|sicherheit|sécurité|sicurezza|seguridad|segurança|veiligheid|bezpieczeń|säkerhet|güvenlik|安全|سلامة|안전|सुरक्षा|בטיחות", re.IGNORECASE),
    "warranty": re.compile("warrant|garant|garanzia|gwaranc|保証|保修|ضمان|보증|वारंटी|אחריות", re.IGNORECASE),
    "datasheet": re.compile("data ?sheet|spec(?:ification)? sheet|datenblatt|fiche (?:technique|produit|d.information)|scheda (?:tecnica|prodotto)|ficha (?:técnica|de)|productinformatieblad|karta (?:produktu|informacyjna)|datablad|bilgi formu|データシート|仕様書|规格", re.IGNORECASE),
    "manual": re.compile("manu[ae]l|guid[ae]|guía|instru[ckç]|anleitung|handbuch|leitfaden|mode d.emploi|notice|istruzioni|handleiding|gebruiksaanwijzing|podręcznik|bruksanvisning|kılavuz|説明書|マニュアル|ガイド|说明书|手册|دليل|설명서|가이드|मैनुअल|מדריך", re.IGNORECASE),
}  # fmt: skip

documents = Field[Page, tuple[Document, ...], tuple[Document, ...]](
    "The links of product guides and of the card of safety resources; the sheet of a script-made list holds their addresses.",
    empty=(),
)


@documents.ids("productDocuments_feature_div")
def _guides(page: Page, node: Node) -> tuple[Document, ...]:
    return _once(_document(text(link), attr(link, "href"), page) for link in select(node, "a[href]"))


@documents.ids("buffetServiceCard_feature_div")
def _resources(page: Page, node: Node) -> tuple[Document, ...]:
    """Links that a script opens; their addresses are in hidden fields with the same number."""
    found = []
    for field in select(node, 'input[id*="product-docs"]'):
        number = _LISTED.search(field.id or "")
        link = first(node, f'[id$="docs-btf-ingress-{number[1]}"]') if number else None
        found.append(_document(text(link), attr(field, "value"), page))
    return _once(found)


sustainability = Field[Page, Sustainability, Sustainability | None](
    "The cards of the block of sustainability features: what each says, and who certifies it."
)


@sustainability.ids(
    "climatePledgeFriendly", "climatePledgeFriendlyBTF_feature_div", "climatePledgeFriendlyATF_feature_div"
)
def _cards(_: Page, node: Node) -> Sustainability | None:
    listed = select(node, _CARD) or list(filter(None, map(_around, select(node, "span.a-text-bold"))))
    cards = {certificate.name: certificate for card in listed if (certificate := _certificate(card))}
    said = text(first(node, "p"))
    return Sustainability(text=said or None, features=tuple(cards.values())) if cards else None


energy_label = Field[Page, EnergyLabel, EnergyLabel | None](
    "The label beside the price or among the details, with its data sheet."
)


@energy_label.source("block of the energy label")
def _label(page: Page) -> EnergyLabel | None:
    found = (_read_label(node, page) for _, node in page.by_prefix(*_ENERGY))
    return next(filter(None, found), None)


def _read_label(node: Node, page: Page) -> EnergyLabel | None:
    said = text(node)
    links = [address for link in select(node, "a[href]") if (address := _address(attr(link, "href"), page))]
    picture = attr(first(node, "img[src]"), "src")
    scale = _SCALE.search(said)
    named = _CLASS.search(_SCALE.sub(" ", said)) or _CLASS.search(attr(first(node, "img"), "alt") or "")
    sheet = next((address for address in links if _SHEET in address.lower() or _FILE.search(address)), None)
    if not (named or sheet or picture):
        return None
    return EnergyLabel(
        energy_class=named[1] if named else None,
        scale=scale[0] if scale else None,
        image_url=picture,
        product_sheet_url=sheet,
    )


returns_note = Field[Page, ReturnsNote, ReturnsNote | None](
    '"Frequently returned item" and "Customers usually keep this item", where the badge is shown.'
)


@returns_note.source("badge on returns")
def _badge(page: Page) -> ReturnsNote | None:
    shown = (
        node
        for name, node in page.by_prefix("NEW_", "USED_", "REFURBISHED_")
        if _BADGE in name and not _is_hidden(node)
    )
    for node in shown:
        said = " ".join(lines(node))
        line = folded(said)
        words = phrases_for(page.spoken)[:2]
        if any(phrase in line for row in words for phrase in row.frequently_returned):
            return ReturnsNote(kind="frequently_returned", text=said)
        if any(phrase in line for row in words for phrase in row.usually_kept):
            return ReturnsNote(kind="usually_kept", text=said)
    return None


def _is_hidden(node: Node) -> bool:
    """Badges that the shop holds back from a visitor stay in the page."""
    held = [attr(node, "class") or "", *(attr(part, "class") or "" for part in select(node, "div"))]
    return any(mark in classes for classes in held for mark in _HIDDEN)


def _around(name: Node) -> Node | None:
    """The card of a name in the sheet above the details, which has no columns."""
    section = name.parent
    return section.parent if section is not None else None


def _certificate(card: Node) -> Certificate | None:
    """A card has a bold name and a sentence; of 2023 and before the certificate's own name beside its logo."""
    name = text(first(card, ".a-text-bold"))
    named = first(card, '[id^="CPF-BTF-Certificate"]')
    certifier = text(named) or attr(first(named, "img"), "alt") or ""
    if not name and not certifier:
        return None
    said = (
        text(first(card, "p.a-size-base"))
        if name
        else " ".join(lines(first(card, ".a-col-right"), without=".a-popover-preload"))
    )
    return Certificate(name=name or certifier, text=said or None, certifier=certifier or None)


def _document(title: str, address: str | None, page: Page) -> Document | None:
    url = _address(address, page)
    if not title or not url:
        return None
    ending = _FILE.search(url)
    kind = next((one for one, words in _KINDS.items() if words.search(title)), None)
    return Document(title=title, url=url, format=ending[1].lower() if ending else None, kind=kind)


def _address(written: str | None, page: Page) -> str | None:
    return absolute(written, page.marketplace.host) if written and not written.startswith("#") else None


def _once(found: Iterator[Document | None] | list[Document | None]) -> tuple[Document, ...]:
    return tuple({one.url: one for one in found if one}.values())
