"""What a marketplace proposes to people who begin a search: a row for each proposal, and the options of jobs that ask for them."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from azscraper.records.base import PageRecord
from azscraper.records.options import Options, whole
from azscraper.records.parts import Coverage, Record


class Department(Record):
    """The department that a proposal searches in."""

    alias: str
    """The search alias: ``electronics``."""
    name: str | None = None
    """As people read it."""


class Suggestion(PageRecord):
    """One proposal (job type ``suggestions``). ``url`` is the search that it leads to."""

    value: str
    """The keyword."""
    prefix: str
    """What was typed."""
    alias: str = "aps"
    """Where it was typed: the search alias of a department, or ``aps`` for all."""
    position: int = 1
    """Place among the proposals for this prefix, from 1."""
    type: Literal["keyword", "widget", "department"] = "keyword"
    """Department: the keyword, searched for in one department. Widget: a picture, an offer or a question."""
    department: Department | None = None
    spell_corrected: bool = False
    """The prefix was taken for a misspelling."""
    strategy: str | None = None
    """The marketplace's own name of what ranked it, where it says so."""
    record: Literal["Suggestion"] = "Suggestion"
    """What the row is; the last column of a table."""


class SuggestionsSummary(Record):
    """What a beginning of a search came to."""

    prefix: str
    alias: str = "aps"
    requests: int = 1
    """Prefixes that were answered: one, and one for each letter with ``depth`` 1."""
    coverage: Coverage | None = None
    """The rows; complete where every prefix was answered."""


class SuggestionsOptions(Options):
    """Options of jobs of type ``suggestions``."""

    alias: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$", examples=["aps", "electronics", "stripbooks"])] | None = (
        None
    )
    """Search alias of the department to type in, for example ``stripbooks``. Default: aps, all departments."""
    depth: Annotated[int, Field(ge=0, le=1, strict=True), BeforeValidator(whole)] | None = None
    """1 asks again with each letter behind the text, in the alphabet of the marketplace's first language: one request for each letter. Default: 0."""
