"""Pages, options and reads that nobody saved: what a kind is tried with."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from azscraper.kinds.kind import Kind, Target
from azscraper.kinds.testing.cases import folders_of, page_of
from azscraper.marketplaces import Marketplace
from azscraper.parse.page import Page
from azscraper.records.options import Option, Options, described
from azscraper.records.pages import Read

_Model = TypeVar("_Model", bound=BaseModel)
_WORD = re.compile(rb"[^\s<>{}\[\]:,=\"]+")
_ODD_WORDS = (b"", b"null", b"-1", b"[]", b"{}", b"0x", b"\xff", "\u0663".encode())


@dataclass(frozen=True)
class Trial:
    """A kind, and what it is tried with."""

    kind: Kind[Any]
    marketplace: Marketplace
    cases: Path

    @cached_property
    def target(self) -> Target:
        """Of the example."""
        return self.kind.resolve(self.kind.example, self.marketplace)

    @cached_property
    def pages(self) -> list[Page]:
        """Of the cases."""
        return [page_of(folder) for folder in folders_of(self.kind, self.cases)]

    @cached_property
    def reads(self) -> list[Read]:
        """What they say."""
        said = (self.kind.reads(page, None) for page in self.pages)
        return [read for read in said if read.wrong is None]


def any_page(trial: Trial, data: st.DataObject) -> Page:
    """Bytes, or a page of a case with a few words changed."""
    if not trial.pages or data.draw(st.booleans()):
        media_type = data.draw(st.sampled_from(["text/html", "application/json"]))
        return Page(data.draw(st.binary(max_size=400)), f"https://{trial.marketplace.host}/", media_type)
    page = data.draw(st.sampled_from(trial.pages))
    words = list(_WORD.finditer(page.body))
    body = page.body
    places = st.lists(st.integers(0, max(len(words) - 1, 0)), max_size=min(len(words), 5))
    for place in sorted(data.draw(places), reverse=True):
        body = body[: words[place].start()] + data.draw(st.sampled_from(_ODD_WORDS)) + body[words[place].end() :]
    return replace(page, body=body[: data.draw(st.integers(0, len(body)))] if data.draw(st.booleans()) else body)


def any_options(kind: Kind[Any]) -> st.SearchStrategy[Any]:
    """With each of its own options at any value, or left out."""
    model: type[Options] = kind.options
    own = {option.key: _choices(option) for option in described(model) if option.name not in Options.model_fields}
    return st.fixed_dictionaries({}, optional=own).map(model.model_validate)


def _choices(option: Option) -> st.SearchStrategy[Any]:
    if option.type == "boolean":
        return st.booleans()
    if option.only or option.examples:
        choices = st.sampled_from(option.only or option.examples)
        return st.lists(choices, max_size=3) if option.type == "list" else choices
    if option.type in {"string", "list"}:
        return st.none()
    least, most = int(option.least or 0), int(option.most or 1000)
    return st.integers(least, most)


def any_read(kind: Kind[Any], data: st.DataObject) -> Read:
    """What a page might say, with no more than records need."""
    models = data.draw(st.lists(st.sampled_from(kind.records), max_size=3))
    return Read(
        tuple(_made(model, data) for model in models),
        _made(kind.summary, data) if kind.summary and data.draw(st.booleans()) else None,
        data.draw(st.none() | st.integers(1, 9)),
    )


def _made(model: type[_Model], data: st.DataObject) -> _Model:
    try:
        return model.model_validate(data.draw(_values(model)))
    except ValidationError:
        hypothesis.reject()


def _values(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    fields = model.model_fields.items()
    return st.fixed_dictionaries({name: _value(field.annotation) for name, field in fields if field.is_required()})


def _value(annotation: Any) -> st.SearchStrategy[Any]:
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return _values(annotation) if is_model else st.from_type(annotation)
