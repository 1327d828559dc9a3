"""Where a product stands among others: breadcrumb, badges, products beside it."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qs

from azscraper.kinds.details import identity
from azscraper.marketplaces import asin_from_url, every_phrase
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import absolute
from azscraper.records.parts import Category, RelatedAsins

_BREADCRUMBS = (
    "wayfinding-breadcrumbs_feature_div",
    "wayfinding-breadcrumbs_container",
    "desktop-breadcrumbs_feature_div",
    "showing-breadcrumbs_div",
    "breadcrumb_feature_div",
)
_SMALL_BUSINESS = ("smallBusinessBadge", "small-business-badge", "provenance-certification-sbe_badge-logo")
_BEST_SELLER = ".p13n-best-seller-badge, .badge-link:not([href*='/charts/']), [href*=bestsellers]"
_RANKED = {
    "most-gifted": "most_gifted",
    "most-wished-for": "most_wished_for",
    "movers-and-shakers": "movers_and_shakers",
}
_OVERALL_PICK = every_phrase("overall_pick")
_QUOTED = re.compile(r"[\"“„«「]\s?([^\"“”„«»「」]{1,120}?)\s?[\"”“»」]")
_BEHIND_IN = re.compile(r"^(?:in|for|en|em|dans|op|für|pour|per|para|voor|w|i|för|için|في)\s", re.IGNORECASE)
_IN = re.compile(r"\s(?:in|en|em|dans|w|i|op|kategorisinde|في)\s|(?<=Seller)in\s", re.IGNORECASE)
_RANKED_NODE = re.compile(r"/(\d{5,14})(?:/|$|\?)")
_NODE_IN_RH = re.compile(r"n:(\d+)")
_BOUGHT_TOGETHER = ("sims-fbt", "sims_fbt", "sims-fbt-container", "similarities_feature_div", "sims-fbt-content")
BOUGHT_TOGETHER_LINKS = (("=pd_bxgy_", "=pd_aw_fbt_"), ("=pd_day0fbt_", "=pd_aw_day0fbt_"))
_SIMILAR_LINKS = (
    ("=pd_ci_mcx_", "=psdc_"),  # "Compare with similar items", from 2024 and before
    ("=pd_sbs_", "=pd_aw_sbs_"),  # "Customers who viewed this item also viewed"
    ("=pd_lpo_", "=pd_aw_lpo_", "=pd_day0_", "=pd_aw_day0_", "=pd_d0_"),  # the same of 2018 on, and of new products
    (
        "=pd_cp_",
        "=pd_aw_cp_",
        "=pd_vtp_",
        "=pd_tcs_subst_",
    ),  # "What other items do customers buy after viewing this item?"
    ("=sims_dp_d_", "=fabric-ww-slds-dp-", "=slsr_d_"),  # "Similar items that may deliver to you quickly"
    ("=pd_sim_", "=pd_aw_sim_"),  # "Customers who bought this item also bought"
)
_SETS = '[data-outfit], [href*="=sl_ob_"], [id*=outfit], [id^=thematicBundle], [href*="=pd_tcs_"]'
_NO_NEIGHBOURS = ("/product-reviews/", "_rv_t")
_SIMILAR = ("HLCXComparisonTable", "comparison_table", "sims-compare", "dv-sims", "vtpsims", "purchaseShvl")
_MORE = frozenset(every_phrase("unfold"))
_NEWER = ("newer-version", "newerVersion_feature_div", "newer_version_feature_div")
_STRIPE = ".kindle-promo-stripe"
_NEWER_SAID = re.compile(
    r"newer (?:version|model)|neuere version|version plus récente|versione più recente|versión más reciente|新しいモデル",
    re.IGNORECASE,
)


categories = Field[Document, tuple[Category, ...], tuple[Category, ...]](
    "The links of the breadcrumb, root first.", empty=()
)


@categories.ids(*_BREADCRUMBS)
def _steps(document: Document, node: Node) -> tuple[Category, ...]:
    return tuple(step for link in select(node, "a") if (step := _category(link, document)))


@categories.source("list without an id, 2014")
def _unnamed_breadcrumb(document: Document) -> tuple[Category, ...]:
    """Of 2014: a list without an id before the title."""
    listed = (
        document.whole(".detailBreadcrumb, .a-breadcrumb") if document.by_id("title_feature_div") is not None else []
    )
    return _steps(document, listed[0]) if listed else ()


badges = Field[Document, tuple[str, ...], tuple[str, ...]]("The badges at title and price, in a fixed order.", empty=())


@badges.source("badges at title and price")
def _badges(document: Document) -> tuple[str, ...]:
    zeitgeist = document.by_id("zeitgeistBadge_feature_div")
    words = text(zeitgeist).lower()
    release = (
        "new-release" in words
        or "new release" in words
        or first(zeitgeist, ".p13n-new-release-badge, [href*=new-releases]") is not None
    )
    seller = first(zeitgeist, _BEST_SELLER) is not None
    choice = text(document.by_id("acBadge_feature_div")).lower()
    picked = any(phrase in choice for phrase in _OVERALL_PICK)
    ranked = next(
        (badge for mark, badge in _RANKED.items() if first(zeitgeist, f"[href*='/{mark}']") is not None), None
    )
    shown = {
        "amazons_choice": bool(choice) and not picked and "climatepledge" not in choice.replace(" ", ""),
        "best_seller": seller and not release and ranked is None,
        "new_release": release,
        "climate_pledge": document.by_id("climatePledgeFriendlyBadge", "climatePledgeFriendlyATF") is not None,
        "small_business": document.by_id(*_SMALL_BUSINESS) is not None,
        "limited_deal": bool(text(document.by_id("dealBadgeSupportingText"))),
        "overall_pick": picked,
        "most_gifted": ranked == "most_gifted",
        "most_wished_for": ranked == "most_wished_for",
    }
    return tuple(badge for badge, present in shown.items() if present)


amazons_choice_for = Field[Document, str, str | None]('What stands behind "Amazon\'s Choice": a search or a category.')


@amazons_choice_for.ids("acBadge_feature_div")
def _choice(_: Document, node: Node) -> str | None:
    """The words in quotes are the search; a category stands in a link or behind an "in" of its own."""
    words = first(
        node,
        ".ac-keyword-link, .keyword-link, .ac-keyword, .ac-for-text a, .ac-for-text .a-text-bold, .ac-for-text, .ac-in-text",
    )
    found = text(words)
    quoted = _QUOTED.search(found)
    return (quoted[1] if quoted else _BEHIND_IN.sub("", found)).strip(' "“”„') or None


best_seller_in = Field[Document, Category, Category | None]("The category of the best-seller badge.")


@best_seller_in.ids("zeitgeistBadge_feature_div")
def _ranked_in(document: Document, node: Node) -> Category | None:
    link = first(node, "[href*=bestsellers]")
    href = attr(link, "href") if "best_seller" in document.once(badges) else None
    words = _BEHIND_IN.sub("", text(first(node, ".cat-link, .cat-name"))) or _words_behind_rank(text(link))
    if not href or not words:
        return None
    ranked = _RANKED_NODE.search(href)
    return Category(name=words, id=ranked[1] if ranked else None, url=absolute(href, document.marketplace.host))


def _words_behind_rank(line: str) -> str:
    """Of "#1 Best Seller in Kettles" the category."""
    return _IN.split(line, maxsplit=1)[-1].strip() if _IN.search(line) else ""


related_asins = Field[Document, RelatedAsins, RelatedAsins | None](
    "Bought together, compared with, and the newer model, from their own blocks."
)


@related_asins.source("blocks of products beside this one")
def _related(document: Document) -> RelatedAsins | None:
    together = document.once(companions)
    similar = _similar(document)
    newer = next(iter(_asins(document.by_id(*_NEWER) or _stripe(document))), None)
    return (
        RelatedAsins(bought_together=together, similar=similar, newer_model=newer)
        if together or similar or newer
        else None
    )


def _stripe(document: Document) -> Node | None:
    """The stripe above a Kindle of 2013 that names the one after it; of other news it names none. Later titles have another id."""
    stripes = document.whole(_STRIPE) if document.by_id("btAsinTitle") is not None else []
    return next((stripe for stripe in stripes if _NEWER_SAID.search(text(stripe))), None)


def companions(document: Document) -> tuple[str, ...]:
    """The companions, without the page's own ASIN.

    From 2011 to 2026 their links say "bxgy" (buy X, get Y) on the desktop and "fbt" on phones; those of "Buy it with", of the
    same shape and place for newer products, "day0fbt". Outfits and bundles of a seller stand in the same place: they are a set
    that somebody put together.
    """
    for marks in BOUGHT_TOGETHER_LINKS:
        found = _others(_named(_addresses(document, *marks)), document)
        if found:
            return found
    block = document.by_id(*_BOUGHT_TOGETHER)
    return () if first(block, _SETS) is not None else _others(_asins(block), document)


def _similar(document: Document) -> tuple[str, ...]:
    """Of the best block that the page has: a table that compares, what others viewed, bought instead, bought as well.

    Their links say which block they are of in every language and layout; sponsored products have other links.
    """
    best = next(filter(None, (_addresses(document, *marks) for marks in _SIMILAR_LINKS)), [])
    return _others(_named(best) or _asins(document.by_id(*_SIMILAR)), document)


def _addresses(document: Document, *marks: str) -> list[str]:
    """Links to reviews name the family, and what the visitor viewed lately is nobody's neighbour."""
    found = (attr(link, "href") or "" for link in document.links(*marks))
    return [address for address in found if not is_no_neighbour(address)]


