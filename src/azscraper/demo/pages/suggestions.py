"""What the search box proposes: words of titles that begin with what was typed, as JSON."""

import re
from urllib.parse import urlencode

import orjson

from azscraper.demo.faults import asked_by_keyword
from azscraper.demo.views import View, Visit

_MOST = 10
_WORD = re.compile(r"[^\W\d_]{2,}")
_WORDS = 3
"""Of a proposal, at most."""


def proposals(visit: Visit) -> list[str]:
    """Begin with what was typed, case aside: first those of most products."""
    typed = " ".join(visit.word("prefix").lower().split())
    counts: dict[str, int] = {}
    for product in visit.products:
        words = [word.lower() for word in _WORD.findall(product.title)]
        phrases = {
            " ".join(words[start : start + length]) for start in range(len(words)) for length in range(1, _WORDS + 1)
        }
        for phrase in phrases:
            if typed and phrase.startswith(typed):
                counts[phrase] = counts.get(phrase, 0) + 1
    return sorted(counts, key=lambda phrase: (-counts[phrase], phrase))[:_MOST]


def _write(visit: Visit) -> str:
    found = proposals(visit)
    alias, prefix = visit.word("alias", "aps"), visit.word("prefix")
    rows = [
        {
            "suggType": "KeywordSuggestion",
            "type": "KEYWORD",
            "value": value,
            "strategyId": "organic",
            "spellCorrected": False,
        }
        for value in found
    ]
    if rows and alias == "aps":
        scope = {"type": "ALIAS", "value": "kitchen", "display": visit.products[0].categories[0].name}
        rows.insert(1, rows[0] | {"scopes": [scope]})
    return orjson.dumps({"alias": alias, "prefix": prefix, "suffix": "", "suggestions": rows}).decode()


def _key(visit: Visit) -> str:
    return f"/api/2017/suggestions?{urlencode({'prefix': visit.word('prefix')})}"


SUGGESTIONS = View(
    kind="suggestions",
    paths=("/api/2017/suggestions",),
    write=_write,
    key=_key,
    names=("prefix", "alias"),
    asked=lambda visit: asked_by_keyword(visit.word("prefix")),
    media_type="application/json",
)
