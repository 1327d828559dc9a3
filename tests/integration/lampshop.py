"""Lamps are a kind of this installation, and a shop of two hosts has some."""

import sys
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path

import orjson

from azscraper.jobs import options
from azscraper.kinds import registry
from integration.badserver import plain

PACKAGE = Path(__file__).parents[1] / "packages" / "lamps"
ENTRY = EntryPoint("lamps", "azscraper_lamps:LAMPS", registry.GROUP)
CACHES = (registry.kinds, registry.in_turn, options._keys)  # noqa: SLF001 - what processes remember for their life
WATTS = {"Globe": 40, "Tiffany": 60, "Flood": 500}


@contextmanager
def lamps_offered():
    """As if their package were installed."""
    with_lamps, sys_path = registry.entry_points, list(sys.path)
    sys.path.insert(0, str(PACKAGE))
    registry.entry_points = lambda **_: [ENTRY]
    try:
        _forget()
        yield registry.kinds()["lamps"]
    finally:
        registry.entry_points, sys.path[:] = with_lamps, sys_path
        _forget()


def _forget():
    for cache in CACHES:
        cache.cache_clear()


def stock(shop, maker="lumen"):
    """The pages of a maker, by step."""
    paths = {
        "list": f"/lamps/{maker}",
        "note": f"/{maker}/note.json",
        "more": f"/lamps/{maker}/more",
        "watts": f"/{maker}/watts.json",
    }
    shop.answers |= {
        paths["list"]: _html("Globe, Tiffany"),
        paths["note"]: _json({"note": "By hand."}),
        paths["more"]: _html("Flood"),
        paths["watts"]: _json({"watts": WATTS}),
    }
    return paths


def _html(names):
    return plain(f'<html><body><p id="lamps">{names}</p></body></html>'.encode(), "Content-Type: text/html")


def _json(value):
    return plain(orjson.dumps(value), "Content-Type: application/json")
