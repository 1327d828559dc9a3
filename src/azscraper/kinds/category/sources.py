"""Where what the page of a category says about itself comes from: what ``explain`` asks."""

from functools import partial

from azscraper.kinds.category.page import reads
from azscraper.parse import places

_TOTALS = "line of the totals"
_PAGE = places.settled(
    node="address, else canonical link",
    canonical_node="canonical link",
    slug="canonical link, else address",
    name="bold line among the categories of the left column",
    parents="links of the left column, by the nodes of the address",
    children="links of the left column below the node",
    related="links to other nodes, by their words",
    shelves="widgets with a carousel",
    refinements="filters of the left column",
    total_results=_TOTALS,
    total_is_estimate=_TOTALS,
    result_from=_TOTALS,
    result_to=_TOTALS,
    last_page="strip of pages",
    sort="list of orders",
    sort_options="list of orders",
    departments="list of the search box",
    list_url="link to all results",
)


page_sources = partial(places.names, _PAGE)
"""Of a field of the page."""
hear_page = partial(places.heard_of_summary, reads, _PAGE)
"""The place of a field of the page, and what it says."""
