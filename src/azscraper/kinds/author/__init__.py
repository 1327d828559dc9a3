"""Authors' pages, as rows of their titles."""

import re

from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import Asked, ColumnType, Kind, Origin, Target, column, later
from azscraper.kinds.walks import single
from azscraper.marketplaces import Marketplace
from azscraper.marketplaces.addresses import Address, address_of
from azscraper.records.author import AuthorOptions, AuthorPage, AuthorTitle

_ID = re.compile(r"B[A-Z0-9]{9}", re.ASCII)
_PATHS = (
    re.compile(r"/stores/author/(?P<id>[A-Za-z0-9]{10})(?:/.*)?", re.ASCII),
    re.compile(r"/stores/[^/]{1,200}/author/(?P<id>[A-Za-z0-9]{10})(?:/.*)?"),
    re.compile(r"/(?:[^/]{1,200}/)?e/(?P<id>B[A-Za-z0-9]{9})(?:/.*)?"),
    re.compile(r"/author/(?P<id>[A-Za-z0-9._-]{2,100})(?:/.*)?", re.ASCII),
)


def _resolve(text: str, marketplace: Marketplace) -> Target:
    """An author's id, or the address of a page, which names the marketplace; a name of the shop's own stays one."""
    found = address_of(text)
    path = next(filter(None, (one.fullmatch(found.path) for one in _PATHS)), None) if found else None
    named = path["id"] if path else "" if found else text.strip()
    if _ID.fullmatch(named.upper()):
        return Target("author", named.upper(), found.marketplace if found else marketplace)
    if found and path:
        return Target("author", named.lower(), found.marketplace)
    raise InvalidInputError.of("target", "is neither an author's id nor the address of the page, /stores/author/…")


def _claims(address: Address) -> bool:
    return any(path.fullmatch(address.path) for path in _PATHS)


def _url(asked: Asked[AuthorOptions]) -> str:
    target = asked.target
    folder = "stores/author" if _ID.fullmatch(target.key) else "author"
    return f"https://{target.marketplace.host}/{folder}/{target.key}"


def _price(_: AuthorOptions) -> int:
    return 3


AUTHOR = Kind(
    name="author",
    label="Authors",
    about="Read authors' pages: a row for each title that the page holds.",
    target_label="Author ids, or addresses of authors' pages",
    example="B000APZ33E",
    missing="Check the author's id and whether this marketplace has a page of the author.",
    records=(AuthorTitle,),
    summary=AuthorPage,
    options=AuthorOptions,
    resolve=_resolve,
    claims=_claims,
    next=single(_url),
    price=_price,
    may_be_json=False,
    recognises=later("azscraper.kinds.author.page:recognises"),
    reads=later("azscraper.kinds.author.page:reads"),
    rows=later("azscraper.kinds.author.page:rows"),
    origins=(
        Origin(
            AuthorTitle,
            later("azscraper.kinds.author.sources:row_sources"),
            later("azscraper.kinds.author.sources:hear_rows"),
            otherwise="widget or page",
        ),
        Origin(
            AuthorPage,
            later("azscraper.kinds.author.sources:page_sources"),
            later("azscraper.kinds.author.sources:hear_page"),
            otherwise="page",
        ),
    ),
    empty_is_success=True,
    columns=(
        column("picture", ColumnType.PICTURE, "image"),
        column("title", ColumnType.TEXT),
        column("asin", ColumnType.TEXT),
        column("format", ColumnType.TEXT),
        column("price", ColumnType.MONEY),
        column("rating", ColumnType.NUMBER),
        column("ratingCount", ColumnType.NUMBER),
        column("series", ColumnType.TEXT, "series", "name", shown=False),
        column("releaseDate", ColumnType.TIME, shown=False),
        column("rank", ColumnType.NUMBER, "bestsellerRank", "rank", shown=False),
        column("position", ColumnType.NUMBER),
        column("authorId", ColumnType.TEXT, shown=False),
        column("marketplace", ColumnType.TEXT, shown=False),
    ),
)
