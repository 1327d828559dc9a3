"""Where a product stands: categories, badges, neighbours."""

import pytest

from unit.kinds.details.product_page import product


def test_breadcrumb_badges_and_neighbours() -> None:
    record = product(
        '<div id="wayfinding-breadcrumbs_feature_div"><ul><li><a href="/x/b/ref=dp_bc_1?node=1">Garden</a></li><li>›</li>'
        '<li><a href="/s?rh=n%3A1%2Cn%3A22">Kettles</a></li></ul></div><div id="acBadge_feature_div">Amazon\'s Choice</div>'
        '<div id="sims-fbt"><i data-asin="B000000003"></i></div><div id="newer-version"><a href="/dp/B000000004">new</a></div>'
    )
    assert [(step.name, step.id) for step in record.categories] == [("Garden", "1"), ("Kettles", "22")]
    assert record.badges == ("amazons_choice",)
    assert record.related_asins is not None
    assert record.related_asins.bought_together == ("B000000003",)
    assert record.related_asins.newer_model == "B000000004"


def test_what_is_bought_together_is_linked_as_such_in_every_layout() -> None:
    record = product(
        '<div id="sims_fbt"><a href="/Kettle/dp/B000000001/ref=pd_bxgy_b_img_x"></a><a href="/x/dp/B000000005/ref=pd_bxgy_b_img_y/1-2">'
        '</a><a href="/x/dp/B000000005/ref=pd_bxgy_b_text_y"></a></div><a href="/x/dp/B000000006/ref=pd_bxgy_d_sccl_1"></a>'
    )
    assert record.related_asins is not None
    assert record.related_asins.bought_together == ("B000000005", "B000000006")


NEIGHBOURS = (
    ("B000000031", "pd_sim_14_1"),
    ("B000000021", "pd_cp_14_1"),
    ("B000000011", "pd_sbs_d_sccl_1_1"),
    ("B000000001", "pd_ci_mcx_pspc_dp_d_2_t_1"),
    ("B000000002", "psdc_172541_t2_B000000001"),
    ("B000000003", "psdc_172541_t3_B000000001"),
    ("B000000009", "psdc_172541_rv_t1_B000000001"),
)


@pytest.mark.parametrize(
    ("shown", "similar"),
    [(7, ("B000000002", "B000000003")), (3, ("B000000011",)), (2, ("B000000021",)), (1, ("B000000031",)), (0, ())],
)
def test_similar_are_the_products_of_the_best_block(shown: int, similar: tuple[str, ...]) -> None:
    links = [f'<a href="/Cup/dp/{asin}/ref={mark}?pf_rd_r=X"></a>' for asin, mark in NEIGHBOURS[:shown]]
    family = '<a href="/product-reviews/B000000099/ref=pd_sbs_cr_1">4.5</a>'
    related = product("".join(links) + family).related_asins
    assert (related.similar if related else ()) == similar


@pytest.mark.parametrize(
    "block",
    [
        '<a href="/gp/aw/d/B000000011/ref=pd_aw_sbs_14_1">Cup</a>',
        '<div id="dv-sims"><i data-asin="B000000011"></i></div><div id="purchaseShvl"><a href="/dp/B000000012">x</a></div>',
        '<div id="purchaseShvl"><a href="/dp/B000000012">x</a></div><div id="vtpsims"><a href="/dp/B000000011">x</a></div>',
    ],
)
def test_similar_products_of_phones_films_and_links_without_marks(block: str) -> None:
    related = product(block).related_asins
    assert related is not None
    assert related.similar == ("B000000011",)


def test_a_small_business_among_the_additional_details() -> None:
    logo = '<img id="provenance-certification-sbe_badge-logo">'
    assert product(f'<div id="provenance-certifications">{logo}</div>').badges == ("small_business",)


def test_buy_it_with_is_what_newer_products_have_bought_together() -> None:
    links = "".join(
        f'<a href="/x/dp/{asin}/ref=pd_day0fbt_{mark}_1">x</a>'
        for asin, mark in (("B000000005", "hardlines_thbs_d_sccl"), ("B000000005", "d_sccl"), ("B000000006", "img"))
    )
    related = product(f'<div id="similarities_feature_div"><h2>Buy it with</h2>{links}</div>').related_asins
    assert related is not None
    assert related.bought_together == ("B000000005", "B000000006")


@pytest.mark.parametrize(
    "block",
    [
        '<div data-outfit="{}"><a href="/dp/B000000005">Hat</a></div>',
        '<a href="/dp/B000000005/ref=sl_ob_desktop_dp_0">Hat</a>',
        '<div id="sl-outfit-builder-card"><i data-asin="B000000005"></i></div>',
        '<h2>Customers also bought</h2><a href="/x/dp/B000000005/ref=pd_tcs_compl_1">Cup</a>',
    ],
)
def test_outfits_and_bundles_are_not_bought_together(block: str) -> None:
    related = product(f'<div id="similarities_feature_div">{block}</div>').related_asins
    assert related is None or not related.bought_together


@pytest.mark.parametrize("mark", ["pd_lpo_d_sccl_1", "pd_day0_d_sccl_1_1", "pd_aw_lpo_1", "pd_d0_recs_v2_1"])
def test_what_others_viewed_of_newer_carousels_is_similar(mark: str) -> None:
    related = product(f'<a href="/Cup/dp/B000000011/ref={mark}/1?pd_rd_i=B000000011">x</a>').related_asins
    assert related is not None
    assert related.similar == ("B000000011",)
    older = '<a href="/Cup/dp/B000000012/ref=pd_sbs_14_1">x</a>'
    both = product(f'<a href="/Cup/dp/B000000011/ref={mark}">x</a>{older}').related_asins
    assert both is not None
    assert both.similar == ("B000000012",)


def test_a_place_in_the_charts_of_readers_is_no_best_seller() -> None:
    block = '<div id="zeitgeistBadge_feature_div"><a class="badge-link" href="{}"><i>{}</i></a></div>'
    assert product(block.format("/charts/2020-01-05/mostread/fiction", "#3 Most Read")).badges == ()
    assert product(block.format("/gp/bestsellers/books/1", "#1 Best Seller")).badges == ("best_seller",)


@pytest.mark.parametrize(
    ("said", "newer"),
    [
        ("There is a <b>newer version</b> of this item:", "B000000002"),
        ("Es gibt eine <b>neuere Version</b> dieses Artikels:", "B000000002"),
        ("Save on covers for this item:", None),
    ],
)
def test_the_stripe_above_a_kindle_names_the_one_after_it(said: str, newer: str | None) -> None:
    stripe = f'<div class="kindle-promo-stripe">{said} <a href="http://www.amazon.com/dp/B000000002">Kindle</a></div>'
    related = product(f'{stripe}<span id="btAsinTitle">Kindle</span>').related_asins
    assert (related and related.newer_model) == newer
