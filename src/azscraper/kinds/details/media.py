"""Pictures and films of the gallery."""

import re
from typing import TypeGuard

from azscraper.errors import ParseError
from azscraper.parse.dig import dig
from azscraper.parse.document import Document, Node, attr, first, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import clean, image
from azscraper.records.page_parts import ImageDetail
from azscraper.records.parts import Video

_MAIN = (
    "landingImage",
    "imgBlkFront",
    "ebooksImgBlkFront",
    "main-image",
    "prodImage",
    "prodImageCell",
    "imgTagWrapperId",
    "main-image-nonjs",
    "js-masrw-main-image",
)
_THUMBS = (
    "altImages",
    "imageBlockThumbs",
    "thumbs-image",
    "mainImageContainer",
    "image-block-container",
    "main-image-content",
)
_ADDRESS = re.compile(r'"(https?://[^"]{1,300})"')
_GALLERY_BYTES = 400_000  # the gallery's scripts stand together
_CARDS = "img, div[data-a-hires]"
_HIGH = ("data-a-hires", "data-old-hires")
_MINUTE = 60
_LONGEST_COUNT = 7  # digits of seconds or pixels
_KINDS = {"IB_G1": "seller", "IB_G2": "customer"}
_SIZES = ("hiRes", "mainUrl", "large", "main")


images = Field[Document, list[str], tuple[str, ...]](
    "The gallery script's list; else the main image and the thumbnails beside it. Each picture once, in its largest form."
)


@images.source("script of the gallery")
def _from_script(document: Document) -> list[str]:
    return [url for entry in document.once(_gallery) if (url := largest(entry))]


@images.source("gallery of a phone's page")
def _from_phone(document: Document) -> list[str]:
    """The cards of a phone's gallery: a script loads all but the first, so that their addresses are in other attributes."""
    gallery = document.by_id("image-block-row", "image-block", "imageBlockCommonMobile_feature_div")
    cards = {node.mem_id: node for node in select(gallery, _CARDS) if _is_thumb(node)}
    return [url for card in cards.values() if (url := _fullest(card)) and _is_picture(url)]


@images.source("main image and thumbnails")
def _from_markup(document: Document) -> list[str]:
    """The main image in its largest form and the thumbnails; the first of these is the main one's under another name."""
    main = _main_image(document)
    found = [url for name in _THUMBS for url in _thumbnails(document, name)]
    if main and found and document.by_id("altImages") is not None and image(main) not in map(image, found):
        found = found[1:]
    return [main, *found] if main else found


@images.settle
def _pictures(_: Document, found: list[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(image(url) for url in found or [] if _is_picture(url)))


image_details = Field[Document, list[ImageDetail], tuple[ImageDetail, ...]](
    "What the gallery script says of each picture: its size, slot and other text; of one in markup its other text.",
    empty=(),
)


@image_details.source("script of the gallery")
def _detailed(document: Document) -> list[ImageDetail]:
    found = [_picture(entry) for entry in document.once(_gallery)]
    return [one for one in found if one and _is_picture(one.url)]


@image_details.settle
def _each_once(document: Document, found: list[ImageDetail] | None) -> tuple[ImageDetail, ...]:
    """One a picture of ``images``, in their order."""
    known = {one.url: one for one in reversed(found or [])}
    return tuple(known.get(url) or ImageDetail(url=url) for url in document.once(images))


def _picture(entry: object) -> ImageDetail | None:
    url = largest(entry)
    if url is None:
        return None
    sizes = [size for key in ("main", "large") for size in _sizes(dig(entry, key))] + _sizes(dig(entry, "dimensions"))
    width, height = max(sizes, default=(None, None))
    thumb, alt = dig(entry, "thumb") or dig(entry, "thumbUrl"), dig(entry, "altText")
    return ImageDetail(
        url=image(url),
        width=width,
        height=height,
        variant=_words(dig(entry, "variant")),
        alt=clean(alt) or None if isinstance(alt, str) else None,
        thumbnail=_words(thumb),
    )


def _sizes(listed: object) -> list[tuple[int, int]]:
    """Of ``{"https://…": [466, 466]}`` and of ``[466, 466]``."""
    pairs = list(listed.values()) if isinstance(listed, dict) else [listed]
    return [(int(pair[0]), int(pair[1])) for pair in pairs if _is_size(pair)]


def _is_size(pair: object) -> TypeGuard[list[int]]:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(side, int) for side in pair)  # noqa: PLR2004


