"""Scripts, styles and the font, from memory: names carry the content's hash, so that browsers keep them for good."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from fastapi import APIRouter, Request, Response

from azscraper.errors import NotFoundError

router = APIRouter()

_HASH_LENGTH = 12
_FOREVER = "public, max-age=31536000, immutable"
_SERVED = (".css", ".js", ".svg", ".woff2")
_PACKED = (".woff2",)
"""What is compressed by its own format."""
mimetypes.add_type("font/woff2", ".woff2")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, as it goes out."""

    path: str
    """Below ``/app/static/``, with the hash."""
    media_type: str
    body: bytes
    gzipped: bytes | None


def url(name: str) -> str:
    """The address of a file of ``web/static``. Raises KeyError when there is none: a typing error in a template."""
    return f"/app/static/{_by_name()[name].path}"


@cache
def _by_name() -> Mapping[str, Asset]:
    root = resources.files("azscraper.web") / "static"
    files = {**_files(root, ""), **_files(root / "vendor", "vendor/")}
    font = _asset("vendor/inter.woff2", files.pop("vendor/inter.woff2"))
    # the one reference from file to file: the style sheet names the font by its hashed name
    files["app.css"] = files["app.css"].replace(b"inter.woff2", font.path.encode())
    return {"vendor/inter.woff2": font, **{name: _asset(name, body) for name, body in files.items()}}


def _files(folder: Traversable, prefix: str) -> dict[str, bytes]:
    return {prefix + file.name: file.read_bytes() for file in folder.iterdir() if file.name.endswith(_SERVED)}


def _asset(name: str, body: bytes) -> Asset:
    stem, _, ending = name.rpartition("/")[2].rpartition(".")
    path = f"{stem}.{hashlib.sha256(body).hexdigest()[:_HASH_LENGTH]}.{ending}"
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    packed = None if name.endswith(_PACKED) else gzip.compress(body, mtime=0)
    return Asset(path, media_type, body, packed)


@cache
def _by_path() -> Mapping[str, Asset]:
    return {asset.path: asset for asset in _by_name().values()}


@router.get("/static/{path}")
async def static(path: str, request: Request) -> Response:
    """A file by its hashed name; the body of a name never changes."""
    asset = _by_path().get(path)
    if asset is None:
        raise NotFoundError("There is no such file")
    headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    if asset.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.gzipped, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.body, headers=headers, media_type=asset.media_type)
