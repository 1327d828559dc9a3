"""Which answers are proposals of a search box, what they say, and what the answers of a target come to.

Keys come and go: of an answer only its list is sure, and of a proposal its value.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import orjson

from azscraper.kinds.kind import Asked, Done, Found
from azscraper.kinds.walks import incomplete
from azscraper.marketplaces import Marketplace, by_host, of_completion, of_url
from azscraper.parse.dig import dig
from azscraper.parse.page import Page
from azscraper.parse.remembered import remembered
from azscraper.parse.values import clean
from azscraper.records.pages import Read
from azscraper.records.parts import Coverage
from azscraper.records.suggestions import Department, Suggestion, SuggestionsOptions, SuggestionsSummary
from azscraper.records.unchecked import unchecked

_CALL = re.compile(rb"\s{0,9}[A-Za-z_$][\w.$]{0,60}\s{0,9}[=(]\s{0,9}(?=[\[{])")
"""An answer to a script of before 2017: ``completion = ["…`` or ``callback(["…``."""
_ENDS = {b"[": b"]", b"{": b"}"}
_MOST = 100
"""Of an answer; search boxes get eleven."""
_LONGEST_VALUE = 300
_made = unchecked(Suggestion)


def recognises(page: Page) -> bool:
    """Whether it is an answer to the search box, with or without a proposal."""
    return _listed(_answer(page)) is not None


def reads(page: Page, _: Asked[Any] | None) -> Read:
    """Its rows. Never raises."""
    answer = _answer(page)
    site = _site(page.url)
    prefix, alias = _typed(page.url, answer)
    told = enumerate(_suggestions(answer, site, prefix, alias), 1)
    rows = tuple(_made(position=place, **values) for place, values in told)
    return Read(rows, SuggestionsSummary(prefix=prefix, alias=alias, coverage=Coverage(have=len(rows), complete=True)))


def rows(asked: Asked[SuggestionsOptions], done: tuple[Done, ...]) -> Found:
    """Each proposal once, where it came first: another one only if it searches in another department."""
    found: dict[tuple[str, str], Suggestion] = {}
    answered = [one for one in done if one.read is not None]
    for step in answered:
        for one in step.read.records if step.read else ():
            if isinstance(one, Suggestion):
                key = (one.value.casefold(), one.department.alias if one.department else "")
                found.setdefault(key, one.model_copy(update={"fetched_at": step.fetched_at}))
    failed = next((one.failure for one in done if one.failure), None)
    coverage = incomplete(len(found), None, failed) if failed else Coverage(have=len(found), complete=True)
    summary = SuggestionsSummary(
        prefix=asked.target.key, alias=asked.options.alias or "aps", requests=len(answered), coverage=coverage
    )
    return Found(tuple(found.values()), done[-1].fetched_at, summary)


def proposals(page: Page) -> list[Any]:
    """The proposals of an answer, each as an object: an array's texts with the departments that its third part has of them."""
    answer = _answer(page)
    listed = enumerate(_listed(answer) or [])
    return [
        {"value": one, "nodes": dig(answer, 2, place, "nodes")} if isinstance(one, str) else one
        for place, one in listed
    ]


def _answer(page: Page) -> Any:
    """The JSON of the body, bare or as the argument of a script."""
    head = page.body[:1]
    if head in _ENDS and not page.is_json:
        return _loaded(page.body)
    if page.is_json and page.json is not None:
        return page.json
    called = _CALL.match(page.body[:128])
    if called is None:
        return None
    opening = page.body[called.end() : called.end() + 1]
    return _loaded(page.body[called.end() : page.body.rfind(_ENDS[opening]) + 1])


def _loaded(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _listed(answer: Any) -> list[Any] | None:
    """The list of proposals: of an object by its key, of an array the second part."""
    if isinstance(answer, dict):
        found = answer.get("suggestions")
        is_ours = "prefix" in answer or "alias" in answer or (isinstance(found, list) and _has_values(found))
        return found if isinstance(found, list) and is_ours else None
    if isinstance(answer, list) and len(answer) > 1 and isinstance(answer[0], str) and isinstance(answer[1], list):
        return answer[1] if all(isinstance(one, str) for one in answer[1]) else None
    return None


def _has_values(found: list[Any]) -> bool:
    return bool(found) and all(isinstance(one, str) or isinstance(dig(one, "value"), str) for one in found)


def _suggestions(answer: Any, site: Marketplace, prefix: str, alias: str) -> Iterator[dict[str, Any]]:
    """The fields of each."""
    for place, one in enumerate((_listed(answer) or [])[:_MOST]):
        value = clean(_text(one if isinstance(one, str) else dig(one, "value")))[:_LONGEST_VALUE]
        if not value:
            continue
        departments = _departments_of_array(answer, place) if isinstance(one, str) else ()
        said = _suggestion(one, value, site, prefix, alias)
        yield said
        for department in departments:
            yield said | {
                "type": "department",
                "department": department,
                "url": _search(site, value, department.alias),
            }


def _suggestion(one: Any, value: str, site: Marketplace, prefix: str, alias: str) -> dict[str, Any]:
    said = one if isinstance(one, dict) else {}
    department = _department(said.get("scopes"))
    kind = "widget" if _text(said.get("type")).upper() == "WIDGET" else "department" if department else "keyword"
    return {
        "value": value,
        "prefix": prefix,
        "alias": alias,
        "type": kind,
        "department": department,
        "spell_corrected": said.get("spellCorrected") is True,
        "strategy": _text(said.get("strategyId")) or None,
        "url": _search(site, value, department.alias if department else alias),
        "marketplace": site.host,
    }


def _department(scopes: object) -> Department | None:
    for scope in scopes if isinstance(scopes, list) else ():
        if dig(scope, "type") == "ALIAS" and (alias := _text(dig(scope, "value"))):
            return Department(alias=alias, name=_text(dig(scope, "display")) or None)
    return None


def _departments_of_array(answer: Any, place: int) -> tuple[Department, ...]:
    """Arrays name the departments of a proposal in their third part."""
    nodes = dig(answer, 2, place, "nodes")
    named = (
        (_text(dig(node, "alias")), _text(dig(node, "name"))) for node in (nodes if isinstance(nodes, list) else ())
    )
    return tuple(Department(alias=alias, name=name or None) for alias, name in named if alias)


def _search(site: Marketplace, value: str, alias: str) -> str:
    department = f"&i={_quoted(alias)}" if alias != "aps" else ""
    return f"https://{site.host}/s?k={_quoted(value)}{department}"


@remembered
def _quoted(text: str) -> str:
    return quote_plus(text)


def _typed(url: str, answer: Any) -> tuple[str, str]:
    """What was typed, and where: as the address says, else the answer."""
    query = parse_qs(urlsplit(url).query) if "?" in url else {}
    prefix = (query.get("prefix") or query.get("q") or [""])[0]
    alias = (query.get("alias") or query.get("search-alias") or [""])[0]
    said = dig(answer, "prefix") if isinstance(answer, dict) else dig(answer, 0)
    return clean(prefix or _text(said)), alias or _text(dig(answer, "alias")) or "aps"


def _site(url: str) -> Marketplace:
    host = urlsplit(url).hostname or ""
    return of_completion(host) or of_url(url) or by_host("www.amazon.com")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
