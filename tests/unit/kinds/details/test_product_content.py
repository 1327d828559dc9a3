"""The manufacturer's content block by block, the story of the brand, and the place that prices are for."""

import pytest

from azscraper.records.page_parts import BrandStory, ImageDetail, Module
from azscraper.records.parts import DeliverTo
from unit.kinds.details.product_page import product

FOLDER = "https://m.media-amazon.com/images/S/aplus-media"
GREY = '<img src="https://m.media-amazon.com/images/G/01/x-locale/common/grey-pixel.gif"'


def module(kind: str, inside: str) -> str:
    return f'<div class="celwidget aplus-module {kind} aplus-standard" cel_widget_id="aplus-{kind}">{inside}</div>'


def test_each_block_of_the_manufacturer_is_a_module() -> None:
    picture = f'{GREY} data-src="{FOLDER}/kettle.__CR0,0,970,600_PT0_SX970_V1___.jpg" alt=" Kettle "><noscript><img src="{FOLDER}/kettle.jpg"></noscript>'
    film = '<div class="vse-player-container"><h1 class="vse-video-player-title">hero-video</h1>Play</div>'
    inside = (
        module("module-9", f"<h4>Quick</h4>{picture}<p>Boils in a minute.</p>")
        + module("premium-module-8-hero-video", film)
        + module("launchpad-company-logo", "")
        + module("xy", "<p>Of steel.</p>")
    )
    found = product(f'<div id="aplus_feature_div"><div id="aplus"><h2>From the manufacturer</h2>{inside}</div></div>')
    shown = Module(
        kind="module-9",
        heading="Quick",
        text="Boils in a minute.",
        images=(ImageDetail(url=f"{FOLDER}/kettle.jpg", alt="Kettle"),),
    )
    assert found.a_plus_modules == (shown, Module(kind="premium-module-8-hero-video"), Module(text="Of steel."))


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ('<table class="apm-tablemodule-table">', "</table>"),
        ('<div class="premium-aplus-module-5 comparison-table"><table class="a-bordered">', "</table></div>"),
    ],
)
def test_a_table_that_compares_has_rows_of_cells_without_what_only_sells(before: str, behind: str) -> None:
    price = (
        '<span class="a-price"><span class="a-offscreen">19,99 €</span><span aria-hidden="true">€19,99</span></span>'
    )
    cart = '<span class="a-button"><input type="submit"><span class="a-button-text">Aggiungi al carrello</span></span>'
    rows = f'<tr><th></th><th><a href="/dp/B0DEMO0002/ref=x">Uno</a>{cart}</th></tr><tr><td> </td></tr><tr><th>Prezzo</th><td>{price}</td></tr>'
    found = product(f'<div id="aplus3p_feature_div">{module("module-5", before + rows + behind)}</div>').a_plus_modules
    assert found == (Module(kind="module-5", asins=("B0DEMO0002",), table=(("", "Uno"), ("Prezzo", "19,99 €"))),)


def test_the_story_of_the_brand_is_no_module() -> None:
    cards = module("brand-story-hero-1-image-logo", f'<img src="{FOLDER}/hero.jpg">')
    cards += module("brand-story-card-1-four-asin", '<h3>Kettles</h3><a href="/dp/B0DEMO0003"></a><a href="/stores/page/ABC-1?x=1">Visit</a>')  # fmt: skip
    found = product(f'<div id="aplusBrandStory_feature_div"><div id="aplus">{cards}</div></div>')
    assert found.a_plus_modules == ()
    assert found.brand_story == BrandStory(
        text="Kettles Visit",
        images=(ImageDetail(url=f"{FOLDER}/hero.jpg"),),
        asins=("B0DEMO0003",),
        url="https://www.amazon.com/stores/page/ABC-1",
    )
    assert product(f'<div id="aplusBrandStory_feature_div">{module("brand-story-hero", "")}</div>').brand_story is None


@pytest.mark.parametrize(
    ("header", "place"),
    [
        (
            '<span id="glow-ingress-line1">Deliver to</span><span id="glow-ingress-line2">Spain</span>',
            DeliverTo(text="Spain", country="ES"),
        ),
        (
            '<span id="glow-ingress-line1">Liefern nach</span><span id="glow-ingress-line2">Indien</span>',
            DeliverTo(text="Indien", country="IN"),
        ),
        ('<span id="glow-ingress-line1">Hello</span><span id="glow-ingress-line2">Select your address</span>', None),
    ],
)
def test_the_place_that_prices_are_for(header: str, place: DeliverTo | None) -> None:
    assert product(header, lang="de-de" if "Liefern" in header else "en-us").deliver_to == place
