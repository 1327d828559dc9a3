"""One page as a value: decoded once, parsed once, walked once for its ids.

Every ``css`` over the whole tree costs about a quarter of the parse itself, so fields start from an element with an id
and query below it. Large data islands in scripts are read from ``source`` by position, never through the tree.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import accumulate
from typing import Any, TypeVar, cast

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from azscraper.bytesearch import find, rfind
from azscraper.marketplaces import Marketplace, by_host, language_of, of_url
from azscraper.marketplaces.named import named_site
from azscraper.parse.decoding import decoded, sample
from azscraper.parse.guards import is_beyond_reason
from azscraper.parse.json_text import json_at
from azscraper.parse.served import Served
from azscraper.parse.values import clean, unmarked

_T = TypeVar("_T")

Node = LexborNode
"""An element of the tree; only ``parse`` knows the library behind it."""

_LANGUAGE_BEHIND = re.compile(rb"(?:\"|%22)(?::|%3A)(?:\"|%22)([a-z]{2}_[A-Z]{2})(?:\"|%22)")
_BEHIND_KEY = re.compile(rb"[\"']?\s{0,20}[:=]\s{0,20}(?=[\[{])")
_STATE_ATTRIBUTES = 400  # bytes between the key of a state and the end of its tag
_SPACE = re.compile(rb"\s{0,2000}")
_MOST = 1000
_TRIES = 50  # a key that stands oftener is a word, no island
_GALLERY_KEY = b"colorImages"
_BEFORE_GALLERY = 60_000
_BEHIND_GALLERY = 1_500_000
_BREAK = "\x1e"  # ASCII record separator: in no page, and white space for ``str.split``
_BETWEEN = b"\0"  # in no element: a tree is built without

_OPTIONS = LexborDocumentOptions.WO_EVENTS  # the tree as the source has it, and a twelfth of the time saved
_HOLDERS = (b"Amazon.com, Inc", b"Amazon.com Inc", "亚马逊公司".encode())
_YEAR_BEFORE = re.compile(rb"(20\d\d)\D{0,40}$")
_LONGEST_YEARS = 80
_STAMPS = (b"ocInitTimestamp", b"slot=navFooter", b"data-acp-params=", b";ts=1", b'name="csrf_ts"')
_STAMP = re.compile(rb"(?:ocInitTimestamp\s?=\s?|[;&]ts=|csrf_ts\D{1,20})(1[2-9]\d{8})(?:\d{3})?(?!\d)")
_STAMP_BYTES = 400
_TAIL_BYTES = 400_000  # the line stands within the last 108 KB of every recorded page
_MARKED = "[data-component-type],[cel_widget_id]"


def _tag_id(written: str) -> int:
    """The library's number of a kind of node, which a node tells three times faster than its name."""
    return cast("Node", LexborHTMLParser(written, is_fragment=True).root).tag_id


_TEXT = _tag_id("text")
_UNSEEN = frozenset(_tag_id(f"<{tag}>") for tag in ("script", "style", "template"))
_INLINE_TAGS = "a abbr b bdi bdo cite em font i mark s small span strong sub sup u wbr strike del ins tt code"
_INLINE = frozenset({_tag_id("<!---->"), *(_tag_id(f"<{tag}>") for tag in _INLINE_TAGS.split())})


