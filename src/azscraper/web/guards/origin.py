"""Where people open the service: what the operator said (``AZSCRAPER_PUBLIC_URL``), else what the request says."""

from typing import cast
from urllib.parse import urlsplit

from fastapi import Request

from azscraper.web.deps import Services


def is_secure(request: Request) -> bool:
    """Whether browsers reach the service by https, so that its cookies must never travel otherwise."""
    return of(request).startswith("https:") or request.url.scheme == "https"


def of(request: Request) -> str:
    """Scheme, host and port, as links begin with: as the operator named it, or else as this request reached it."""
    services = cast("Services", request.app.state.services)
    return services.public_url or f"{request.url.scheme}://{request.url.netloc}"


def is_own(request: Request, origin: str | None) -> bool:
    """Whether a page of ours sent the request, by its ``Origin``."""
    public = cast("Services", request.app.state.services).public_url
    if origin is None or origin.lower() == public:
        return origin is not None
    parts = urlsplit(origin)
    if public is not None and parts.hostname == urlsplit(public).hostname:
        return False  # another scheme or port: a page that anybody on the way may have changed, or another service's
    return parts.netloc == request.headers.get("host")
