"""Real panels of offers, where the folder is at hand: a product page with its panel open rates the seller as the list does."""

import gzip
import json
import os
from pathlib import Path

import pytest

from azscraper.kinds.details import seller
from azscraper.kinds.recognise import parse
from azscraper.parse.document import Document
from azscraper.records.offers import OfferRow

FOLDER = Path(os.environ.get("AZSCRAPER_KIND_PAGES") or Path(__file__).parents[3] / "shared" / "pages-kinds")
MANIFEST = FOLDER / "manifest.jsonl"
pytestmark = pytest.mark.skipif(not MANIFEST.exists(), reason="the folder of real pages is not here")
_BLOCK = b'id="aod-pinned-offer"'


def panels() -> list[tuple[str, bytes]]:
    """Pages that hold the block of the featured offer, with their addresses."""
    lines = map(json.loads, MANIFEST.read_text().splitlines()) if MANIFEST.exists() else ()
    listed = (
        (line, gzip.decompress((FOLDER / line["file"]).read_bytes())) for line in lines if line["kind"] == "offers"
    )
    return [(f"https://{line['marketplace']}/dp/{line['asin']}", body) for line, body in listed if _BLOCK in body]


def test_the_open_panel_rates_the_featured_seller_as_the_list_of_offers_does() -> None:
    told = []
    for url, body in panels():
        featured = parse(body, url).read.records[0]
        assert isinstance(featured, OfferRow)
        page = Document(body, url)
        told.append((featured.seller_rating, featured.seller_rating_count, featured.seller_positive_percent))
        fields = (seller.seller_rating, seller.seller_rating_count, seller.seller_positive_percent)
        assert tuple(map(page.once, fields)) == told[-1]
    assert any(all(parts) for parts in told)
