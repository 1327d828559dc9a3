"""Pictures of products, through this server: a page loads nothing from elsewhere, and no shop learns who looks.

Only from the hosts on which marketplaces keep pictures, small, and kept by the browser for a week.
"""

from fastapi import APIRouter, Response

from azscraper.web.dashboard.session import PageRoute, User_
from azscraper.web.deps import ServicesDep

router = APIRouter(route_class=PageRoute)

_WEEK = "private, max-age=604800"
_MINUTE = "private, max-age=60"
_HARMLESS = "default-src 'none'; sandbox"
"""For what was fetched: nothing in it runs, also when it is opened by itself."""
_NOTHING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" fill="#eef1f5"/><path d="M14 31l7-8 5 6 3-3 5 5z" fill="#b6c0cc"/><circle cx="30" cy="18" r="3" fill="#b6c0cc"/></svg>'


@router.get("/pictures")
async def picture(url: str, _: User_, services: ServicesDep) -> Response:
    """The picture at the address, or a drawing in its place."""
    found = await services.pictures.get(url) if services.pictures else None
    if found is None:
        headers = {"Cache-Control": _MINUTE, "Content-Security-Policy": _HARMLESS}
        return Response(_NOTHING, headers=headers, media_type="image/svg+xml")
    headers = {"Cache-Control": _WEEK, "Content-Security-Policy": _HARMLESS}
    return Response(found.body, headers=headers, media_type=found.media_type)
