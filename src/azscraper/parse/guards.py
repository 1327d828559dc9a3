"""Pages that nobody builds for readers: what would take the parser time that grows with a square is told before it begins. Pure.

Judged by samples, which cost nothing beside the reading: a page that means to be slow is so in most places. What gets past
them ends by its processor time (:mod:`azscraper.running.overseer`).
"""

import re

from azscraper.bytesearch import find

_DEEPEST = 5000  # takes a fifth of a second; Amazon's pages nest 60 deep
_SAMPLES = 64
_SAMPLE_BYTES = 2048
_SAMPLE_TAGS = 20
_MOST_ATTRIBUTES = 500
"""Of one element. Each is compared with each: 20,000 take a second, 300,000 minutes. Recorded pages have some 30; their longest
tags have 180 KB, in one attribute, so that a tag's length says nothing."""
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset(
    b"area base br col embed hr img input link meta param source track wbr script style option".split()
)  # https://html.spec.whatwg.org/#void-elements, and what cannot hold elements
_ATTRIBUTE = re.compile(
    rb"""[\s/]{1,99}[^\s=>"']{1,999}(?:\s{0,9}=\s{0,9}(?:"[^"]{0,999}"|'[^']{0,999}'|[^\s>"']{1,999}))?"""
)
"""One with a longer value ends the count: of those a body has room for ten thousand, which take a third of a second."""
_NAME = re.compile(rb"<[a-zA-Z][a-zA-Z0-9:-]{0,60}(?=[\s/])")


def is_beyond_reason(source: bytes) -> bool:
    """Whether elements nest thousands deep, or one has hundreds of attributes. Never raises.

    Where they nest deep, there are stretches that open elements and close none.
    """
    step = max(_SAMPLE_BYTES, len(source) // _SAMPLES)
    deep = False
    judged = 0
    for start in range(0, len(source), step):
        end = start + _SAMPLE_BYTES
        if find(source, b"</", start, end) >= 0:  # nearly all: an element ends there
            continue
        tags = source.count(b"<", start, end)
        if tags == 0:
            if _is_in_crowded_tag(source, judged, start):
                return True
            judged = start
        elif not deep and tags > _SAMPLE_TAGS and _depth(source[start:end]) > _SAMPLE_TAGS:
            deep = _depth(source[max(0, start - step) : start + step]) > _DEEPEST // _SAMPLES
    return deep and _depth(source) > _DEEPEST


def _depth(source: bytes) -> int:
    """How deep tags nest, at most: a closing tag closes one element, whatever its name."""
    depth = deepest = 0
    for closing, name in _TAG.findall(source):
        if name.lower() not in _VOID:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _is_in_crowded_tag(source: bytes, judged: int, position: int) -> bool:
    """What is open at the position, where it was not open at the one that was judged before."""
    opened = source.rfind(b"<", judged, position)
    name = _NAME.match(source, opened) if opened >= 0 else None
    if name is None:
        return False
    end = name.end()
    for _ in range(_MOST_ATTRIBUTES):
        attribute = _ATTRIBUTE.match(source, end)
        if attribute is None:
            return False
        end = attribute.end()
    return not _is_in_script(source, opened)


def _is_in_script(source: bytes, position: int) -> bool:
    """What stands there is no tag: scripts hold data of any length, with ``<`` between."""
    return source.rfind(b"<script", 0, position + 1) > source.rfind(b"</script", 0, position)
