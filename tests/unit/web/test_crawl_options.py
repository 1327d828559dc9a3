"""Options of jobs as fields of a form."""

from dataclasses import replace

import pytest
from starlette.datastructures import FormData

from azscraper.kinds.details import DETAILS
from azscraper.kinds.search import SEARCH
from azscraper.records.options import Options
from azscraper.web.dashboard import crawl_options, render


class Shades(Options):
    """Of a kind whose options are not all texts and numbers, and one of which search has as well."""

    pages: int | None = None
    """Pages."""
    dark: bool | None = None
    """Dark ones too."""
    shades: tuple[str, ...] | None = None
    """Their names."""


@pytest.fixture
def _lamps(monkeypatch):
    kinds = {"search": SEARCH, "lamps": replace(DETAILS, name="lamps", options=Shades)}
    monkeypatch.setattr(crawl_options, "kinds", lambda: kinds)
    crawl_options.fields.cache_clear()
    yield
    crawl_options.fields.cache_clear()


@pytest.mark.parametrize(
    ("form", "kind", "config"),
    [
        ({"pages": "3", "lamps-pages": "9", "dark": "true"}, "search", {"pages": 3}),
        ({"pages": "3", "lamps-pages": "9", "max_age": "60"}, "lamps", {"pages": 9, "maxAge": 60}),
        ({"dark": "true", "shades": "red, blue,, "}, "lamps", {"dark": True, "shades": ["red", "blue"]}),
        ({"min_price": "x"}, "search", {"minPrice": "x"}),
        ({}, "lamps", {}),
    ],
)
@pytest.mark.usefixtures("_lamps")
def test_each_kind_gets_its_own_options(form, kind, config):
    assert crawl_options.read(FormData(form), kind) == config


@pytest.mark.usefixtures("_lamps")
def test_switches_and_lists_have_fields():
    form = render._environment("en").get_template("_crawl_options.html").make_module({"theme": ""})  # noqa: SLF001 - a part of pages
    html = form.options(crawl_options.fields(), {"dark": True, "shades": ["red", "blue"]}, "lamps")
    assert 'type="checkbox" id="f-dark" name="dark" value="true" checked' in html
    assert 'name="shades" type="text" value="red, blue"' in html
    assert 'name="lamps-pages" type="number"' in html
