"""The vocabulary that made-up products are put together from. A ``Text`` is the same in English, German, Japanese."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

Text = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Node:
    """A step of the breadcrumb."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Article:
    """What ten or so products are made from."""

    noun: Text
    nodes: tuple[Node, ...]
    low: int
    """Cheapest price in US cents."""
    high: int
    """Dearest price in US cents."""
    details: tuple[Text, ...]
    material: Text


_WORDS = tomllib.loads((resources.files(__package__) / "words.toml").read_text("utf-8"))


def _text(names: Sequence[str]) -> Text:
    english, german, japanese = names
    return english, german, japanese


def _texts(names: Sequence[Sequence[str]]) -> tuple[Text, ...]:
    return tuple(_text(each) for each in names)


def _article(said: dict[str, Any]) -> Article:
    nodes = tuple(_NODES[name] for name in said["nodes"])
    low, high = said["cents"]
    return Article(_text(said["noun"]), nodes, low, high, _texts(said["details"]), _text(said["material"]))


def _garment(number: int, noun: Text, low: int, high: int) -> Article:
    shared = _WORDS["garments"]
    nodes = (_NODES[shared["department"]], Node(f"71410001{number:02}", noun))
    return Article(noun, nodes, low, high, _texts(shared["details"]), _text(shared["material"]))


_NODES = {key: Node(said["id"], _text(said["name"])) for key, said in _WORDS["nodes"].items()}
BOOKS = tuple(_NODES[name] for name in _WORDS["books"])
HARDLINES = tuple(_article(said) for said in _WORDS["hardlines"])
GROCERIES = tuple(_article(said) for said in _WORDS["groceries"])
APPAREL = tuple(
    _garment(number, _text(said["noun"]), *said["cents"]) for number, said in enumerate(_WORDS["garments"]["kinds"])
)
BRANDS: Sequence[str] = _WORDS["brands"]
SELLERS: Sequence[tuple[str, str]] = [(name, id_) for name, id_ in _WORDS["sellers"]]
GUESTS: Sequence[tuple[str, str]] = [(name, id_) for name, id_ in _WORDS["guests"]]
"""Who sells for a time alone, where the marketplace moves."""
COLOURS = _texts(_WORDS["colours"])
AUTHORS = _texts(_WORDS["authors"])
PLACES = _texts(_WORDS["places"])
BOOK_TITLES = _texts(_WORDS["book_titles"])
EDGE_TITLES: tuple[str, ...] = (
    "Long name " + "that goes on and on with every word a shop could think of, " * 8 + "end",
    "🫖 Tea time ☕ set with 🍪 tray 🎁",
    "12\" pan \"Giant\" with 'loose' lid – 5' cord",
    "Salt & Pepper <Set> &amp; mill",
    "Mark\u200f between \u200eletters\u200f \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "Cafe\u0301 Cre\u0300me Bo\u0308wl",
    "Narrow\u00a0spaces  and\u2009thin\tones",
    "Γυαλί ποτήρι · Стеклянный стакан · 유리컵",
    "Ge\u00adwürz\u00adregal mit weichem Trennstrich",
    "½ inch ⅜ drive ™ ® № 5 ℃",
    "1984 2001 42",
    '<script>alert("x")</script> doormat',
    "ＡＢＣ　１２３ full width tray",
    "=SUM(A1:A9) {{ braces }} %s \\ / backslash mug",
)
"""Titles that break careless code, as printed; the same in every locale. Their true values: ``catalogue.clean``."""
