"""Which kinds of pages there are: built in, and offered by installed packages."""

import sys
from dataclasses import replace
from importlib.metadata import EntryPoint
from types import SimpleNamespace

import pytest

from azscraper.errors import InvalidInputError
from azscraper.kinds.details import DETAILS
from azscraper.kinds.registry import BUILT_IN, GROUP, gather, kinds

CHARTS = replace(DETAILS, name="charts")
NOT_A_KIND = "details"


def offered(name, value=None):
    return EntryPoint(name, value or f"{__name__}:{name}", GROUP)


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    monkeypatch.setitem(sys.modules, "offering", SimpleNamespace(**globals()))


def test_the_kinds_of_this_package_come_first():
    own = [kind.name for kind in BUILT_IN]

    assert own[:2] == ["details", "search"]
    assert list(gather([offered("CHARTS", "offering:CHARTS")])) == [*own, "charts"]
    assert list(kinds())[: len(own)] == own


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("offering:DETAILS", "The package of offering:DETAILS offers a second kind details: uninstall it"),
        ("offering:NOT_A_KIND", "offering:NOT_A_KIND is not a kind of page"),
        ("offering:MISSING", "The kind offer can't be loaded from offering:MISSING: .*MISSING"),
        ("no_such_package:KIND", "The kind offer can't be loaded from no_such_package:KIND: No module named"),
    ],
)
def test_a_package_that_offers_no_new_kind_is_named(value, message):
    with pytest.raises(InvalidInputError, match=message):
        gather([offered("offer", value)])


def test_schemas_have_the_names_of_their_records():
    assert [name for kind in BUILT_IN[:2] for name in kind.schemas] == ["product", "search-row", "page-summary"]
    models = {(name, model) for kind in BUILT_IN for name, model in kind.schemas.items()}
    assert len(models) == len({name for name, _ in models})
