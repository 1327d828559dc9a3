"""Resident size of one process over many pages of all kinds: it must be flat once the first 2,000 are read.

``python bench/memory.py [PAGES]`` reads the recorded pages over and over, each unpacked anew, those of products and searches in turn with those of the other
kinds. The last line says by how much the size has grown since 2,000 pages.
"""

import sys
from itertools import chain, cycle, islice

import psutil
from kinds import FOLDER, recorded

from azscraper.kinds.recognise import read_page

_STEP = 1000
_WARM = 2000


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    process, sizes = psutil.Process(), {}
    print("pages  resident MiB  kinds")
    seen: set[str | None] = set()
    pages = chain.from_iterable(recorded(FOLDER) for _ in cycle([None]))
    for number, one in enumerate(islice(pages, wanted)):
        if number % _STEP == 0:
            sizes[number] = process.memory_info().rss / 1024**2
            print(f"{number:5}  {sizes[number]:6.0f}  {len(seen - {None})}", flush=True)
        seen.add(read_page(one.page()).type)
    grown = process.memory_info().rss / 1024**2 - sizes.get(_WARM, 0)
    print(f"{wanted:5}  {sizes.get(_WARM, 0) + grown:6.0f}  grown by {grown:.1f} MiB since {_WARM:,} pages")


if __name__ == "__main__":
    main()
