"""A running job on the terminal, and its rows as a table."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from azscraper.client.models import JobState
from azscraper.records import Product, SearchRow
from azscraper.records.parts import Money


class Seen(Protocol):
    """Takes each look at the job."""

    def __call__(self, job: JobState) -> None:
        """Show it."""


@contextmanager
def job_progress(console: Console, title: str) -> Iterator[Seen]:
    """A bar of the targets that ended, with rows, pace and errors beside it."""
    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("targets · {task.fields[rows]} · {task.fields[pace]:.1f}/s · {task.fields[errors]}"),
        TimeElapsedColumn(),
        console=console,
    )
    with progress:
        task = progress.add_task(title, total=None, rows=counted(0, "row"), pace=0.0, errors=counted(0, "error"))

        def seen(job: JobState) -> None:
            counts = job.progress
            progress.update(
                task,
                completed=counts.ended,
                total=counts.total,
                rows=counted(job.result_count, "row"),
                pace=counts.ended / (progress.tasks[task].elapsed or 1),
                errors=counted(counts.failed, "error"),
            )

        yield seen


def product_table(rows: list[Product]) -> Table:
    """Product records, the columns that a person looks at first."""
    table = _table("Products", {"ASIN": 10, "Title": None, "Price": 12, "Rating": 11, "Availability": 12})
    for row in rows:
        availability = row.availability.status if row.availability else ""
        table.add_row(row.asin, row.title, money_text(row.price), _rating(row), availability)
    return table


def search_table(rows: list[SearchRow]) -> Table:
    """Search rows, the columns that a person looks at first."""
    table = _table("Search results", {"#": 3, "ASIN": 10, "Title": None, "Price": 12, "Rating": 11, "Sponsored": 9})
    for row in rows:
        sponsored = "yes" if row.sponsored else ""
        table.add_row(str(row.position), row.asin, row.title, money_text(row.price), _rating(row), sponsored)
    return table


def _table(title: str, columns: dict[str, int | None]) -> Table:
    """A table as wide as the terminal: the columns of a fixed width are whole, the other takes what is left."""
    table = Table(title=title, expand=True)
    for name, width in columns.items():
        table.add_column(name, width=width, ratio=None if width else 1, overflow="ellipsis", no_wrap=True)
    return table


def counted(count: int, noun: str) -> str:
    """``1 row``, ``2,000 rows``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def money_text(money: Money | None) -> str:
    """The amount and its currency; a fraction has two decimals at least, which JSON's numbers lose."""
    if money is None:
        return "–"
    tenths = money.amount * 10 % 10
    amount = f"{money.amount:.2f}" if tenths and tenths == int(tenths) else str(money.amount)
    return f"{amount} {money.currency}"


def _rating(row: Product | SearchRow) -> str:
    return f"{row.rating} ({row.rating_count})" if row.rating else "–"
