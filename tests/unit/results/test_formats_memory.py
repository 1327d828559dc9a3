"""Files of any length in constant memory, measured in a process of its own."""

import os
import subprocess
import sys

import pytest

from azscraper.results.formats import Format

ROWS = 50_000
"""Of two kilobytes each, more than the limit together: what time a format takes goes by rows, not by bytes."""
LIMIT_MIB = 64
_SCRIPT = """
import asyncio, resource, sys
from types import SimpleNamespace

from azscraper.results import exports
from azscraper.results.formats import Format
from azscraper.records import SearchRow
from azscraper.records.parts import Money

row = SearchRow(asin="B0DEMO0001", keyword="mug", title="A mug " * 220, price=Money(amount="9.99", currency="EUR"))
block = (row.model_dump_json(by_alias=True).encode() + b"\\n") * 100


async def rows(count):
    for _ in range(count // 100):
        yield block


async def peak_kib(count):
    job = SimpleNamespace(id="1", type="search", kind_names=["search"], is_over=True)
    async for part in exports.stream(rows(count), job, Format(sys.argv[2])):
        assert len(part) < 16 * 1024 * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


short = asyncio.run(peak_kib(100))  # the libraries and their first buffers
print(asyncio.run(peak_kib(int(sys.argv[1]))) - short)
"""


@pytest.mark.parametrize("file_format", Format)
def test_a_long_file_takes_no_more_memory_than_a_short_one(file_format):
    command = [sys.executable, "-c", _SCRIPT, str(ROWS), file_format]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < LIMIT_MIB * 1024
