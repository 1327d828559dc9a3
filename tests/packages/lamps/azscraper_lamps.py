"""Lamps of a maker: four steps on two hosts, two types of records, one step that the target does without."""

from typing import Annotated, Literal

from pydantic import Field

from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import Asked, ColumnType, Done, Finish, Found, Kind, Step, Target, column
from azscraper.marketplaces import Marketplace
from azscraper.parse.page import Page
from azscraper.records import PageRecord
from azscraper.records.options import Options
from azscraper.records.pages import Read
from azscraper.records.parts import Record


class Lamp(PageRecord):
    """One lamp."""

    maker: str | None = None
    position: int = 1
    name: str
    watts: int | None = None
    record: Literal["Lamp"] = "Lamp"


class LampNote(PageRecord):
    """What the maker says of its lamps."""

    maker: str | None = None
    text: str
    record: Literal["LampNote"] = "LampNote"


class LampSummary(Record):
    """What a maker has."""

    maker: str
    lamps: int
    has_note: bool


class LampOptions(Options):
    """Options of jobs of type ``lamps``."""

    shade: Literal["green", "red"] | None = None
    """Colour of the shade."""
    brightest: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Watts of the brightest lamp that is taken."""


def resolve(text: str, marketplace: Marketplace) -> Target:
    """A maker's name, or the address of its page."""
    maker = text.strip().rstrip("/").rpartition("/")[2].lower()
    if not maker.isalpha():
        raise InvalidInputError("is no maker of lamps")
    return Target("lamps", maker, marketplace)


def notes_host(marketplace: Marketplace) -> str:
    """Where makers write."""
    return f"notes.{marketplace.host.removeprefix('www.')}"


def following(asked: Asked[LampOptions], done: tuple[Done, ...]) -> Step | Finish:
    """The list, the note, the list's second part, the measures."""
    maker, here = asked.target.key, asked.target.marketplace
    shade = f"?shade={asked.options.shade}" if asked.options.shade else ""
    steps = (
        Step("list", f"https://{here.host}/lamps/{maker}{shade}", "lamps"),
        Step("note", f"https://{notes_host(here)}/{maker}/note.json", "lamps", optional=True),
        Step("more", f"https://{here.host}/lamps/{maker}/more{shade}", "lamps"),
        Step("watts", f"https://{notes_host(here)}/{maker}/watts.json", "lamps"),
    )
    return steps[len(done)] if len(done) < len(steps) else Finish()


def recognises(page: Page) -> bool:
    """A list of lamps, or a JSON answer about them."""
    if page.is_json:
        return isinstance(page.json, dict) and ("note" in page.json or "watts" in page.json)
    return page.document.by_id("lamps") is not None


def reads(page: Page, asked: Asked[LampOptions] | None) -> Read:
    """Names out of a list; a note; measures, which stand in the summary until the target is whole."""
    del asked
    if not page.is_json:
        node = page.document.by_id("lamps")
        names = node.text(strip=True).split(", ") if node is not None else ()
        return Read(tuple(Lamp(name=name, url=page.url) for name in names if name))
    told = page.json if isinstance(page.json, dict) else {}
    if "note" in told:
        return Read((LampNote(text=str(told["note"])),))
    watts = told.get("watts")
    measured = watts.items() if isinstance(watts, dict) else ()
    return Read(summary=Measures(watts={name: one for name, one in measured if isinstance(one, int)}))


class Measures(Record):
    """Watts by name."""

    watts: dict[str, int]


def rows(asked: Asked[LampOptions], done: tuple[Done, ...]) -> Found:
    """Lamps with their watts, then the note."""
    maker, reads_ = asked.target.key, [step.read for step in done if step.read]
    watts = next((read.summary.watts for read in reads_ if isinstance(read.summary, Measures)), {})
    brightest = asked.options.brightest or 1000
    names = [one.name for read in reads_ for one in read.records if isinstance(one, Lamp)]
    base = {"maker": maker, "marketplace": asked.target.marketplace.host, "fetched_at": done[-1].fetched_at}
    lamps = [
        Lamp(name=name, watts=watts.get(name), position=position, **base)
        for position, name in enumerate(names, 1)
        if watts.get(name, 0) <= brightest
    ]
    notes = [one.model_copy(update=base) for read in reads_ for one in read.records if isinstance(one, LampNote)]
    summary = LampSummary(maker=maker, lamps=len(lamps), has_note=bool(notes))
    return Found((*lamps, *notes), done[-1].fetched_at, summary)


LAMPS = Kind(
    name="lamps",
    label="Lamps",
    about="Read what makers of lamps have.",
    target_label="Names of makers, or their addresses",
    example="lumen",
    records=(Lamp, LampNote),
    summary=LampSummary,
    columns=(
        column("name", ColumnType.TEXT),
        column("maker", ColumnType.TEXT),
        column("watts", ColumnType.NUMBER),
        column("position", ColumnType.NUMBER),
    ),
    options=LampOptions,
    resolve=resolve,
    next=following,
    most_steps=lambda _: 4,
    price=lambda _: 3,
    recognises=recognises,
    reads=reads,
    rows=rows,
    hosts=lambda marketplace: (marketplace.host, notes_host(marketplace)),
    missing="Check the name of the maker.",
)
