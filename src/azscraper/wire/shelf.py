"""Share of shelf, positions and moves of keywords and charts on the wire."""

from collections.abc import Sequence

from azscraper.wire.base import Answer, Timestamp


class ShareOut(Answer):
    """How much of a search one brand, or product, has."""

    name: str | None
    """The brand, or the ASIN; null: tiles whose brand is not known."""
    tiles: int
    share: float
    """Of the tiles that count, 0 to 1."""
    weighted_share: float
    """The same with each tile counting 1/log2(place + 1): the first place 1, the third a half."""
    best_position: int
    """Its first place among the tiles that count."""


class ShelfOut(Answer):
    """One search."""

    observed_at: Timestamp
    job_id: str
    pages: int
    """That count."""
    tiles: int
    """That count."""
    shares: Sequence[ShareOut]
    """Largest first."""


class KeywordStandingOut(Answer):
    """Where a product, or a brand, stands for a keyword."""

    name: str
    """The ASIN, or the brand."""
    by: str
    """`asin` or `brand`."""
    position: int | None
    """Of its first tile in the last search, sponsored ones counted; null: not on the pages that were read."""
    organic_position: int | None
    sponsored_position: int | None
    """Its first place among the tiles that somebody paid for."""
    change: int | None
    """By how many places the organic position fell since the search before: negative is better. null where one of both is."""
    best_organic_position: int | None
    """Of the searches that are asked for."""
    best_at: Timestamp | None
    observed_at: Timestamp
    """Of the last search."""


class MoveOfProductOut(Answer):
    """A product that stands elsewhere than in the search before."""

    asin: str
    brand: str | None
    kind: str
    """`entered`, `left`, `up` or `down`."""
    before: int | None
    after: int | None
    overtook: Sequence[str]
    """Products that stood before it and now stand behind it, at most ten."""


class MovesOut(Answer):
    """What differs between two searches that follow each other."""

    observed_at: Timestamp
    before_at: Timestamp
    job_id: str
    moves: Sequence[MoveOfProductOut]
