"""The lines of "Best Sellers Rank"."""

import re
from collections.abc import Iterator

from azscraper.kinds.details.tables.rows import row_field, rows
from azscraper.parse.document import Document, Node, attr, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import absolute, integer, plain_digits
from azscraper.records.parts import BestsellerRank

_LONGEST_RANK_LABEL = 8  # words
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_RANK = re.compile(
    r"^[-–\s]*(?:#|nr\.?|n\.?\s?º|nº|n°|n\.|no\.?|no|nummer)?\s*(\d[\d.,\s]*?)\s*(?:\.\s)?(?:in|en|em|i|w|op|dans|في|:)\s+(\S.*)$",
    re.IGNORECASE,
)
_RANK_EAST = re.compile(r"^[-–\s]*(\d[\d,]*)\s?位\s?(\S.*)$")
_RANK_BEHIND = re.compile(
    r"^[-–\s]*(\S.*?)(?:\s?[-–:]\s?(\d[\d,]*)\s?位|\s(?:kategorisinde|içinde)\s(?:#\s?)?(\d[\d.,]*?)\.?\s?(?:sırada|numara))\.?$"
)  # "家電 - 57位", "Elektronik kategorisinde 57. sırada"
_RANK_CHINA = re.compile(r"^(.*?)(?:商品)?(?:里|中)?排?第\s?(\d[\d,]*)\s?[名位](.*)$")
_RANK_BARE = re.compile(r"^#\s?(\d[\d.,]*)\s(\S.*)$")


bestseller_ranks = Field[Document, tuple[BestsellerRank, ...], tuple[BestsellerRank, ...]](
    'The lines of the row labelled "Best Sellers Rank", the broadest category first.', empty=()
)


@bestseller_ranks.source("rows labelled as the rank")
def _labelled_ranks(document: Document) -> tuple[BestsellerRank, ...]:
    named = (row.node for row in document.once(rows) if row_field(row.label) == "rank")
    return next(filter(None, (_ranks(node, document) for node in named)), ())


@bestseller_ranks.ids("SalesRank")
def _sales_rank(document: Document, node: Node) -> tuple[BestsellerRank, ...]:
    return _ranks(node, document)


def _ranks(node: Node | None, document: Document) -> tuple[BestsellerRank, ...]:
    links = [(text(link), attr(link, "href")) for link in select(node, "a")]
    found = []
    for line in _rank_lines(node, [words for words, _ in links]):
        rank = _rank(line)
        if rank:
            url = next((href for words, href in links if href and rank[1] in words), None) or _end_of(rank[1], links)
            found.append(
                BestsellerRank(
                    rank=rank[0], category=rank[1], url=absolute(url, document.marketplace.host) if url else None
                )
            )
    return tuple({(rank.rank, rank.category): rank for rank in found}.values())


def _end_of(ladder: str, links: list[tuple[str, str | None]]) -> str | None:
    """Until 2018 a line names each category on the way down, the last one's link leads to its list."""
    _, above, last = ladder.rpartition(" > ")
    return next((href for words, href in reversed(links) if words == last), None) if above else None


def _rank_lines(node: Node | None, links: list[str]) -> Iterator[str]:
    for line in lines(node):
        plain = _without_list_links(plain_digits(line), links)
        head, colon, tail = plain.partition(":")
        yield tail.strip() if colon and row_field(head.strip()) == "rank" else _without_rank_label(plain)


def _without_rank_label(line: str) -> str:
    """Drops the label where no colon ends it."""
    words = line.split(" ")[:_LONGEST_RANK_LABEL]
    label = next((size for size in range(len(words), 0, -1) if row_field(" ".join(words[:size])) == "rank"), 0)
    return " ".join(line.split(" ")[label:])


def _without_list_links(line: str, links: list[str]) -> str:
    """Drops "(See Top 100 in Books)", a link to the list; "Music (DVD & Blu-ray)" is the category's own name."""
    for bracket in _BRACKETS.findall(line):
        words = bracket[1:-1].strip()
        if words in links or "100" in words:
            line = line.replace(bracket, "")
    return line.strip()


def _rank(line: str) -> tuple[int, str] | None:
    match = _RANK.match(line) or _RANK_EAST.match(line) or _RANK_BARE.match(line)
    if match:
        number, category = integer(match[1]), match[2].strip()
        return (number, category) if number and category else None
    match = _RANK_BEHIND.match(line)
    if match:
        number = integer(match[2] or match[3])
        return (number, match[1].strip()) if number else None
    match = _RANK_CHINA.match(line)
    if match:
        number, category = integer(match[2]), (match[1] or match[3]).strip(" -–、，,")
        return (number, category) if number and category else None
    return None