def is_no_neighbour(address: str) -> bool:
    """Whether a link leads to reviews, or to what the visitor viewed lately."""
    return any(mark in address for mark in _NO_NEIGHBOURS)


def _named(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(asin_from_url, addresses)))


def _others(asins: tuple[str, ...], document: Document) -> tuple[str, ...]:
    """Each once, without the page's own."""
    return tuple(dict.fromkeys(asin for asin in asins if asin != document.once(identity.asin)))


def _category(link: Node, document: Document) -> Category | None:
    href, name = attr(link, "href"), text(link)
    if not href or not name or attr(link, "id") == "breadcrumb-back-link":
        return None
    if href.startswith(("#", "javascript:")) or (
        name.lower() in _MORE and not _browse_node(href)
    ):  # unfolds the trail on phones
        return None
    return Category(name=name, id=_browse_node(href), url=absolute(href, document.marketplace.host))


def _browse_node(href: str) -> str | None:
    if "node=" not in href and "rh=" not in href:
        return None
    query = parse_qs(href.partition("#")[0].partition("?")[2])
    if query.get("node"):
        return query["node"][0].split(",")[-1]
    return next(reversed(_NODE_IN_RH.findall(query.get("rh", [""])[0])), None)


def _asins(block: Node | None) -> tuple[str, ...]:
    found = [attr(node, "data-asin") for node in select(block, "[data-asin]")]
    found += [
        asin_from_url(attr(link, "href") or "") for link in select(block, 'a[href*="/dp/"], a[href*="/gp/product/"]')
    ]
    return tuple(dict.fromkeys(asin for asin in found if asin))
