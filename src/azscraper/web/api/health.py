"""Is it up? For load balancers: no authentication, no envelope. By HEAD as well, as many probes ask."""

from fastapi import APIRouter

from azscraper.web.deps import ServicesDep, errors
from azscraper.web.readiness import Readiness
from azscraper.wire.about import HealthOut

router = APIRouter(tags=["health"])


@router.head("/health", include_in_schema=False)
@router.get("/health", operation_id="getHealth")
async def health() -> HealthOut:
    """The process answers."""
    return HealthOut()


@router.head("/health/ready", include_in_schema=False)
@router.get("/health/ready", operation_id="getReadiness", responses=errors(503))
async def ready(services: ServicesDep) -> HealthOut:
    """The database and the queue answer, and can be written to."""
    await (services.readiness or Readiness(services.pool)).require()
    return HealthOut()
