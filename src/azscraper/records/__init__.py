"""What rows are made of. Users import their types from here, and the parts of rows from ``azscraper.records.parts``."""

from azscraper.records.base import PARSER_VERSION, PageKind, PageRecord
from azscraper.records.details import Product
from azscraper.records.pages import Parsed, RawPage
from azscraper.records.search import PageSummary, SearchRow

__all__ = ["PARSER_VERSION", "PageKind", "PageRecord", "PageSummary", "Parsed", "Product", "RawPage", "SearchRow"]
