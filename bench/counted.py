"""Reads recorded pages under valgrind, for ``instructions``: each count is a fork of one process, which has imported all and read the made-up pages.

A fork begins with the count of its parent, so what one that does nothing has counted is taken off. Prints a line of JSON a fork: the kind, what was
counted, of how many pages and readings, the id of its process.
"""

import gc
import json
import os
import sys
from collections.abc import Callable

import orjson
from kinds import JSON_READS, Recorded, of_kinds, read_made_up
from selectolax.lexbor import LexborHTMLParser

from azscraper.kinds.recognise import read_page
from azscraper.marketplaces import MARKETPLACES
from azscraper.parse.countries import country_code


def bare(one: Recorded) -> object:
    """The bare parse of the same bytes."""
    return (LexborHTMLParser if one.media_type == "text/html" else orjson.loads)(one.body)


def read(one: Recorded) -> object:
    return read_page(one.page())


PARTS: dict[str, tuple[Callable[[Recorded], object], ...]] = {
    "nothing": (),
    "bare": (bare,),
    "bare twice": (bare, bare),
    "read": (read,),
    "read twice": (read, read),
}


def count(pages: list[Recorded], calls: tuple[Callable[[Recorded], object], ...]) -> int:
    """In a process of its own, which is the answer. Each page is called with one after the other, as a worker's pages follow each other."""
    child = os.fork()
    if child == 0:
        for call in calls:
            for one in pages:
                call(one)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, f"{child} ended with {status}"
    return child


def know_countries() -> None:
    """Loads the countries of each site's languages, which a process does once."""
    for language in {language for site in MARKETPLACES.values() for language in site.languages}:
        country_code("", language)


def main(wanted: list[str]) -> None:
    read_made_up()
    know_countries()
    kinds = of_kinds(wanted)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)  # as workers have it
    for name, pages in kinds.items():
        each = JSON_READS if pages[0].media_type != "text/html" else 1
        for part, calls in PARTS.items():
            line = {"kind": name, "part": part, "readings": len(pages) * each, "process": count(pages * each, calls)}
            print(json.dumps(line | {"pages": len(pages)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
