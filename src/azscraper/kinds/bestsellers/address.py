"""Addresses of the five lists, read and written. A key is ``[list/]department[/node][?free]``; ``root`` is the list of all departments."""

import re
from dataclasses import dataclass
from typing import Any, cast, get_args
from urllib.parse import parse_qs, urlsplit

from azscraper.errors import Detail, InvalidInputError
from azscraper.marketplaces import Marketplace, of_url
from azscraper.records.bestsellers import ChartList

ROOT = "root"
LISTS: tuple[ChartList, ...] = get_args(ChartList)
_FREE = "?free"
_PATHS: dict[ChartList, str] = {
    "best_sellers": "bestsellers",
    "new_releases": "new-releases",
    "movers_and_shakers": "movers-and-shakers",
    "most_wished_for": "most-wished-for",
    "most_gifted": "most-gifted",
}
_OF_PATH = {path: list_ for list_, path in _PATHS.items()} | {"zgbs": "best_sellers"}
_OF_MARK: dict[str, ChartList] = {
    "bs": "best_sellers",
    "bsnr": "new_releases",
    "bsms": "movers_and_shakers",
    "mw": "most_wished_for",
    "mg": "most_gifted",
}
_PATH = re.compile(
    r"(?:/-/[a-z]{2}(?:[-_][a-z]{2})?)?/(?:(?:gp/)?(?:aw/)?(bestsellers|new-releases|movers-and-shakers|most-wished-for|most-gifted)|(?:[^/]+/)?(zgbs))"
    r"(?:/(?!ref[=/])([a-z][a-z0-9-]{1,60})(?:/(\d{1,20}))?)?(?=$|/)",
    re.IGNORECASE,
)
_USUAL = re.compile(r"https?://[A-Za-z0-9.-]+(/[^?#\s]*)$")
_KEY = re.compile(rf"(?:({'|'.join(LISTS)})/)?([a-z][a-z0-9-]{{1,60}})(?:/(\d{{1,20}}))?(\?free)?")
_MARK = re.compile(r"zg_(bsnr|bsms|bs|mw|mg)(?=_|$)")


@dataclass(frozen=True, slots=True)
class Chart:
    """Which list it is."""

    list: ChartList | None
    """None where a target leaves that to the job."""
    department: str = ROOT
    node: str | None = None
    is_free: bool = False

    @property
    def key(self) -> str:
        """One spelling, which is a target too."""
        named = f"{self.list}/" if self.list not in {None, "best_sellers"} else ""
        node = f"/{self.node}" if self.node else ""
        return f"{named}{self.department}{node}{_FREE if self.is_free else ''}"

    def url(self, marketplace: Marketplace, page: int = 1) -> str:
        """Where the marketplace has it."""
        parts = [_PATHS[self.list or "best_sellers"]]
        parts += [] if self.department == ROOT else [self.department]
        parts += [self.node] if self.node else []
        query = "&".join(["tf=1"] * self.is_free + [f"pg={page}"] * (page > 1))
        return f"https://{marketplace.host}/gp/{'/'.join(parts)}" + (f"?{query}" if query else "")


def of_address(url: str) -> Chart | None:
    """The list that an address names, None for any other. Never raises."""
    usual = _USUAL.match(url)  # most links of a page: nothing to take apart
    if usual is not None:
        path, query = usual[1], dict[str, list[str]]()
    else:
        try:
            parts = urlsplit(url)
            path, query = parts.path, parse_qs(parts.query)
        except ValueError:
            return None
    found = _PATH.match(path)
    if found is None:
        return None
    list_ = _OF_PATH[(found[1] or found[2]).lower()]
    return Chart(list_, (found[3] or ROOT).lower(), found[4], query.get("tf") == ["1"])


def page_of(url: str) -> int | None:
    """The page of a list that an address names."""
    try:
        named = parse_qs(urlsplit(url).query).get("pg", [""])[0]
    except ValueError:
        return None
    return int(named) if named.isascii() and named.isdigit() and 0 < len(named) < 4 and int(named) else None  # noqa: PLR2004 - no list has more


def is_of_list(path: str) -> bool:
    """Whether a path, without a language before it, is one of a list."""
    return _PATH.match(path) is not None


def of_key(key: str) -> Chart | None:
    """The list that a key names."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    return Chart(cast("ChartList | None", found[1]), found[2], found[3], found[4] is not None)


def of_mark(mark: str) -> ChartList | None:
    """The list that a reference in a page names: ``zg_bsnr_g_electronics`` is one of new releases."""
    found = _MARK.search(mark)
    return _OF_MARK[found[1]] if found else None


def read_target(text: str, default: Marketplace) -> tuple[Chart, Marketplace]:
    """What a target names, and where. Raises InvalidInputError."""
    said = text.strip()
    if said.startswith("/") and not said.startswith("//"):
        chart, marketplace = of_address(said), default
    elif (named := of_url(said)) is not None:
        chart, marketplace = of_address(said if "//" in said else f"https://{said}"), named
    else:
        chart, marketplace = of_key(said.lower()), default
    if chart is None:
        message = f"{said[:100]!r} names no list: write a department or one with a node (electronics, electronics/172623), root, or a list's address"
        raise InvalidInputError(message, [Detail("target", message)])
    return chart, marketplace


def chosen(chart: Chart, options: Any) -> Chart:
    """The list that a job asks for: what the target names wins over the job's options."""
    return Chart(
        chart.list or options.list or "best_sellers", chart.department, chart.node, chart.is_free or bool(options.free)
    )
