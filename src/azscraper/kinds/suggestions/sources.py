"""Where the fields of proposals come from: what ``explain`` asks. Keys of the answer's own objects; arrays have texts alone."""

from azscraper.kinds.kind import Heard
from azscraper.kinds.suggestions.page import proposals, reads
from azscraper.parse import places
from azscraper.parse.dig import dig
from azscraper.parse.page import Page
from azscraper.parse.values import clean
from azscraper.records.suggestions import Suggestion

_ROWS: places.Places = {
    "value": places.at("value"),
    "type": places.at("type"),
    "department": places.at("scopes", "nodes"),
    "spell_corrected": places.at("spellCorrected"),
    "strategy": places.at("strategyId"),
}


def row_sources(name: str) -> list[str]:
    """Of a field of a proposal."""
    return places.names(_ROWS, name)


def hear_rows(page: Page, name: str) -> Heard:
    """All sources of a field of each proposal. Of one that stands twice, for a department as well, each row hears both."""
    listed = proposals(page)
    for row in reads(page, None).records:
        if isinstance(row, Suggestion):
            same = [one for one in listed if clean(str(dig(one, "value") or "")) == row.value]
            own = [one for one in same if bool(dig(one, "scopes")) == (row.department is not None)]
            yield row, places.heard(_ROWS, name, next(iter(own or same), None))
