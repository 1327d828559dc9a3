"""What a marketplace proposes to people who begin a search, asked of the host that completes its searches."""

from urllib.parse import parse_qs, urlencode, urlsplit

from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import Asked, ColumnType, Done, Finish, Kind, Origin, Step, Target, column, later
from azscraper.kinds.suggestions.letters import MOST, letters_of
from azscraper.marketplaces import Marketplace, of_completion
from azscraper.records.suggestions import Suggestion, SuggestionsOptions, SuggestionsSummary

_PATH = "/api/2017/suggestions"
_LONGEST = 120
"""Characters of a beginning; search boxes take no more."""
_A_CREDIT = 10
"""Requests, beyond the first."""


def _resolve(text: str, marketplace: Marketplace) -> Target:
    """What was typed, or the address of an answer to it."""
    site, prefix = _of_address(text) or (marketplace, text)
    typed = " ".join(prefix.split())
    if not typed or len(typed) > _LONGEST:
        raise InvalidInputError.of("target", f"is not the beginning of a search: write 1 to {_LONGEST} characters")
    if site.completion is None:
        raise InvalidInputError.of(
            "target", f"cannot be asked: no host is known that completes searches of {site.domain}. Choose another one"
        )
    return Target("suggestions", typed, site)


def _of_address(text: str) -> tuple[Marketplace, str] | None:
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return None
    site = of_completion(parts.hostname or "") if parts.scheme in {"http", "https"} else None
    return (site, parse_qs(parts.query).get("prefix", [""])[0]) if site else None


def _url(asked: Asked[SuggestionsOptions], prefix: str) -> str:
    marketplace, options = asked.target.marketplace, asked.options
    host = marketplace.completion.host if marketplace.completion else marketplace.host
    query = {
        "prefix": prefix,
        "alias": options.alias or "aps",
        "mid": marketplace.id,
        "lop": (options.lang or marketplace.languages[0]).replace("-", "_"),
        "limit": "11",
        "suggestion-type": "KEYWORD",
        "page-type": "Search",
        "site-variant": "desktop",
        "client-info": "amazon-search-ui",
    }
    return f"https://{host}{_PATH}?{urlencode(query)}"


def _prefixes(asked: Asked[SuggestionsOptions]) -> list[str]:
    typed = asked.target.key
    letters = letters_of(asked.target.marketplace.languages[0]) if asked.options.depth else ""
    return [typed, *(f"{typed} {letter}" for letter in letters)]


def _next(asked: Asked[SuggestionsOptions], done: tuple[Done, ...]) -> Step | Finish:
    """The text, then the text with each letter behind it; the target goes on without one of these."""
    prefixes = _prefixes(asked)
    if len(done) >= len(prefixes):
        return Finish()
    number = len(done)
    return Step(str(number + 1), _url(asked, prefixes[number]), "suggestions", optional=number > 0)


def _most_steps(options: SuggestionsOptions) -> int:
    return 1 + MOST if options.depth else 1


def _longest(asked: Asked[SuggestionsOptions]) -> int:
    return len(_prefixes(asked))


def credits_of(requests: int) -> int:
    """One, and one more for each ten requests beyond the first."""
    return 1 + -(-max(requests - 1, 0) // _A_CREDIT)


def _price(options: SuggestionsOptions) -> int:
    return credits_of(_most_steps(options))


def _cost(_: Asked[SuggestionsOptions], done: tuple[Done, ...]) -> int:
    return credits_of(sum(one.read is not None for one in done))


def _hosts(marketplace: Marketplace) -> tuple[str, ...]:
    return (marketplace.completion.host,) if marketplace.completion else (marketplace.host,)


SUGGESTIONS = Kind(
    name="suggestions",
    label="Suggestions",
    about="Read what the search box proposes: keywords that begin with a text, and with each letter behind it.",
    target_label="Beginnings of searches, each quoted",
    example="wireless earb",
    records=(Suggestion,),
    summary=SuggestionsSummary,
    options=SuggestionsOptions,
    resolve=_resolve,
    next=_next,
    most_steps=_most_steps,
    longest=_longest,
    price=_price,
    cost=_cost,
    hosts=_hosts,
    recognises=later("azscraper.kinds.suggestions.page:recognises"),
    reads=later("azscraper.kinds.suggestions.page:reads"),
    rows=later("azscraper.kinds.suggestions.page:rows"),
    origins=(
        Origin(
            Suggestion,
            later("azscraper.kinds.suggestions.sources:row_sources"),
            later("azscraper.kinds.suggestions.sources:hear_rows"),
            otherwise="address or place in the answer",
        ),
    ),
    empty_is_success=True,
    missing="Check the spelling, or write fewer letters.",
    columns=(
        column("value", ColumnType.TEXT),
        column("prefix", ColumnType.TEXT),
        column("position", ColumnType.NUMBER),
        column("type", ColumnType.STATE, shown=False),
        column("department", ColumnType.TEXT, "department", "name"),
        column("alias", ColumnType.TEXT, shown=False),
        column("spellCorrected", ColumnType.FLAG, shown=False),
        column("marketplace", ColumnType.TEXT, shown=False),
    ),
)
