"""The prose of a product page: bullets, description, manufacturer's content."""

from azscraper.marketplaces import every_phrase
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.sources import Field

_BULLETS = (
    "feature-bullets",
    "productFactsDesktopExpander",
    "featurebullets_feature_div",
    "feature-bullets-atf",
    "technicalProductFeatures",
    "dpx-feature-bullets_feature_div",
    "feature-bullets-btf",
    "featureBulletsMobile_feature_div",
    "feature-bullets_feature_div",
)
_DESCRIPTIONS = (
    "bookDescription_feature_div",
    "postBodyPS",  # books until 2014, whose "productDescription" holds reviews
    "productDescription",
    "productDescription_feature_div",
    "mocaProductDescription",
    "bookDesc_iframe_wrapper",
    "ps-content",
    "descriptionAndDetails",
)
_A_PLUS = (
    "aplus_feature_div",
    "aplus3p_feature_div",
    "dpx-aplus-product-description_feature_div",
    "aplusProductDescription",
    "aplusBatch",
    "aplusBrandStory_feature_div",
    "aplus",
)
_CONTROLS = 'noscript,.video-js,[class*="carousel-goto-"],[class*="a-icon-next"],[class*="a-icon-previous"],.a-expander-prompt,.a-button,.a-popover-preload,.vse-player-container'
_NO_PROSE = (  # the chosen variant, the details, what unfolds the rest
    ".disclaim, #detailBulletsWrapper_feature_div, #detailBullets_feature_div, .a-link-expander, .a-expander-prompt"
)
_NOTICES = every_phrase("notice")
_FACT = ".product-facts-detail, .a-col-left"  # a row of the table beside the bullets of a garment
_MORE = frozenset(every_phrase("unfold"))


features = Field[Document, tuple[str, ...], tuple[str, ...]](
    "The list items of the bullets block; hidden items, rows of facts and the shop's own notices are not among them.",
    empty=(),
)


@features.ids(*_BULLETS)
def _bullets(_: Document, node: Node) -> tuple[str, ...]:
    found = [line for item in select(node, "li") if _is_bullet(item) and (line := text(item))]
    return tuple(line for line in found if not _is_of_the_shop(line.lower()))


description = Field[Document, str, str | None](
    'The text under "Product description"; a book\'s from its own block. The heading itself is dropped.'
)


@description.ids(*_DESCRIPTIONS)
def _prose(_: Document, node: Node) -> str | None:
    return _under_heading(node, lines(node, without=_NO_PROSE))


a_plus = Field[Document, str, str | None](
    "The manufacturer's block as text, without its heading and what only works the page: players, arrows, buttons. "
    "The story of the brand where there is no other; the heading where the block holds pictures alone."
)


@a_plus.ids(*_A_PLUS)
def _manufacturers(_: Document, node: Node) -> str | None:
    printed = lines(node, without=_CONTROLS)
    return _under_heading(node, printed) or " ".join(printed) or None


def _under_heading(node: Node, printed: list[str]) -> str | None:
    found = [line for line in printed if line.lower() not in _MORE]
    headings = {text(heading) for heading in select(node, "h2, h3")[:1]}
    while found and found[0] in headings:
        found.pop(0)
    return " ".join(found) or None


def _is_of_the_shop(folded: str) -> bool:
    return folded in _MORE or any(phrase in folded for phrase in _NOTICES)


def _is_bullet(item: Node) -> bool:
    classes = attr(item, "class") or ""
    if "aok-hidden" in classes or "a-hidden" in classes or attr(item, "id") == "replacementPartsFitmentBullet":
        return False
    if first(item, _FACT) is not None:
        return False
    return len(select(item, "li")) == 1  # the item itself; a nested list speaks for itself
