"""What a caller says of lists: new ones, and what is in them."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, field_validator

from azscraper.wire.base import Moment, Open, Text, Wire
from azscraper.wire.crawls import JobConfig, config_of_type, has_nul
from azscraper.wire.requests import Name, Tags
from azscraper.words import JobType

_PLACES = 4


def _rounded(value: object) -> object:
    """JSON's numbers are binary: 0.1 + 0.2 is a price too."""
    return round(value, _PLACES) if isinstance(value, float) else value


_Price = Annotated[
    Decimal,
    Field(ge=Decimal("0.0001"), le=999_999_999_999, max_digits=18, decimal_places=_PLACES),
    BeforeValidator(_rounded),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0.0001, "maximum": 999_999_999_999},
                {
                    "type": "string",
                    "pattern": r"^([1-9]\d{0,10}(\.\d{1,4})?|0\.([1-9]\d{0,3}|0[1-9]\d{0,2}|00[1-9]\d?|000[1-9]))$",
                },
            ]
        }
    ),
]
_Note = Annotated[Text, Field(max_length=1000)]
_Marketplace = Annotated[Text, Field(max_length=100, json_schema_extra={"format": "amazon-marketplace"})]
_Name = Annotated[Name, Field(max_length=120)]
_Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]


def _without_nul(config: dict[str, Any]) -> dict[str, Any]:
    if has_nul(config):
        raise ValueError("must not contain NUL characters")
    return config


class RefreshIn(Wire):
    """When a list refreshes itself: `every` with `at` and `weekdays`, or `cron`."""

    every: Annotated[str | None, Field(max_length=20, examples=["day", "6 hours"])] = None
    """`hour`, `2 hours`, `3 hours`, `4 hours`, `6 hours`, `8 hours`, `12 hours`, `day`, `week` or `month`."""
    at: Annotated[str | None, Field(max_length=5, examples=["08:00"])] = None
    """Time of the day; of hours that of the first run of a day."""
    weekdays: Annotated[tuple[str, ...], Field(max_length=7, examples=[["mon", "fri"]])] = ()
    """Only on these: `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`; every day where it is empty."""
    cron: Annotated[Text, Field(max_length=200, json_schema_extra={"format": "cron"})] | None = None
    """Instead of these: five fields as in crontab(5)."""
    timezone: Annotated[
        Text,
        Field(min_length=1, max_length=64, examples=["Europe/Berlin"], json_schema_extra={"format": "iana-time-zone"}),
    ] = "UTC"
    """IANA name."""
    until: Moment | None = None
    """Never after this time."""


class ItemIn(Wire):
    """What to follow."""

    target: Annotated[
        Text,
        Field(min_length=1, max_length=2048, examples=["B08N5WRWNW"], json_schema_extra={"format": "crawl-target"}),
    ]
    """What a job of the list's type takes: an ASIN, an address, a keyword."""
    marketplace: _Marketplace | None = None
    """Where to follow it; left out, the marketplace of its address, else each of the list."""
    note: _Note = ""
    tags: Tags = Field(default=[])
    target_price: _Price | None = None
    """A price to compare with, where prices are in its currency; for another currency put the item in for that marketplace."""
    currency: _Currency | None = None
    """Of `targetPrice`, one of the item's marketplaces; left out, that of the item's marketplace, else of the list's first one."""


class NewList(Wire):
    """Products, keywords or pages to follow on one or more marketplaces."""

    name: _Name
    type: Open[JobType]
    """Of its jobs."""
    marketplaces: Annotated[list[_Marketplace], Field(min_length=1, max_length=24, examples=[["us", "de"]])]
    """Country codes or hosts. A refresh posts one job for each."""
    config: Annotated[JobConfig, Field(json_schema_extra={"properties": {"marketplace": {"type": "null"}}})] = (
        JobConfig()
    )
    """Options of its jobs, without a marketplace."""
    refresh: RefreshIn | None = None
    """Left out: only when it is asked to."""
    items: Annotated[list[ItemIn], Field(max_length=10_000)] = Field(default=[])
    """More can be put in afterwards, as a file too."""

    _of_its_type = field_validator("config", mode="wrap")(config_of_type)


class ListChange(Wire):
    """Fields to change. Fields that you leave out keep their values; `refresh: null` ends refreshing."""

    name: _Name | None = None
    marketplaces: Annotated[list[_Marketplace], Field(min_length=1, max_length=24)] | None = None
    config: Annotated[dict[str, Any], AfterValidator(_without_nul)] | None = None
    refresh: RefreshIn | None = None


class NewItems(Wire):
    """Items to put in. One that is there already gets the new note, tags and price."""

    items: Annotated[list[ItemIn], Field(min_length=1, max_length=10_000)]


class ItemChange(Wire):
    """Fields to change. Fields that you leave out keep their values; `targetPrice: null` takes the price away."""

    note: _Note | None = None
    tags: Tags | None = None
    target_price: _Price | None = None
    currency: _Currency | None = None
