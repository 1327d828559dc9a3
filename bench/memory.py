"""Resident size of one process over many pages: it must be flat once the first 500 are read.

``python bench/memory.py [PAGES]`` reads the recorded pages over and over, each unpacked anew.
"""

import gzip
import json
import os
import sys
from pathlib import Path

import psutil

from azscraper.kinds.recognise import parse

_FOLDER = Path(os.environ.get("AZSCRAPER_PAGES", Path(__file__).parents[2] / "shared" / "pages"))
_STEP = 500


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    lines = [json.loads(line) for line in (_FOLDER / "manifest.jsonl").read_text().splitlines()]
    process = psutil.Process()
    print("pages  resident MiB")
    for number in range(wanted + 1):
        if number % _STEP == 0:
            print(f"{number:5}  {process.memory_info().rss / 1024**2:.0f}", flush=True)
        line = lines[number % len(lines)]
        parse(gzip.decompress((_FOLDER / line["file"]).read_bytes()), f"https://{line['marketplace']}/")


if __name__ == "__main__":
    main()
