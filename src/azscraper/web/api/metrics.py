"""Numbers for Prometheus, behind a token of their own: no user, no envelope."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from azscraper import metrics
from azscraper.errors import NotFoundError, UnauthenticatedError
from azscraper.operate import gauges
from azscraper.store.db import transaction
from azscraper.web.deps import BearerDep, ServicesDep

router = APIRouter(tags=["health"])


async def _allowed(services: ServicesDep, bearer: BearerDep) -> None:
    if services.metrics_token is None:
        raise NotFoundError("Metrics are not served here: set AZSCRAPER_METRICS_TOKEN")
    if bearer is None or not metrics.is_token(bearer.credentials, services.metrics_token):
        raise UnauthenticatedError("Send the token of AZSCRAPER_METRICS_TOKEN: Authorization: Bearer <token>")


@router.get("/metrics", include_in_schema=False)
async def get_metrics(services: ServicesDep, _: Annotated[None, Depends(_allowed)]) -> Response:
    """This process's own numbers, and those that all processes share."""
    async with transaction(services.pool) as conn:
        metrics.publish(await gauges.read(conn))
    return Response(metrics.page(), media_type=metrics.CONTENT_TYPE)
