"""Where bytes stand in a large body. The only module that knows stringzilla.

A page is searched some dozen times for what its scripts name, over a megabyte and more: ``bytes.find`` takes 0.4 ms for a
megabyte, this a tenth of it (docs/benchmarks.md).
"""

import stringzilla


def find(source: bytes, sought: bytes, start: int = 0, end: int | None = None) -> int:
    """As ``bytes.find``: the first position at or behind ``start`` (0 or more), -1 without one."""
    position: int = stringzilla.find(source, sought, start, end)
    return position


def rfind(source: bytes, sought: bytes, start: int = 0, end: int | None = None) -> int:
    """As ``bytes.rfind``: the last position at or behind ``start`` (0 or more) that ends before ``end``, -1 without one."""
    position: int = stringzilla.rfind(source, sought, start, end)
    return position
