"""Files of any length in constant memory, measured in a process of its own."""

import os
import subprocess
import sys

import pytest

from azscraper.results.formats import Format

SIZES = dict.fromkeys(Format, (4_000, 16)) | {Format.PARQUET: (20_000, 112)}
"""Rows of seven kilobytes each, and a limit in MiB that all of them together pass; Parquet holds a group of them."""
_SCRIPT = """
import asyncio, resource, sys
from types import SimpleNamespace

from azscraper.results import exports
from azscraper.results.formats import Format
from azscraper.records import SearchRow
from azscraper.records.parts import Money

row = SearchRow(asin="B0DEMO0001", keyword="mug", title="%d" + " mugs" * 1_400, price=Money(amount="9.99", currency="EUR"))
line = row.model_dump_json(by_alias=True).encode() + b"\\n"


async def rows(count):
    for start in range(0, count, 100):
        yield b"".join(line % number for number in range(start, start + 100))


async def peak_kib(count):
    job = SimpleNamespace(id="1", type="search", kind_names=["search"], is_over=True)
    async for part in exports.stream(rows(count), job, Format(sys.argv[2])):
        assert len(part) < 16 * 1024 * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


short = asyncio.run(peak_kib(100))  # the libraries and their first buffers
print(asyncio.run(peak_kib(int(sys.argv[1]))) - short)
"""


@pytest.mark.parametrize(("file_format", "size"), SIZES.items())
def test_a_long_file_takes_no_more_memory_than_a_short_one(file_format, size):
    rows, limit_mib = size  # a process begins with the peak of the one that starts it: a shell, which is small
    command = ["sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-c", _SCRIPT, str(rows), file_format]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < limit_mib * 1024
