"""A client of the HTTP service, sync and async, with typed records.

>>> client = AzScraper("http://127.0.0.1:8000", api_key="…")  # doctest: +SKIP
>>> job = client.run("details", ["B0DEMO0001"], marketplace="de")  # doctest: +SKIP
>>> for product in job.wait().results():  # doctest: +SKIP
...     print(product.asin, product.title, product.price)
"""

from azscraper.client.colours import Async, Sync
from azscraper.client.flows import WaitTimeoutError
from azscraper.client.jobs import Job, JobFailedError
from azscraper.client.service import AsyncAzScraper, AzScraper
from azscraper.errors import (
    ConflictError,
    ForbiddenError,
    InsufficientCreditsError,
    InvalidInputError,
    NotFoundError,
    PayloadTooLargeError,
    RateLimitedError,
    ServiceError,
    TargetFailedError,
    TargetRefusedError,
    UnauthenticatedError,
    UnavailableError,
)
from azscraper.records import Product, SearchRow

__all__ = [
    "Async",
    "AsyncAzScraper",
    "AzScraper",
    "ConflictError",
    "ForbiddenError",
    "InsufficientCreditsError",
    "InvalidInputError",
    "Job",
    "JobFailedError",
    "NotFoundError",
    "PayloadTooLargeError",
    "Product",
    "RateLimitedError",
    "SearchRow",
    "ServiceError",
    "Sync",
    "TargetFailedError",
    "TargetRefusedError",
    "UnauthenticatedError",
    "UnavailableError",
    "WaitTimeoutError",
]
