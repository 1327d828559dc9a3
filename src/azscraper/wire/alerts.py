"""Alerts and notices on the wire."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema

from azscraper.wire.base import Answer, Moment, Open, Text, Timestamp, Wire
from azscraper.wire.requests import Name
from azscraper.words import AlertEvery, AlertMatch, AlertOp, AlertRearm, AlertUnit

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def _clock(value: str) -> str:
    if re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", value, re.ASCII) is None:
        raise ValueError("must be a time of day, such as 08:00")
    return value


Clock = Annotated[
    Text,
    Field(max_length=5, examples=["08:00"], json_schema_extra={"pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}),
    AfterValidator(_clock),
]
_Zone = Annotated[
    Text, Field(min_length=1, max_length=64, examples=["Europe/Berlin"], json_schema_extra={"format": "iana-time-zone"})
]
_Id = Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
_Short = Annotated[Text, Field(min_length=1, max_length=200)]
_Marketplace = Annotated[Text, Field(min_length=1, max_length=200, json_schema_extra={"format": "amazon-marketplace"})]


_MOST = 10**12
_LONGEST = 500


def _bounded(value: float | str | None) -> float | str | None:
    if isinstance(value, float) and not 0 <= value <= _MOST:
        raise ValueError("must be a number from 0 to 1,000,000,000,000")
    if isinstance(value, str) and len(value) > _LONGEST:
        raise ValueError(f"must have at most {_LONGEST} characters")
    return value


_Number = Annotated[float, WithJsonSchema({"type": "number", "minimum": 0, "maximum": _MOST})]
_Words = Annotated[Text, WithJsonSchema({"type": "string", "maxLength": _LONGEST})]
_Value = Annotated[_Number | _Words | None, AfterValidator(_bounded)]


class WhatIn(Wire):
    """What an alert watches. Without anything: all products of the project, in all marketplaces."""

    products: Annotated[list[Annotated[Text, Field(min_length=10, max_length=10)]], Field(max_length=1000)] = Field(
        default_factory=list
    )
    """ASINs."""
    list_id: _Id | None = None
    """The products of a list; with `runs`, its jobs."""
    tag: Annotated[Text, Field(min_length=1, max_length=40)] | None = None
    """The products of all lists that have this tag."""
    seller: _Short | None = None
    """Products that this seller sells, or sold at the check before, in the buy box."""
    keyword: _Short | None = None
    """Results of this keyword: positions of `products` (without any, of all), or their share."""
    node: Annotated[Text, Field(min_length=1, max_length=40)] | None = None
    """The best sellers of this node: positions of `products` (without any, of all)."""
    runs: Annotated[bool, Field(strict=True)] = False
    """Watch jobs instead of products: all, or those of `scheduleId` or `listId`."""
    schedule_id: _Id | None = None
    marketplaces: Annotated[list[_Marketplace], Field(max_length=30)] = Field(default_factory=list)
    """Hosts or codes, such as `de`; without any, all."""


class ConditionIn(Wire):
    """A condition."""

    field: Annotated[Text, Field(min_length=1, max_length=100)]
    """A field of the history (`price`, `availability`, `rank`, `rank:Kettles` …), `position`, `organicPosition`, `share`, `newSeller`,
    `buyBoxLost`, `buyBoxWon`, `reviewBelow` (stars), or of jobs `failed`, `blocked`, `fillRateDropped`, `rowsDropped`, `overdue`."""
    op: AlertOp = AlertOp.HAPPENS
    """Can be left out for fields that are events themselves."""
    value: _Value = None
    """A number, a text, `target` (the target price of the item in a list), or of `price` `own`: the price of your cheapest product in the
    same list, for its other products. Of `enters_top` and `leaves_top` the number of places."""
    unit: AlertUnit = AlertUnit.AMOUNT
    days: Annotated[int, Field(ge=1, le=3650)] | None = None


class RearmIn(Wire):
    """When an alert that fired for a product fires for it again."""

    after: AlertRearm = AlertRearm.RETURN
    hours: Annotated[int, Field(ge=1, le=8760)] = 24


class DigestIn(Wire):
    """How often messages go out."""

    every: AlertEvery = AlertEvery.AT_ONCE
    at: Clock = "08:00"
    weekday: Weekday = "monday"
    timezone: _Zone = "UTC"


class QuietHoursIn(Wire):
    """Hours of each day in which nothing is sent; what fires then is sent at their end."""

    begin: Annotated[Clock, Field(alias="from", examples=["22:00"])]
    end: Annotated[Clock, Field(alias="to", examples=["07:00"])]
    timezone: _Zone = "UTC"


_Conditions = Annotated[
    list[ConditionIn],
    Field(min_length=1, max_length=10, examples=[[{"field": "price", "op": "below", "value": 20}]]),
]
_Channels = Annotated[list[Annotated[Text, Field(min_length=1, max_length=260)]], Field(max_length=20)]
_Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])]
_Note = Annotated[Text, Field(max_length=500)]


class NewAlert(Wire):
    """A rule: what to watch, when to tell, whom."""

    name: Name | None = None
    """Without it, the first condition in words."""
    what: WhatIn = Field(default_factory=WhatIn)
    when: _Conditions
    match: AlertMatch = AlertMatch.ALL
    currency: _Currency | None = None
    """Of prices in `when`; products in another currency are left out, and counted in `leftOut`. Without it, that of the one
    marketplace in `what`."""
    rearm: RearmIn = Field(default_factory=RearmIn)
    digest: DigestIn = Field(default_factory=DigestIn)
    quiet_hours: QuietHoursIn | None = None
    expires_at: Moment | None = None
    channels: _Channels = Field(default_factory=list)
    """Names or ids, or `email:me@example.com`, which creates the channel if you are logged in. The project's webhooks get `alert.fired`
    in any case, and the dashboard a notice."""
    note: _Note | None = None
    enabled: Annotated[bool, Field(strict=True)] = True


class AlertChange(Wire):
    """Fields to change. Fields that you leave out keep their values. A change of `what`, `when`, `match` or `currency` begins anew."""

    name: Name | None = None
    what: WhatIn | None = None
    when: _Conditions | None = None
    match: AlertMatch | None = None
    currency: _Currency | None = None
    rearm: RearmIn | None = None
    digest: DigestIn | None = None
    quiet_hours: QuietHoursIn | None = None
    expires_at: Moment | None = None
    channels: _Channels | None = None
    note: _Note | None = None
    enabled: Annotated[bool, Field(strict=True)] | None = None


class What(Answer):
    """What an alert watches."""

    products: list[str]
    list_id: str | None
    tag: str | None
    seller: str | None
    keyword: str | None
    node: str | None
    runs: bool
    schedule_id: str | None
    marketplaces: list[str]


class Condition(Answer):
    """A condition."""

    field: str
    op: Open[AlertOp]
    value: float | str | None
    unit: Open[AlertUnit]
    days: int | None


class Rearm(Answer):
    """When it fires again."""

    after: Open[AlertRearm]
    hours: int


class Digest(Answer):
    """How often messages go out."""

    every: Open[AlertEvery]
    at: str
    weekday: str
    timezone: str


class QuietHours(Answer):
    """Hours in which nothing is sent."""

    model_config = ConfigDict(populate_by_name=True)

    begin: str = Field(alias="from")
    end: str = Field(alias="to")
    timezone: str


class AlertOut(Answer):
    """A rule."""

    id: str
    project_id: str
    organization_id: str
    name: str
    note: str | None
    what: What
    when: list[Condition]
    match: Open[AlertMatch]
    currency: str | None
    rearm: Rearm
    digest: Digest
    quiet_hours: QuietHours | None
    expires_at: Timestamp | None
    channels: list[str]
    """Ids."""
    enabled: bool
    began_at: Timestamp
    last_fired_at: Timestamp | None
    left_out: int | None
    """Products whose price is in another currency; null in lists."""
    created_at: Timestamp
    updated_at: Timestamp


class AlertTest(Answer):
    """What a test sent."""

    sent_to: list[str]
    """Ids of the channels that get a test message."""
    left_out: list[str]
    """Ids of channels that are off, whose recipient has not agreed, or that are too many to be tested within a minute."""


class NoticeOut(Answer):
    """What fired, or went wrong with a channel."""

    id: str
    project_id: str
    kind: str
    """`alert` or `channel_disabled`."""
    alert_id: str | None
    alert_name: str | None
    marketplace: str | None
    asin: str | None
    title: str | None
    subject: str
    job_id: str | None
    reasons: list[dict[str, Any]]
    """The conditions that held: `field`, `op`, `value`, `before`, `after`, `comparedWith`."""
    text: str
    """In words."""
    observed_at: Timestamp
    created_at: Timestamp
    read_at: Timestamp | None


class PreviewedNotice(Answer):
    """What an alert would have told."""

    marketplace: str | None
    asin: str | None
    title: str | None
    subject: str
    reasons: list[dict[str, Any]]
    """As of notices."""
    text: str
    observed_at: Timestamp


class AlertPreview(Answer):
    """What an alert would have told in the last 30 days, had it begun then; from what is stored, so without checks that changed nothing."""

    since: Timestamp
    count: int
    looked_at: int
    """Products, marketplaces of the keyword, or jobs."""
    is_complete: bool
    """False: there was too much to look at, and the count is of a part, the products that changed last."""
    notices: list[PreviewedNotice]
    """The newest 10."""


class NoticesRead(Wire):
    """Which notices to mark."""

    ids: Annotated[list[_Id], Field(max_length=1000)] | None = None
    """Without it, all."""
    read: Annotated[bool, Field(strict=True)] = True


class Marked(Answer):
    """How many notices were marked."""

    marked: int
