"""Words that the store, the API and its clients share: kinds, statuses, reasons, events. They never change their meaning."""

from enum import StrEnum


class JobType(StrEnum):
    """What the targets are: keywords, products, or of other kinds of pages."""

    SEARCH = "search"
    DETAILS = "details"
    AUTO = "auto"
    """Addresses of any kind of page; each target has the kind that its address is of."""


class JobStatus(StrEnum):
    """Status of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    """Every target ended and at least one succeeded."""
    FAILED = "failed"
    """Every target ended and none succeeded."""
    CANCELLED = "cancelled"


class OnInvalid(StrEnum):
    """What to do if some targets of a job are invalid."""

    FAIL = "fail"
    """Refuse it, naming each of them."""
    SKIP = "skip"
    """Take it; they end at once as failed targets with the code ``invalid``."""


class EventType(StrEnum):
    """Events that a webhook can receive."""

    JOB_STARTED = "job.started"
    JOB_COMPLETED = "job.completed"
    JOB_FAILED = "job.failed"
    JOB_CANCELLED = "job.cancelled"
    JOB_QUALITY = "job.quality"
    """A job filled a field at most half as often as the 30 days before."""
    TARGET_FAILED = "target.failed"
    """A target ended without rows; one that is tried again is not told."""
    PRODUCT_CHANGED = "product.changed"
    """Price, rating or availability of a product changed by the project's thresholds since it was last told."""
    ALERT_FIRED = "alert.fired"
    """What a rule of alerts watches became as the rule says."""
    SCHEDULE_FAILED = "schedule.failed"
    """A schedule was due, and no job could be posted."""
    WEBHOOK_DISABLED = "webhook.disabled"
    """Another webhook of the project was switched off, because it is gone or failed for five days."""


class SeriesField(StrEnum):
    """What is followed of a product over time."""

    PRICE = "price"
    """What a visitor pays now: buy box, one unit."""
    LIST_PRICE = "listPrice"
    LANDED_PRICE = "landedPrice"
    """``price`` and what delivery costs; only where the page prints that."""
    UNIT_PRICE = "unitPrice"
    SUBSCRIPTION_PRICE = "subscriptionPrice"
    COUPON = "coupon"
    DEAL = "deal"
    AVAILABILITY = "availability"
    SELLER = "seller"
    """Who sells the buy-box offer."""
    SHIPS_FROM = "shipsFrom"
    NEW_FROM = "newFrom"
    NEW_COUNT = "newCount"
    USED_FROM = "usedFrom"
    USED_COUNT = "usedCount"
    RATING = "rating"
    RATING_COUNT = "ratingCount"
    BOUGHT_PAST_MONTH = "boughtPastMonth"
    RANK = "rank"
    """In the first category that the page prints. A rank in each category is ``rank:CATEGORY``, a place in a chart ``chart:LIST:NODE``."""
    TITLE = "title"
    BRAND = "brand"
    IMAGE = "image"
    """Address of the main picture."""
    IMAGE_COUNT = "imageCount"
    BULLETS = "bullets"
    """A hash of all of them."""
    VARIANT_COUNT = "variantCount"


MONEY_FIELDS = frozenset(
    {
        SeriesField.PRICE,
        SeriesField.LIST_PRICE,
        SeriesField.LANDED_PRICE,
        SeriesField.UNIT_PRICE,
        SeriesField.SUBSCRIPTION_PRICE,
        SeriesField.NEW_FROM,
        SeriesField.USED_FROM,
    }
)
"""Amounts; their unit is the currency."""
TEXT_FIELDS = frozenset(
    {
        SeriesField.COUPON,
        SeriesField.DEAL,
        SeriesField.AVAILABILITY,
        SeriesField.SELLER,
        SeriesField.SHIPS_FROM,
        SeriesField.TITLE,
        SeriesField.BRAND,
        SeriesField.IMAGE,
        SeriesField.BULLETS,
    }
)
"""Texts; all other fields are numbers."""


class AlertOp(StrEnum):
    """How a field is looked at."""

    BELOW = "below"
    ABOVE = "above"
    DROPS_BY = "drops_by"
    """From the highest in ``days``, or since the rule last fired or began."""
    RISES_BY = "rises_by"
    """From the lowest."""
    CHANGES = "changes"
    CHANGES_TO = "changes_to"
    APPEARS = "appears"
    DISAPPEARS = "disappears"
    LOWEST_EVER = "lowest_ever"
    LOWEST_IN_DAYS = "lowest_in_days"
    ENTERS_TOP = "enters_top"
    LEAVES_TOP = "leaves_top"
    HAPPENS = "happens"
    """Of the fields that are events themselves."""


class AlertUnit(StrEnum):
    """Of the value of DROPS_BY and RISES_BY."""

    AMOUNT = "amount"
    PERCENT = "percent"


class AlertMatch(StrEnum):
    """How many conditions have to hold."""

    ALL = "all"
    ANY = "any"


class AlertRearm(StrEnum):
    """When a rule that fired for a product fires for it again."""

    RETURN = "return"
    """Once its conditions did not hold in between."""
    HOURS = "hours"
    """After so many hours, if they hold."""
    ONCE = "once"
    """Never."""


class AlertField(StrEnum):
    """Fields beside those of series."""

    POSITION = "position"
    """Of a product in the results of a keyword."""
    ORGANIC_POSITION = "organicPosition"
    SHARE = "share"
    """Percent of the results of a keyword that are the rule's products."""
    NEW_SELLER = "newSeller"
    BUY_BOX_LOST = "buyBoxLost"
    BUY_BOX_WON = "buyBoxWon"
    REVIEW_BELOW = "reviewBelow"
    """A review with fewer stars than ``value``, written since the rule began."""


class RunField(StrEnum):
    """Fields of a job at its end."""

    FAILED = "failed"
    """At least ``value`` percent of its targets; without a value, all of them."""
    BLOCKED = "blocked"
    """At least ``value`` percent of its targets; without a value, one of them."""
    FILL_RATE_DROPPED = "fillRateDropped"
    ROWS_DROPPED = "rowsDropped"
    """By at least ``value`` percent (without a value: 50) from the mean of the five jobs before."""
    OVERDUE = "overdue"
    """Not over after ``value`` hours (without a value: 24)."""


class AlertEvery(StrEnum):
    """How often messages go out."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class DeliveryStatus(StrEnum):
    """Status of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up, or its endpoint was switched off."""


class Reason(StrEnum):
    """Why an organization is suspended."""

    OPERATOR = "operator"
    """An operator did it; only an operator lifts it."""
    NO_ENABLED_USER = "no_enabled_user"
    """All its users are disabled; it ends as soon as one of them is enabled."""
