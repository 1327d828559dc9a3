"""The dashboard: pages for people, on the same feature functions as the API.

An application of its own below ``/app``, so that its failures are pages and its answers carry a strict policy for
browsers, while the API next to it keeps its envelope.
"""

from collections.abc import Mapping

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from azscraper.web.dashboard import assets, failures, owners, rows, side
from azscraper.web.dashboard.headers import HEADERS
from azscraper.web.dashboard.pages import (
    account,
    admin,
    alerts,
    changes,
    channels,
    compare,
    entry,
    home,
    installation,
    jobs,
    keys,
    keywords,
    list_items,
    lists,
    mail,
    new_job,
    new_list,
    pictures,
    product,
    product_actions,
    product_history,
    product_table,
    projects,
    schedules,
    webhooks,
)
from azscraper.web.deps import Services
from azscraper.web.guards.browsers import BrowserPolicy

_OF_USERS = [Depends(owners.require), Depends(side.find)]
_WORTH_PACKING_BYTES = 1000
"""A packet holds more than a smaller answer."""


def make_dashboard(services: Services, statuses: Mapping[str, int]) -> FastAPI:
    """The pages; ``statuses`` is the HTTP status of each error code."""
    app = FastAPI(title="AzScraper", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.services = services
    app.state.statuses = statuses
    for part in (assets, pictures, entry, mail, side):
        app.include_router(part.router)
    for part in (
        projects,
        home,
        changes,
        new_job,
        jobs,
        rows,
        product_actions,
        product_table,
        compare,
        product,
        product_history,
        keywords,
        new_list,
        lists,
        list_items,
        schedules,
    ):
        app.include_router(part.router, dependencies=_OF_USERS)
    for part in (webhooks, alerts, channels, keys, account):
        app.include_router(part.router, dependencies=_OF_USERS)
    for part in (admin, installation):
        app.include_router(part.router, dependencies=[Depends(side.find)])
    failures.add_handlers(app)
    app.add_middleware(GZipMiddleware, minimum_size=_WORTH_PACKING_BYTES)
    app.add_middleware(BrowserPolicy, headers=lambda: HEADERS)
    return app
