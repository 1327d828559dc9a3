"""The site that a page names itself, where its address does not."""

import re
from collections import Counter

from azscraper.marketplaces.sites import Marketplace
from azscraper.marketplaces.urls import of_url

_CANONICAL = re.compile(rb"<link[^>]{0,300}rel=[\"']?canonical[^>]{0,300}>", re.IGNORECASE)
_HREF = re.compile(rb"href=[\"']?(https?://[A-Za-z.]{1,40}/)", re.IGNORECASE)
_SITE_NAME = re.compile(rb"ue_sn\s{0,3}=\s{0,3}[\"']([a-z.]{1,40})[\"']")  # set by the page's own measuring script
_LINKED_SITE = re.compile(rb"//(www\.amazon\.(?:com?\.)?[a-z]{2,3})[/\"']")


def named_site(body: bytes) -> Marketplace | None:
    """The site that a page without an address names itself: its canonical link, else its script's name for the site, else most links."""
    canonical = _CANONICAL.search(body)
    link = _HREF.search(canonical[0]) if canonical else None
    found = of_url(link[1].decode()) if link else None
    name = _SITE_NAME.search(body) if found is None else None
    return found or (of_url(name[1].decode()) if name else _linked_site(body))


def _linked_site(body: bytes) -> Marketplace | None:
    """The site that a page saved without its head and scripts links to most."""
    hosts = Counter(_LINKED_SITE.findall(body)).most_common(1)
    return of_url(hosts[0][0].decode()) if hosts else None