videos = Field[Document, tuple[Video, ...], tuple[Video, ...]](
    "The gallery script's list of films; unreadable where the gallery counts films and no script lists them."
)


@videos.source("script of the gallery")
def _films(document: Document) -> tuple[Video, ...]:
    found: dict[str, Video] = {}
    start = document.position(b'"videos":[{')
    listed = document.island(b'"videos"', start) if start > 0 else None
    for entry in listed if isinstance(listed, list) else []:
        url = entry.get("url") if isinstance(entry, dict) else None
        if isinstance(url, str) and url.startswith("http"):
            found.setdefault(
                url,
                Video(
                    title=_title(entry.get("title")),
                    url=url,
                    thumbnail=_words(entry.get("thumb") or entry.get("slateUrl")),
                    id=_words(entry.get("mediaObjectId")),
                    duration=_seconds(entry),
                    width=_whole(entry.get("videoWidth")),
                    height=_whole(entry.get("videoHeight")),
                    kind=_KINDS.get(str(entry.get("groupType")), _words(entry.get("groupType"))),
                    creator=_words(dig(entry, "creatorProfile", "name") or entry.get("vendorName")),
                ),
            )
    return tuple(found.values())


@videos.settle
def _listed(document: Document, found: tuple[Video, ...] | None) -> tuple[Video, ...]:
    if not found and text(document.by_id("videoCount")):
        raise ParseError("films are counted, not listed")
    return found or ()


def _gallery(document: Document) -> list[object]:
    start = document.position(b"colorImages")
    gallery = document.island(b"initial", start, start + _GALLERY_BYTES) if start > 0 else None
    if not isinstance(gallery, list) or not gallery:
        gallery = document.island(b"imageGalleryData")
    return gallery if isinstance(gallery, list) else []


def largest(entry: object) -> str | None:
    """The address of the largest form of a picture that an entry of a gallery names."""
    if not isinstance(entry, dict):
        return None
    for size in _SIZES:
        value = entry.get(size)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, dict) and value:
            return str(next(reversed(value)))
    return None


def _seconds(entry: dict[str, object]) -> int | None:
    """Seconds, or ``02:46`` of 2014."""
    told = _whole(entry.get("durationSeconds"))
    parts = str(entry.get("duration") or "").split(":")
    if told is None and len(parts) > 1 and all(part.isdecimal() for part in parts):
        for part in parts:
            told = (told or 0) * _MINUTE + int(part)
    return told


def _whole(value: object) -> int | None:
    """A count above zero, as a number or in digits."""
    digits = str(value).partition(".")[0]
    count = int(digits) if digits.isdecimal() and len(digits) <= _LONGEST_COUNT else 0
    return count or None


def _main_image(document: Document) -> str | None:
    node = document.by_id(*_MAIN)
    node = node if node is None or node.tag == "img" else first(node, "img")
    source = attr(node, "data-old-hires") or attr(node, "data-a-hires") or attr(node, "src")
    return _dynamic(node) if source and source.startswith("data:") else source


def _thumbnails(document: Document, name: str) -> list[str]:
    thumbs = (node for node in select(document.by_id(name), "img") if _is_thumb(node))
    return [source for node in thumbs if (source := attr(node, "src")) and _is_picture(source)]


def _fullest(node: Node) -> str | None:
    """The address of an image in the largest form that any of its attributes names."""
    named = next((url for name in _HIGH if (url := attr(node, name)) and url.startswith("http")), None)
    return named or _dynamic(node) or attr(node, "data-a-image-source") or attr(node, "data-src") or attr(node, "src")


def _dynamic(node: Node | None) -> str | None:
    """Of an image that a script is to load: the first address of its sizes."""
    listed = _ADDRESS.search(attr(node, "data-a-dynamic-image") or "")
    return listed[1] if listed else None


def _is_thumb(node: Node) -> bool:
    parent = node.parent
    return "video" not in (attr(parent, "class") or "") and "video" not in (attr(node, "class") or "")


def _is_picture(url: str) -> bool:
    return (
        url.startswith(("http", "//"))
        and "/images/I/" in url
        and "transparent" not in url
        and "play-icon" not in url.lower()
    )


def _title(value: object) -> str | None:
    """Titles are escaped twice: behind the JSON a backslash still stands before slashes and quotes."""
    words = _words(value)
    return clean(words.replace("\\/", "/").replace('\\"', '"')) or None if words else None


def _words(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
