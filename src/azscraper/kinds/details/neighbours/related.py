"""The rows of products that the server draws into the page. More come by script, which nobody runs here."""

from azscraper.kinds.details import identity, links
from azscraper.kinds.details.neighbours.cards import list_item_of, read_card
from azscraper.marketplaces import asin_from_url
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.sources import Field
from azscraper.records.page_parts import RelatedBlock

_KINDS = {
    "compare": ("=pd_ci_mcx_", "=psdc_"),
    "viewed": ("=pd_sbs_", "=pd_aw_sbs_", "=pd_lpo_", "=pd_aw_lpo_", "=pd_day0_", "=pd_aw_day0_", "=pd_d0_"),
    "bought": ("=pd_sim_", "=pd_aw_sim_", "=pd_cp_", "=pd_aw_cp_", "=pd_vtp_", "=pd_tcs_", "=p13n_ds_purchase_sim_"),
    "similar": (
        "=sims_dp_d_",
        "=fabric-ww-slds-dp-",
        "=slsr_d_",
        "=pb_allspark_dp_sims_",
        "=alex_attr_sims_",
        "=bmx_dp_",
        "=d_bmx_dp_",
        "=dp_fod_sccl",
        "=dp_prsubs_",
    ),
    "sponsored": ("=sspa_dk_detail", "=sspa_mw_detail", "=sp_detail", "dp_sp_detail"),
}
"""By what the addresses of a block's links hold, in every language and layout."""
_OLD_BLOCKS = {"bought": ("purchaseShvl", "vtpsims"), "viewed": ("dv-sims",)}
"""Ids of blocks whose links say nothing, until 2014."""
_HEADING = "h2, h3, .a-carousel-heading"
_REACH = 14
_MOST = 30
"""Products of a block: a carousel draws six to twenty."""

related = Field[Document, tuple[RelatedBlock, ...], tuple[RelatedBlock, ...]](
    "Rows of products by what their links say: compared, viewed, bought as well, similar, sponsored; those that the server draws.",
    empty=(),
)


@related.source("links of the blocks")
def _blocks(document: Document) -> tuple[RelatedBlock, ...]:
    found = (
        _block(kind, document.links(*marks) or _unmarked(kind, document), document) for kind, marks in _KINDS.items()
    )
    return tuple(block for block in found if block)


def _block(kind: str, linked: list[Node], document: Document) -> RelatedBlock | None:
    own = document.once(identity.asin)
    cards: dict[str, Node] = {}
    seen: set[int] = set()
    opening: Node | None = None
    for link in linked:
        card = list_item_of(link)
        if card.mem_id in seen or len(cards) >= _MOST:
            continue
        address = attr(link, "href") or ""
        key = asin_from_url(address) if not links.is_no_neighbour(address) else None
        if key and key != own:
            seen.add(card.mem_id)
            opening = opening or card
            cards.setdefault(key, card)
    if opening is None:
        return None
    products = tuple(
        read_card(key, card, document, place, sponsored=kind == "sponsored")
        for place, (key, card) in enumerate(cards.items(), start=1)
    )
    return RelatedBlock(title=_title(opening), kind=kind, products=products)


def _unmarked(kind: str, document: Document) -> list[Node]:
    return select(document.by_id(*_OLD_BLOCKS.get(kind, ())), 'a[href*="/dp/"], a[href*="/gp/product/"]')


def _title(card: Node) -> str | None:
    """The heading of the smallest element around a card that has one; those in the card are its own."""
    above = card.parent
    for _ in range(_REACH):
        if above is None:
            return None
        heading = first(above, _HEADING)
        if heading is not None and not _is_hidden(heading):
            return text(heading) or None
        above = above.parent
    return None


def _is_hidden(heading: Node) -> bool:
    """Whether a heading is of a sheet that unfolds beside a card."""
    near = heading.parent
    return any("aok-hidden" in (attr(one, "class") or "") for one in (near, near.parent if near is not None else None))
