"""Which rows a caller wants, and what of each: ``where`` and ``fields``. Read from text; pure."""

import asyncio
import re
from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import orjson

from azscraper.errors import InvalidInputError
from azscraper.records.options import nearest

MOST_TERMS = 5
MOST_FIELDS = 100
Tree = dict[str, Any]
"""Keys, each with the tree of what is wanted below, or None: all of it."""
_NAME = r"[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+){0,7}"
_TERM = re.compile(
    rf'\s*({_NAME})\s*(!=|<=|>=|=|<|>|~)\s*("(?:[^"\\]|\\["\\])*"|true|false|-?\d{{1,15}}(?:\.\d{{1,15}})?)\s*(?:,|$)'
)
_GRAMMAR = (
    'write terms such as price.amount<20, sponsored=false or title~"kettle", with commas between; the signs are'
    " = != < <= > >= ~, and texts stand in double quotes"
)
_NO_META = {
    "where": "can't use meta: it compares the fields of the record alone",
    "fields": "there is no 'meta' in these rows without include=meta",
}
# Each term against the record: what is missing, or of another type than the literal, does not fit. ``~`` is a part of a text,
# whatever the case.
FITS: LiteralString = """NOT EXISTS (
    SELECT FROM unnest(%(paths)s::text[], %(operators)s::text[], %(types)s::text[], %(literals)s::text[])
            AS w (path, operator, type, literal),
        LATERAL (SELECT record #> w.path::text[] AS value) v,
        LATERAL (SELECT v.value #>> '{}' AS text) t,
        LATERAL (SELECT CASE WHEN json_typeof(v.value) <> w.type THEN NULL
            WHEN w.type = 'number' THEN sign(t.text::numeric - w.literal::numeric)::int
            WHEN t.text = w.literal THEN 0 WHEN t.text < w.literal COLLATE "C" THEN -1 ELSE 1 END AS sign) c
    WHERE NOT coalesce(CASE w.operator WHEN '=' THEN c.sign = 0 WHEN '!=' THEN c.sign <> 0 WHEN '<' THEN c.sign < 0
        WHEN '<=' THEN c.sign <= 0 WHEN '>' THEN c.sign > 0 WHEN '>=' THEN c.sign >= 0
        ELSE c.sign IS NOT NULL AND t.text ILIKE w.literal END, false))"""
"""A condition on the column ``record``; ``Where.params`` are its parameters."""


@dataclass(frozen=True, slots=True)
class Term:
    """A comparison of a value in the record."""

    path: str
    """Keys, and places in lists, with dots between."""
    operator: str
    literal: str | float | bool

    @property
    def type(self) -> str:
        """Of the literal, as JSON calls it."""
        return {bool: "boolean", str: "string"}.get(type(self.literal), "number")


@dataclass(frozen=True, slots=True)
class Where:
    """All of the terms hold."""

    terms: tuple[Term, ...]

    @property
    def params(self) -> dict[str, list[str]]:
        """Of ``FITS``."""
        return {
            "paths": [f"{{{term.path.replace('.', ',')}}}" for term in self.terms],
            "operators": [term.operator for term in self.terms],
            "types": [term.type for term in self.terms],
            "literals": [_literal(term) for term in self.terms],
        }


def _literal(term: Term) -> str:
    if isinstance(term.literal, bool):
        return str(term.literal).lower()
    text = str(term.literal)
    return "%" + re.sub(r"([\\%_])", r"\\\1", text) + "%" if term.operator == "~" else text


def read_where(text: str, known: Collection[str]) -> Where:
    """Of a query's text. ``known`` are the record's keys. Raises InvalidInputError that names what is wrong."""
    terms: list[Term] = []
    end = 0
    while end < len(text) or not terms:
        found = _TERM.match(text, end)
        if found is None or (found[0].endswith(",") and found.end() == len(text)):
            raise _invalid("where", f"{text[end : end + 40]!r} can't be read: {_GRAMMAR}")
        path, operator, literal = found.groups()
        _require_known("where", path, known)
        terms.append(_checked(Term(path, operator, _value(literal))))
        end = found.end()
    if len(terms) > MOST_TERMS:
        raise _invalid("where", f"has {len(terms)} terms; at most {MOST_TERMS} are allowed")
    return Where(tuple(terms))


