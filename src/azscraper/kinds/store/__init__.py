"""Brand stores, with as many pages of their navigation as are asked for."""

import re

from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import Asked, ColumnType, Done, Finish, Kind, Origin, Step, Target, column, later, resolves
from azscraper.marketplaces import Marketplace
from azscraper.marketplaces.addresses import Address, address_of
from azscraper.records.store import StoreItem, StoreOptions, StorePage

_UUID = r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
_PATH = re.compile(rf"/stores/(?:[^/]+/){{0,3}}page/(?P<id>{_UUID})(?:/.*)?", re.ASCII)
_ID = re.compile(_UUID, re.ASCII)
MOST_SUBPAGES = 20


def _resolve(text: str, marketplace: Marketplace) -> Target:
    """The address of a page of a store, which names the marketplace, or the page's id."""
    found = address_of(text)
    path = _PATH.fullmatch(found.path) if found else None
    if found and path:
        return Target("store", path["id"].upper(), found.marketplace)
    if not found and _ID.fullmatch(text.strip()):
        return Target("store", text.strip().upper(), marketplace)
    message = "is not the address of a brand store's page, /stores/page/… with the long id of the page: open the store and copy its address"
    raise InvalidInputError.of("target", message)


def _claims(address: Address) -> bool:
    return _PATH.fullmatch(address.path) is not None


def _url(marketplace: Marketplace, page: str) -> str:
    return f"https://{marketplace.host}/stores/page/{page}"


def _next(asked: Asked[StoreOptions], done: tuple[Done, ...]) -> Step | Finish:
    """The page that was asked for, then those of its navigation."""
    target = asked.target
    if not done:
        return Step("1", _url(target.marketplace, target.key), "store")
    pages = _subpages(asked, done[0])
    if len(done) > len(pages):
        return Finish()
    page = pages[len(done) - 1]
    return Step(f"sub:{page}", _url(target.marketplace, page), "store", optional=True)


def _subpages(asked: Asked[StoreOptions], first: Done) -> list[str]:
    """Ids of the pages to read behind the first, each once, in the order of the navigation."""
    summary = first.read.summary if first.read else None
    if not isinstance(summary, StorePage):
        return []
    own = {asked.target.key, (summary.page_id or "").upper()}
    found = dict.fromkeys(link.page_id.upper() for link in summary.nav if _ID.fullmatch(link.page_id))
    return [page for page in found if page not in own][: asked.options.subpages or 0]


def _most_steps(options: StoreOptions) -> int:
    return 1 + (options.subpages or 0)


def _price(_: StoreOptions) -> int:
    return 5


STORE = Kind(
    name="store",
    label="Brand stores",
    about="Read brand stores: a row for each product, and the store's navigation.",
    target_label="Addresses of brand stores",
    example="https://www.amazon.com/stores/page/9F16B940-F912-43FE-888C-5BB1B86337A9",
    missing="Open the store and copy its address: pages of stores come and go.",
    records=(StoreItem,),
    summary=StorePage,
    options=StoreOptions,
    resolve=_resolve,
    looks_like=resolves(_resolve),
    claims=_claims,
    next=_next,
    most_steps=_most_steps,
    price=_price,
    may_be_json=False,
    recognises=later("azscraper.kinds.store.page:recognises"),
    reads=later("azscraper.kinds.store.page:reads"),
    rows=later("azscraper.kinds.store.page:rows"),
    origins=(
        Origin(
            StoreItem,
            later("azscraper.kinds.store.sources:row_sources"),
            later("azscraper.kinds.store.sources:hear_rows"),
            otherwise="widget or page",
        ),
        Origin(
            StorePage,
            later("azscraper.kinds.store.sources:page_sources"),
            later("azscraper.kinds.store.sources:hear_page"),
            otherwise="page",
        ),
    ),
    empty_is_success=True,
    columns=(
        column("picture", ColumnType.PICTURE, "image"),
        column("title", ColumnType.TEXT),
        column("asin", ColumnType.TEXT),
        column("price", ColumnType.MONEY),
        column("listPrice", ColumnType.MONEY, shown=False),
        column("rating", ColumnType.NUMBER),
        column("ratingCount", ColumnType.NUMBER),
        column("availability", ColumnType.STATE, "availability", "status"),
        column("storePage", ColumnType.TEXT, "pageTitle"),
        column("storeSection", ColumnType.TEXT, "section", shown=False),
        column("position", ColumnType.NUMBER),
        column("marketplace", ColumnType.TEXT, shown=False),
    ),
)
