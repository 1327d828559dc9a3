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
        SeriesField.IMAGE,
        SeriesField.BULLETS,
    }
)
"""Texts; all other fields are numbers."""


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
