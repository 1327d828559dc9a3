"""Options of jobs that list what a seller sells. Their rows are ``SearchRow``."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from azscraper.records.options import Options, whole


class SellerProductsOptions(Options):
    """Options of jobs of type ``seller-products``."""

    pages: Annotated[int, Field(ge=1, le=20, strict=True), BeforeValidator(whole)] | None = None
    """Result pages of each seller. Default: 1."""
    keyword: Annotated[str | None, Field(max_length=500, examples=["kettle"])] = None
    """What to search for among the seller's products."""
