"""What products cost and where they stood over time, as the client reads it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from azscraper.client import models
from azscraper.client.calls import Call, data, given, items, moment, slice_of
from azscraper.client.colours import C, listing, operation
from azscraper.client.flows import Flow, Items, answered, downloaded, listed, paged
from azscraper.client.projects import Projects
from azscraper.errors import InvalidInputError


class History(Projects[C]):
    """The history of products and keywords."""

    @listing
    def product_history(
        self,
        asin: str,
        *,
        marketplace: str | None = None,
        since: date | None = None,
        until: date | None = None,
        most: int | None = None,
    ) -> Items[models.ProductPoint]:
        """What a product cost and how it stood over time, newest first; ``since`` is included, ``until`` is not."""
        between = {"from": moment(since), "to": moment(until)}
        path = f"/products/{quote(asin, safe='')}/history"
        return listed(path, models.ProductPoint, most=most, limit="1000", marketplace=marketplace, **between)

    @listing
    def keyword_history(
        self,
        keyword: str,
        asin: str,
        *,
        marketplace: str | None = None,
        sort: str | None = None,
        category: str | None = None,
        since: date | None = None,
        until: date | None = None,
        most: int | None = None,
    ) -> Items[models.KeywordPoint]:
        """Where a product stood for a keyword over time, newest first."""
        params = {"keyword": keyword, "asin": asin, "marketplace": marketplace, "sort": sort, "category": category}
        params |= {"from": moment(since), "to": moment(until)}
        return listed("/keywords/history", models.KeywordPoint, most=most, limit="1000", **params)

    @operation
    def product_series(
        self,
        asin: str,
        fields: Sequence[str] = ("all",),
        *,
        marketplace: str | None = None,
        place: str | None = None,
        since: date | None = None,
        until: date | None = None,
        step: models.Step | None = None,
    ) -> Flow[list[models.Series]]:
        """Each field of a product over time, oldest point first: ``price``, ``rank``, ``rank:Kitchen & Dining`` …

        With ``since`` each begins with the value that held then. ``step`` cuts them into hours, days, weeks or months.
        """
        params = {"fields": ",".join(fields), "marketplace": marketplace, "place": place, "step": step}
        params |= {"from": moment(since), "to": moment(until)}
        path = f"/products/{quote(asin, safe='')}/history"
        return answered(Call("GET", path, items(models.Series), given(**params)))

    @operation
    def product_statistics(
        self,
        asin: str,
        *,
        marketplace: str | None = None,
        place: str | None = None,
        fields: Sequence[str] | None = None,
        days: Sequence[int] = (30, 90, 180, 365),
    ) -> Flow[list[models.ProductStatistics]]:
        """What is known of a product now, and what its last days come to: one for each project, marketplace and place."""
        params = {
            "marketplace": marketplace,
            "place": place,
            "fields": ",".join(fields) if fields else None,
            "days": ",".join(map(str, days)),
        }
        path = f"/products/{quote(asin, safe='')}/stats"
        return answered(Call("GET", path, items(models.ProductStatistics), given(**params)))

    @operation
    def product_sellers(
        self,
        asin: str,
        *,
        marketplace: str | None = None,
        place: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Flow[list[models.ProductSellers]]:
        """Who sold a product when, who is new and who left, the buy box, and the price gap; of 30 days without ``since``.

        One for each project, marketplace and place.
        """
        params = {"marketplace": marketplace, "place": place, "from": moment(since), "to": moment(until)}
        path = f"/products/{quote(asin, safe='')}/sellers"
        return answered(Call("GET", path, items(models.ProductSellers), given(**params)))

    @listing
    def changes(
        self,
        project: str | None = None,
        *,
        since: date | None = None,
        fields: Sequence[str] | None = None,
        least_percent: float | None = None,
        marketplace: str | None = None,
        most: int | None = None,
    ) -> Items[models.Change]:
        """What changed in the project's products, newest first; of the last day without ``since``."""
        project_id = yield from self._project_id(project)
        params = _of_changes(since, fields, least_percent, marketplace)
        yield from listed(f"/projects/{project_id}/changes", models.Change, most=most, limit="1000", **params)

    @operation
    def export_changes(
        self,
        path: str | Path,
        file_format: Literal["csv", "xlsx"] | None = None,
        *,
        project: str | None = None,
        since: date | None = None,
        fields: Sequence[str] | None = None,
        least_percent: float | None = None,
        marketplace: str | None = None,
    ) -> Flow[Path]:
        """Write the newest 10,000 of what ``changes`` gives to a file, CSV or a workbook; without a format the file's suffix says which.

        It counts as an export of the month.
        """
        target = Path(path)
        chosen = file_format or target.suffix.removeprefix(".")
        if chosen not in {"csv", "xlsx"}:
            raise InvalidInputError.of("file_format", f"{target.name}: such a file is CSV or XLSX; use .csv or .xlsx")
        project_id = yield from self._project_id(project)
        params = given(format=chosen, **_of_changes(since, fields, least_percent, marketplace))
        return (yield from downloaded(Call("GET", f"/projects/{project_id}/changes", bytes, params), target))

    @listing
    def products(
        self,
        project: str | None = None,
        *,
        where: str | None = None,
        sort: str | None = None,
        change_of: str | None = None,
        most: int | None = None,
    ) -> Items[models.FoundProduct]:
        """Every product that the project ever saw, with its values now and their changes over 1, 7 and 30 days.

        ``where`` such as ``price<20,rating>=4.5,change.7<=-10``, ``sort`` such as ``-change.7``.
        """
        project_id = yield from self._project_id(project)
        path = f"/projects/{project_id}/products"
        params = given(where=where, sort=sort, changeOf=change_of, limit="100")
        read = slice_of(models.FoundProduct)
        yield from paged(lambda offset: Call("GET", path, read, params | given(offset=offset)), most=most)

    @operation
    def import_history(
        self, file: bytes, *, at: date | None = None, marketplace: str | None = None, project: str | None = None
    ) -> Flow[models.Imported]:
        """Import a CSV of asin, marketplace, time, field, value and unit, or the export of Keepa's product viewer, whose time is ``at``.

        ``marketplace`` is that of rows that name none.
        """
        project_id = yield from self._project_id(project, make=True)
        path, params = f"/projects/{project_id}/imports", given(at=moment(at), marketplace=marketplace)
        sent = {"Content-Type": "text/csv"}
        return (yield from answered(Call("POST", path, data(models.Imported), params, body=file, headers=sent)))

    @operation
    def product_chart(
        self,
        asin: str,
        field: str | Sequence[str] = "price",
        *,
        marketplace: str | None = None,
        place: str | None = None,
        days: int = 90,
    ) -> Flow[bytes]:
        """A field of a product over the last days as an SVG picture, or up to four of one scale, such as prices.

        Raises NotFoundError for a product that was not seen yet.
        """
        which = {"field": field} if isinstance(field, str) else {"fields": ",".join(field)}
        params = given(**which, marketplace=marketplace, place=place, days=str(days))
        return answered(Call("GET", f"/products/{quote(asin, safe='')}/chart.svg", bytes, params))


def _of_changes(
    since: date | None, fields: Sequence[str] | None, least_percent: float | None, marketplace: str | None
) -> dict[str, str | None]:
    return {
        "since": moment(since),
        "kind": ",".join(fields) if fields else None,
        "min": None if least_percent is None else str(least_percent),
        "marketplace": marketplace,
    }