class Document:
    """A parsed page. Never raises on any bytes. Without an Amazon address the page itself names its site, else it reads as amazon.com.

    A page that is built beyond reason (see ``guards``) has no elements, and says so: its tree is not built.
    """

    def __init__(self, body: bytes, url: str, fetched_on: date | None = None) -> None:
        self.url = url
        self.fetched_on = fetched_on
        self.marketplace: Marketplace = of_url(url) or named_site(body) or by_host("www.amazon.com")
        self._memo: dict[object, Any] = {}
        self._marks: dict[str, list[int]] = {}
        self._places_of_marks: dict[bytes, int] = {}
        self.asked: list[Node] = []
        """What a reader asked for by a name; the same element may come more than once."""
        source = decoded(body, self.marketplace.host)
        self.source = source.encode("utf-8", "replace") if isinstance(source, str) else source
        self.is_beyond_reason = is_beyond_reason(self.source)
        self._tree = LexborHTMLParser(b"" if self.is_beyond_reason else self.source, options=_OPTIONS)

    @cached_property
    def ids(self) -> dict[str, Node]:
        """Every element with an id, the first of each id, in page order."""
        nodes = self._tree.css("[id]")
        names = [node.id or "" for node in nodes]
        found = dict(zip(names, nodes, strict=True))
        if len(found) < len(nodes):  # now the last of each
            found.update(zip(reversed(names), reversed(nodes), strict=True))
        found.pop("", None)
        return found

    def components(self, type_: str) -> list[Node]:
        """Elements of a ``data-component-type``, in page order."""
        found = self._components.get(type_, [])
        self.asked += found
        return found

    def widgets(self, name: str) -> list[Node]:
        """Elements whose ``cel_widget_id`` holds a name, in page order."""
        found = [node for widget, node in self._widgets if name in widget]
        self.asked += found
        return found

    def links(self, *marks: str) -> list[Node]:
        """Links whose address holds one of the marks, in page order."""
        places = {place for mark in marks for place in self._places(mark)}
        return [self._links[place] for place in sorted(places)]

    def _places(self, mark: str) -> list[int]:
        """The numbers of the links whose address holds a mark; several fields look for the same ones."""
        if mark not in self._marks:
            self._marks[mark] = list(self._found(mark.encode()))
        return self._marks[mark]

    def _found(self, mark: bytes) -> Iterator[int]:
        """In all addresses at once, not link by link: most marks are in none. What two of them make together is no mark."""
        position = find(self._joined_addresses, mark)
        while position >= 0:
            place = bisect_right(self._starts, position) - 1
            is_within = position + len(mark) <= self._starts[place + 1]
            if is_within:
                yield place
            position = find(self._joined_addresses, mark, self._starts[place + 1] if is_within else position + 1)

    @cached_property
    def _marked(self) -> list[Node]:
        """Once each, though a walk gives an element for each selector that it matches."""
        return list({node.mem_id: node for node in self._tree.css(_MARKED)}.values())

    @cached_property
    def _components(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self._marked:
            type_ = node.attrs.get("data-component-type")
            if type_:
                found.setdefault(type_, []).append(node)
        return found

    @cached_property
    def _widgets(self) -> list[tuple[str, Node]]:
        return [(name, node) for node in self._marked if (name := node.attrs.get("cel_widget_id"))]

    @cached_property
    def _links(self) -> list[Node]:
        """In a walk of their own, as few kinds of pages ask for them."""
        return self._tree.css("a[href]")

    @cached_property
    def _addresses(self) -> list[bytes]:
        return [(node.attrs.get("href") or "").encode("utf-8", "replace") for node in self._links]

    @cached_property
    def _joined_addresses(self) -> bytes:
        return b"".join(self._addresses)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each link's address begins among all, and where the last one ends."""
        return list(accumulate(map(len, self._addresses), initial=0))

    def by_id(self, *names: str) -> Node | None:
        """The element of the first of these ids that the page has."""
        ids = self.ids
        for name in names:
            if name in ids:
                self.asked.append(ids[name])
                return ids[name]
        return None

    def by_prefix(self, *prefixes: str) -> list[tuple[str, Node]]:
        """The elements whose id begins with one of these, with their ids, in page order."""
        places = {place for prefix in prefixes for place in self._begin_with(prefix)} if self.ids else ()
        found = [(name, self.ids[name]) for name in map(self._id_at, sorted(places))]
        self.asked += [node for _, node in found]
        return found

    def _begin_with(self, prefix: str) -> Iterator[int]:
        """Where the ids that begin so stand among all: found in all at once, not id by id."""
        sought = _BETWEEN + prefix.encode()
        position = find(self._joined_ids, sought)
        while position >= 0:
            yield position + 1
            position = find(self._joined_ids, sought, position + 1)

    def _id_at(self, place: int) -> str:
        return self._joined_ids[place : self._joined_ids.index(_BETWEEN, place)].decode()

    @cached_property
    def _joined_ids(self) -> bytes:
        return _BETWEEN + _BETWEEN.join(map(str.encode, self.ids)) + _BETWEEN

    def once(self, read: Callable[["Document"], _T]) -> _T:
        """What a function of this page gives, worked out at its first use."""
        if read not in self._memo:
            self._memo[read] = read(self)
        found: _T = self._memo[read]
        return found

    def whole(self, css: str) -> list[Node]:
        """Matches in the whole page: a walk of the tree, so at most a few of these a page."""
        found = self._tree.css(css)
        self.asked += found
        return found

    @cached_property
    def regions(self) -> list[Node]:
        """Elements that have a name, in page order."""
        return self._tree.css("[id],[data-feature-name]")

    @cached_property
    def language(self) -> str | None:
        """BCP 47, the ``lang`` of ``html``, else what the page's scripts call its language."""
        served = attr(self.root, "lang")
        if served is None:
            served = self._script_language()
        return _canonical(served) if served else None

    @cached_property
    def served(self) -> Served:
        """The day of the fetch, else when its scripts say that it was made, else the last year of the copyright line."""
        if self.fetched_on:
            return Served(day=self.fetched_on)
        stamped = self._stamped()
        return Served(near=stamped) if stamped else Served(year=self._copyright_year())

    def _stamped(self) -> date | None:
        """The day of the moment that its measuring scripts carry, by UTC; nearly all pages have such a script in their tail."""
        tail = max(0, len(self.source) - _TAIL_BYTES)
        places = (find(self.source, mark, start) for start in ((tail, 0) if tail else (0,)) for mark in _STAMPS)
        found = (_STAMP.search(self.source, place, place + _STAMP_BYTES) for place in places if place >= 0)
        match = next(filter(None, found), None)
        return datetime.fromtimestamp(int(match[1]), UTC).date() if match else None

    def _copyright_year(self) -> int | None:
        tail = max(0, len(self.source) - _TAIL_BYTES)
        holder = max(rfind(self.source, name, tail) for name in _HOLDERS)
        match = _YEAR_BEFORE.search(self.source, max(0, holder - _LONGEST_YEARS), holder) if holder >= 0 else None
        return int(match[1]) if match else None

    @cached_property
    def spoken(self) -> str:
        """The language to read phrases in: where the page names none, that of its site which its words are in."""
        if self.language or len(self.marketplace.languages) == 1:
            return self.language or self.marketplace.languages[0]
        return language_of(sample(self.source), self.marketplace.languages)

    def holds(self, *marks: bytes) -> bool:
        """Whether one of these marks is anywhere in the source: much faster than a walk through the tree."""
        return any(self.place(mark) >= 0 for mark in marks)

    def place(self, mark: bytes) -> int:
        """The first place of a mark in the source, -1 where there is none. Each mark is looked for once."""
        if mark not in self._places_of_marks:
            self._places_of_marks[mark] = find(self.source, mark)
        return self._places_of_marks[mark]

    def position(self, key: bytes) -> int:
        """Where a script names the key first, -1 where none does; looked for once, in the stretch that holds the data.

        On the real pages family and films stand between 32 KB before and 1.1 MB behind the gallery's key.
        """
        if key not in self._memo:
            start = 0 if key == _GALLERY_KEY else max(0, self.position(_GALLERY_KEY) - _BEFORE_GALLERY)
            self._memo[key] = find(self.source, key, start, start + _BEHIND_GALLERY if start else None)
        found: int = self._memo[key]
        return found

    def island(self, key: bytes, start: int = 0, end: int | None = None) -> object:
        """The JSON array or object behind the first ``"key":`` of a stretch, quotes of either kind; None without one."""
        position = find(self.source, key, start, end) if start else self.position(key)
        tries = _TRIES
        while position >= 0 and tries:
            tries -= 1
            colon = _BEHIND_KEY.match(self.source, position + len(key))
            if colon:
                value = json_at(self.source, colon.end())
                if value is not None:
                    return value
            position = find(self.source, key, position + len(key), end)
        return None

    def state(self, ending: str) -> object:
        """The JSON of the first script whose ``data-a-state`` names a key with this ending; None without one."""
        name, source = ending.encode(), self.source
        end = find(source, name) + len(name)
        for _ in range(_TRIES):
            if end < len(name):
                return None
            opening = source.find(b">", end, end + _STATE_ATTRIBUTES)
            if opening >= 0 and source.startswith((b'"}', b"&quot;}"), end):
                return json_at(source, _SPACE.match(source, opening + 1).end())  # type: ignore[union-attr]
            end = find(source, name, end) + len(name)
        return None

    def _script_language(self) -> str | None:
        position = find(self.source, b"language")
        while position >= 0:
            match = _LANGUAGE_BEHIND.match(self.source, position + len(b"language"))
            if match:
                return match[1].decode("ascii")
            position = find(self.source, b"language", position + 1)
        return None

    @cached_property
    def root(self) -> Node | None:
        """The ``html`` element."""
        return self._tree.root

    @cached_property
    def head(self) -> Node | None:
        """The ``head`` element."""
        return self._tree.head


def select(node: Node | None, css: str) -> list[Node]:
    """Matches in an element, itself included, in page order; none in None.

    None either where there are more than a thousand: no block of Amazon's has as many, and a made-up nest of that
    depth would make the reading of its parts quadratic.
    """
    found = [] if node is None else node.css(css)
    return found if len(found) <= _MOST else []


def first(node: Node | None, css: str) -> Node | None:
    """The first match below an element."""
    return None if node is None else node.css_first(css)


def attr(node: Node | None, name: str) -> str | None:
    """An attribute's value, stripped; None when it is absent or empty."""
    if node is None:
        return None
    value = node.attrs.get(name)
    return (value.strip() or None) if value else None


def text(node: Node | None) -> str:
    """What a reader sees of an element: scripts and styles skipped, blocks apart, cleaned. Empty for None."""
    if node is None:
        return ""
    only = node.first_child
    if only is None or (only.tag_id == _TEXT and only.next is None):  # most of what is asked for
        return "" if only is None or node.tag_id in _UNSEEN else clean(only.text_content or "")
    return clean("".join(_pieces(node)))


def holds_text(node: Node) -> bool:
    """Whether an element holds nothing but a text, or nothing: then there is no other to look for in it."""
    only = node.first_child
    return only is None or (only.tag_id == _TEXT and only.next is None)


def lines(node: Node | None, without: str | None = None) -> list[str]:
    """The text of an element cut at its blocks and line breaks; no empty lines, nothing of what a query names as ``without``."""
    if node is None:
        return []
    if holds_text(node):
        return [line] if (line := text(node)) else []
    skipped = frozenset(part.mem_id for part in node.css(without)) if without else frozenset()
    parts = unmarked("".join(_pieces(node, skipped))).split(_BREAK)
    return [" ".join(words) for part in parts if (words := part.split())]


def _pieces(top: Node, skipped: frozenset[int] = frozenset()) -> list[str]:
    """The texts below an element; a loop, because pages nest deeper than Python's stack."""
    pieces: list[str] = []
    behind: list[tuple[bool, Node | None]] = []
    node = None if top.tag_id in _UNSEEN else top.first_child
    while node is not None or behind:
        if node is None:
            inline, node = behind.pop()
            if not inline:
                pieces.append(_BREAK)
            continue
        tag = node.tag_id
        if tag == _TEXT:
            pieces.append(node.text_content or "")
            node = node.next
            continue
        inline = tag in _INLINE
        if not inline:
            pieces.append(_BREAK)
        if tag in _UNSEEN or (skipped and node.mem_id in skipped):
            node = node.next
        else:
            behind.append((inline, node.next))
            node = node.first_child
    return pieces


def _canonical(tag: str) -> str:
    """``en-us`` and ``en_US`` are ``en-US`` (RFC 5646, 2.1.1)."""
    language, _, region = tag.replace("_", "-").partition("-")
    return language.lower() + (f"-{region.upper()}" if region else "")
