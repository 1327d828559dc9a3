"""Who a seller is on the marketplace, and what it says of itself."""

import re

from azscraper.parse.dig import dig
from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import absolute, image

_ID = re.compile(r"[?&;/](?:seller|me|sellerID)=(A[A-Z0-9]{8,20})(?![A-Z0-9])", re.ASCII)
_LINK = re.compile(r"(?:https?://[^/]*)?/(?:shops|stores)/")
_FOLDED = ".spp-expander-less-content, .a-expander-header, .spp-expander-text, .a-expander-prompt"

seller_id = Field[Document, str, str | None]("The id that the page's own data name, else that of its links or address.")


@seller_id.source("spp-page-var-page-state")
def _of_state(page: Document) -> str | None:
    found = dig(page.state("spp-page-var-page-state"), "sellerID")
    return found if isinstance(found, str) else None


@seller_id.source("canonical link")
def _of_canonical(page: Document) -> str | None:
    return _id_in(attr(first(page.head, "link[rel=canonical]"), "href"))


@seller_id.ids("seller-info-storefront-link", "storefront-link", "products-link")
def _of_storefront(_: Document, node: Node) -> str | None:
    return _id_in(attr(first(node, "a[href]"), "href"))


@seller_id.source("address")
def _of_address(page: Document) -> str | None:
    return _id_in(page.url)


def _id_in(url: str | None) -> str | None:
    found = _ID.search(url) if url else None
    return found[1] if found else None


name = Field[Document, str, str | None]("The heading.")


@name.ids("seller-name", "sellerName-rd", "sellerName")
def _heading(_: Document, node: Node) -> str | None:
    return text(node)


about = Field[Document, str, str | None]('What the seller says of itself, unfolded, a line a paragraph; no "See more".')


@about.ids("spp-expander-about-seller", "about-seller-text", "about-seller")
def _about(_: Document, node: Node) -> str | None:
    return "\n".join(lines(first(node, ".spp-expander-more-content") or node, _FOLDED))


logo = Field[Document, str, str | None]("The picture in the heading.")


@logo.ids("seller-logo-img", "sellerLogo", "seller-logo-container")
def _logo(_: Document, node: Node) -> str | None:
    source = attr(node if node.tag == "img" else first(node, "img"), "src")
    return image(source) if source and source.startswith("http") else None


storefront_url = Field[Document, str, str | None]("Where the seller's products are listed.")


@storefront_url.ids("seller-info-storefront-link", "storefront-link", "products-link", "products-link-rd")
@storefront_url.ids("page-section-products")
def _storefront(page: Document, node: Node) -> str | None:
    for link in select(node, "a[href]"):
        href = attr(link, "href") or ""
        if seller := _id_in(href):
            return f"https://{page.marketplace.host}/s?me={seller}"
        if _LINK.match(href):
            return absolute(href, page.marketplace.host)
    return None


shipping_policy = Field[Document, str, str | None]("The block of that name, its text in lines.")
return_policy = Field[Document, str, str | None]("The block of that name, its text in lines.")
other_policies = Field[Document, str, str | None](
    "The block of that name, its text in lines: security, privacy, taxes."
)
privacy_policy = Field[Document, str, str | None]("What the seller says of its buyers' data.")


@shipping_policy.ids("shipping-policies", "spp-accordion-shipping-policies")
@return_policy.ids("spp-expander-return-and-refund-policies", "return-and-refund-policies")
@other_policies.ids("spp-accordion-other-policies")
@privacy_policy.ids("privacy-policy-content")
def _policy(_: Document, node: Node) -> str | None:
    inner = first(node, ".spp-expander-more-content, .a-expander-content") or node
    return "\n".join(lines(inner, _FOLDED))
