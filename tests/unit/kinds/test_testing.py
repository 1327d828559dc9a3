"""What is wrong with a kind is said in a sentence, by the item of its name."""

from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field

from azscraper.crawl.policy import GiveUp
from azscraper.errors import InvalidInputError
from azscraper.kinds.details import DETAILS
from azscraper.kinds.kind import ColumnType, Found, Step, Target, column
from azscraper.kinds.observations import Observations, Ranking
from azscraper.kinds.testing import check_kind
from azscraper.kinds.walks import paged, single
from azscraper.records import PageRecord
from azscraper.records.details import DetailsOptions
from azscraper.records.options import Options
from azscraper.records.pages import Read

CASES = Path(__file__).parents[2] / "cases"
ADDRESS = "https://www.amazon.com/dp/B08N5WRWNW"


class Undescribed(Options):
    """An option that nobody explains."""

    shade: Annotated[str, Field()] | None = None


class Listed(Options):
    """An option that no form can ask for."""

    shades: tuple[int, ...] = ()
    """Colours."""


class Pages(DetailsOptions):
    """As many as one likes."""

    pages: Annotated[int, Field(ge=0, le=9)] | None = None
    """Pages."""


def items(kind, cases):
    (mark,) = check_kind(kind, cases=cases).pytestmark
    return {item.id: item.values[0] for item in mark.args[1]}


def said_by(item):
    """The sentence with which it fails; None of one that holds."""
    try:
        item()
    except (InvalidInputError, ZeroDivisionError, pytest.fail.Exception) as exc:
        return str(exc)
    return None


def one_page(url):
    return single(lambda _: url)


def never_again(numbers):
    return lambda asked, done: GiveUp("x", "-") if done else Step(str(next(numbers)), ADDRESS, asked.target.kind)


def refuses(*_):
    raise InvalidInputError("no")


def fails(*_):
    raise ZeroDivisionError("a bug")


def other_each_time(numbers):
    return lambda *_: Observations(rankings=(Ranking("", "", "", "", next(numbers), None, (), ()),))


def other_rows(numbers):
    return lambda *_: Found((), next(numbers))


def twice_the_same(_, done):
    return Step("1", ADDRESS, "details") if len(done) < 2 else GiveUp("x", "-")


class Lamp(PageRecord):
    """What the kind's reader does not read."""


WALK = "a walk ends, and each step has its name"
ROWS = "any pages make rows"
EXAMPLE = "the example is a target"
BROKEN = [
    ({"label": " "}, "label", "The kind's label is missing"),
    ({"missing": "TODO: what to do"}, "missing", "is still a blank: TODO: what to do"),
    ({"columns": ()}, "columns", "The kind has no columns"),
    ({"columns": (column("title", ColumnType.TEXT),) * 2}, "columns", "Two columns have the same name: title"),
    ({"columns": (column("shade", ColumnType.TEXT),)}, "column shade", "not in the record Product: nothing stands at shade"),
    ({"columns": (column("title", ColumnType.MONEY),)}, "column title", "nothing stands at title.amount"),
    ({"records": (Lamp,)}, "record Lamp", 'by the line record: Literal["Lamp"] = "Lamp"'),
    ({"options": Undescribed}, "option shade", "The description of the option shade is missing"),
    ({"options": Listed}, "option shades", "The option shades is no text, number, switch or list of texts"),
    ({"resolve": refuses}, EXAMPLE, "no"),
    ({"resolve": lambda text, place: Target("search", text, place)}, EXAMPLE, "resolve names no target of details"),
    ({"next": lambda *_: GiveUp("not_found", "-")}, EXAMPLE, "has no first step"),
    ({"next": one_page("http://www.amazon.com/")}, EXAMPLE, "is not https"),
    ({"next": one_page("https://example.com/")}, EXAMPLE, "is none of hosts(marketplace): www.amazon.com"),
    ({"next": one_page("https://www.amazon.com/TODO")}, EXAMPLE, "is still a blank"),
    ({"next": lambda *_: Step("1", ADDRESS, "lamps")}, EXAMPLE, "is for a kind that there is not: lamps"),
    ({"hosts": lambda _: ("www.amazon.com",)}, EXAMPLE, "is none of hosts(marketplace): www.amazon.com"),
    ({"looks_like": lambda _: False}, EXAMPLE, "looks_like does not know the example: B08N5WRWNW"),
    ({"next": one_page(ADDRESS[:-1] + "A")}, "its address is the same target", "is the target B08N5WRWNA, not B08N5WRWNW"),
    ({"resolve": fails}, "any text is a target or is refused", "a bug"),
    ({"looks_like": lambda _: None}, "any text is a target or is refused", "is neither true nor false"),
    ({"origins": (replace(DETAILS.origins[0], record=Lamp),)}, "the sources of Lamp", "Lamp has sources, and is no record"),
    (
        {"origins": (replace(DETAILS.origins[0], sources=lambda _: ["#title", "#title"]),)},
        "the sources of Product",
        "Two sources of Product.url have the same name",
    ),
    (
        {"origins": (replace(DETAILS.origins[0], hear=lambda *_: [(Lamp(), [])]),)},
        "the sources of Product",
        "The sources of Product.url are heard for other records",
    ),
    ({"price": lambda _: 0}, "a target has a price and an end", "The price of a target is 0"),
    (
        {"options": Pages, "most_steps": lambda options: 1 if options.pages is None else options.pages},
        "a target has a price and an end",
        "most_steps is 0",
    ),
    ({"next": paged(lambda *_: ADDRESS, lambda _: 9)}, WALK, "The walk goes on after most_steps, which is 1"),
    ({"next": lambda *_: Step("1", ADDRESS, "details"), "most_steps": lambda _: 9}, WALK, "The walk goes on"),
    ({"next": twice_the_same, "most_steps": lambda _: 9}, WALK, "Two steps have the same name: 1, 1"),
    ({"next": never_again(count())}, WALK, "is another one when the same target is walked again"),
    ({"rows": fails}, ROWS, "a bug"),
    ({"rows": lambda *_: []}, ROWS, "rows gives something else than Found"),
    ({"records": (Lamp,), "rows": lambda *_: Found((DETAILS.record(),), None)}, ROWS, "records that the kind does not list: Product"),
    ({"rows": other_rows(count())}, ROWS, "something else of the same pages"),
    ({"follow": other_each_time(count())}, ROWS, "follow tells something else of the same rows"),
    ({"reads": fails}, "any bytes are a page", "a bug"),
    ({"reads": lambda page, _: Read() if page.body.isascii() else fails()}, "any bytes are a page", "a bug"),
    ({"recognises": lambda _: None}, "any bytes are a page", "recognises gives neither true nor false"),
    ({"recognises": lambda _: False}, "book-de record title", "does not recognise the page of"),
    ({"reads": lambda *_: Read()}, "book-de record title", "record title is\nNone\nand not\n"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "item", "sentence"), BROKEN, ids=[f"{item}: {says}" for _, item, says in BROKEN])
def test_what_is_wrong_is_said(change, item, sentence, tmp_path):
    cases = CASES if item.startswith(("book", "the sources")) else tmp_path
    assert sentence in said_by(items(replace(DETAILS, **change), cases)[item])


def test_a_kind_without_a_case_is_told_how_to_make_one(tmp_path):
    how = f"{tmp_path} has no case of the kind: azscraper extract --save-case {tmp_path} page.html makes one"
    assert said_by(items(DETAILS, tmp_path)["cases"]) == how