def _value(literal: str) -> str | float | bool:
    if literal.startswith('"'):
        return re.sub(r"\\(.)", r"\1", literal[1:-1])
    return {"true": True, "false": False}[literal] if literal in {"true", "false"} else float(literal)


def _checked(term: Term) -> Term:
    if term.operator == "~" and not isinstance(term.literal, str):
        raise _invalid("where", f"{term.path}~ takes a text in double quotes")
    if isinstance(term.literal, bool) and term.operator not in {"=", "!="}:
        raise _invalid("where", f"{term.path} can be compared with true or false by = or != alone")
    return term


@dataclass(frozen=True, slots=True)
class Fields:
    """What of each record: ``only`` these paths, or all; and of that ``without`` some."""

    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def trees(self) -> tuple[Tree, Tree]:
        """Of ``only`` and of ``without``."""
        return _tree(self.only), _tree(self.without)

    def with_key(self, key: str) -> "Fields":
        """These and all of the key, unless they say themselves what of it is wanted."""
        is_named = not self.only or any(path.partition(".")[0] == key for path in self.only)
        return self if is_named else Fields((*self.only, key), self.without)

    def of(self, record: Any) -> Any:
        """The part of the record that was asked for; lists are gone through."""
        only, without = self.trees
        part = _only(record, only) if only else record
        return _without(part, without) if without else part

    def of_lines(self, block: bytes) -> bytes:
        """The same of each line of JSON."""
        return b"".join(orjson.dumps(self.of(orjson.loads(line))) + b"\n" for line in block.splitlines())

    async def of_blocks(self, blocks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        """The same of blocks of lines, in a thread: other requests must not wait for it."""
        async for block in blocks:
            yield await asyncio.to_thread(self.of_lines, block)


EVERYTHING = Fields()


def _tree(paths: Sequence[str]) -> Tree:
    """The paths as nested keys; None is all that is below."""
    tree: Tree = {}
    for path in paths:
        at = tree
        *above, last = path.split(".")
        for key in above:
            at = at.setdefault(key, {})
            if at is None:
                break
        else:
            at[last] = None
    return tree


def _only(value: Any, tree: Tree) -> Any:
    if isinstance(value, list):
        return [_only(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: value[key] if below is None else _only(value[key], below) for key, below in tree.items() if key in value
    }


def _without(value: Any, tree: Tree) -> Any:
    if isinstance(value, list):
        return [_without(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _without(item, tree[key]) if tree.get(key) else item
        for key, item in value.items()
        if tree.get(key, ...) is not None
    }


def read_fields(text: str, known: Collection[str]) -> Fields:
    """Of a query's text: paths with commas between, ``-`` in front of what is left out. Raises InvalidInputError."""
    names = [name.strip() for name in text.split(",")]
    if len(names) > MOST_FIELDS:
        raise _invalid("fields", f"has {len(names)} paths; at most {MOST_FIELDS} are allowed")
    for name in names:
        if not re.fullmatch(f"-?{_NAME}", name):
            raise _invalid("fields", f"{name[:40]!r} is not a path; write for example asin,price.amount or -images")
        _require_known("fields", name.removeprefix("-"), known)
    left_out = tuple(name[1:] for name in names if name.startswith("-"))
    return Fields(tuple(name for name in names if not name.startswith("-")), left_out)


def _require_known(field: str, path: str, known: Iterable[str]) -> None:
    key = path.partition(".")[0]
    names = list(known)
    if key not in names:
        problem = _NO_META[field] if key == "meta" else f"there is no {key!r} in these rows{nearest(key, names)}"
        raise _invalid(field, problem)


def _invalid(field: str, problem: str) -> InvalidInputError:
    return InvalidInputError.of(field, problem)
