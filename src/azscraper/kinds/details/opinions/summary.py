"""What buyers say in sum, in the words of the shop."""

import re

from azscraper.parse.document import Document, Node, attr, first, lines, select, text
from azscraper.parse.sources import Field
from azscraper.parse.values import integer, plain_digits, rating
from azscraper.records.page_parts import Aspect, CustomersSay, FeatureRating

_FEATURE = '[data-hook="cr-summarization-attribute"]'
_PANEL = "rh_controls_aspect_"
_LINK = '[data-hook="cr-insights-aspect-link"]'
_SUMMARY = '[data-hook="cr-insights-widget-summary"]'
_BUTTON = re.compile(r"^(.{1,60}?)\s?\(([\d.,\s]{1,12}[^\W\d_]{0,4})\)$")
_NUMBER = re.compile(r"\d[\d.,]*")
_SENTIMENTS = {
    "positive": re.compile(r"posi[tc]|pozyt|olumlu|肯定|好評|正面|ポジティブ|إيجاب", re.IGNORECASE),
    "negative": re.compile(r"n[eé]gat|olumsuz|否定|負面|负面|ネガティブ|سلب", re.IGNORECASE),
    "mixed": re.compile(
        r"mixed|mitig|gemischt|mixt|mist|gemengd|mieszan|blandad|karışık|賛否|混合|مختلط", re.IGNORECASE
    ),
}
_SHORTEST_SUMMARY = 40  # characters; what is shorter is a heading

customers_say = Field[Document, CustomersSay, CustomersSay | None](
    'The summary of "Customers say", with the aspects that it names. Pages show it to some visitors alone.'
)


@customers_say.source("panels of aspects, from 2026")
def _panelled(document: Document) -> CustomersSay | None:
    """Each aspect has a panel behind its button: a line that counts, then a sentence."""
    panels = document.by_prefix(_PANEL)
    printed = lines(_widget(panels[0][1])) if panels else []
    said = next((line for line in printed if len(line) >= _SHORTEST_SUMMARY), "")
    named = [match[1] for line in printed if (match := _BUTTON.match(line))]
    aspects = tuple(_counted(name, node) for name, (_, node) in zip(named, panels, strict=False))
    return CustomersSay(text=said, aspects=aspects) if said else None


@customers_say.ids("cr-product-insights-cards", era="2023 to 2025")
def _summary(_: Document, node: Node) -> CustomersSay | None:
    block = first(node, _SUMMARY) or node
    said = next((words for part in select(block, "p") if not attr(part, "data-hook") and (words := text(part))), "")
    links = {link.mem_id: link for link in select(node, _LINK)}.values()
    sheets = ((link, first(node, f'[id="{attr(link, "aria-controls") or "-"}"]')) for link in links)
    aspects = tuple(_counted(text(link), sheet, attr(link, "aria-label")) for link, sheet in sheets if text(link))
    return CustomersSay(text=said, aspects=aspects) if said else None


feature_ratings = Field[Document, tuple[FeatureRating, ...], tuple[FeatureRating, ...]](
    'The stars "By feature", of pages between 2018 and 2023.', empty=()
)


@feature_ratings.ids("cr-summarization-attributes-list")
def _by_feature(_: Document, node: Node) -> tuple[FeatureRating, ...]:
    rows = {row.mem_id: row for row in select(node, _FEATURE)}.values()
    named = ((text(first(row, ".a-col-left")), text(first(row, ".a-icon-alt, .a-color-tertiary"))) for row in rows)
    return tuple(FeatureRating(name=name, rating=stars) for name, said in named if name and (stars := rating(said)))


def _counted(name: str, sheet: Node | None, marked: str | None = None) -> Aspect:
    """Of a line such as "35 customers mention quality, 34 positive, 1 negative", and of what stands below it."""
    printed = lines(sheet)
    head = plain_digits(" ".join(printed[:1]))
    numbers = [integer(number) for number in _NUMBER.findall(head.replace(name.lower(), ""))][:3]
    counts = numbers if len(numbers) == 3 else [*numbers[:1], None, None]  # noqa: PLR2004 - all, for, against
    mood = marked or attr(sheet, "aria-label") or ""
    sentiment = next((one for one, words in _SENTIMENTS.items() if words.search(mood)), None)
    summary = next((line for line in printed[1:2] if not line.startswith('"')), None)
    mentions, positive, negative = counts if numbers else (None, None, None)
    return Aspect(
        name=name, sentiment=sentiment, mentions=mentions, positive=positive, negative=negative, summary=summary
    )


def _widget(node: Node) -> Node:
    above = node.parent
    while above is not None and "celwidget" not in (attr(above, "class") or ""):
        above = above.parent
    return above or node
