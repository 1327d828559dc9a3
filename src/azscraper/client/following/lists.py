"""Lists, as the client writes and reads them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from pydantic.alias_generators import to_camel

from azscraper.client import models
from azscraper.client.calls import Call, body_of, data, given, items, nothing
from azscraper.client.colours import C, listing, operation
from azscraper.client.flows import Flow, Items, answered, downloaded, listed
from azscraper.client.jobs import format_of
from azscraper.client.projects import Projects
from azscraper.errors import NotFoundError
from azscraper.ids import is_id

_AT_ONCE = 10_000
_IDS_AT_ONCE = 100


class Lists(Projects[C]):
    """What a project follows. ``one`` is a list's id or its name."""

    @operation
    def lists(self, project: str | None = None) -> Flow[list[models.ProductList]]:
        """A project's lists, newest first."""
        project_id = yield from self._project_id(project)
        return (yield from answered(Call("GET", f"/projects/{project_id}/lists", items(models.ProductList))))

    @operation
    def get_list(self, one: str, *, project: str | None = None) -> Flow[models.ProductList]:
        """One list. Raises NotFoundError."""
        list_id = yield from self._list_id(one, project)
        return (yield from answered(Call("GET", f"/lists/{list_id}", data(models.ProductList))))

    @operation
    def create_list(
        self,
        /,
        name: str,
        type: models.JobType = "details",  # noqa: A002 - the field's word
        items: Iterable[str | Mapping[str, Any]] = (),
        *,
        marketplaces: Sequence[str] = ("us",),
        refresh: Mapping[str, Any] | None = None,
        project: str | None = None,
        **config: Any,
    ) -> Flow[models.ProductList]:
        """Create a list: ``create_list("Mine", items=["B08N5WRWNW"], marketplaces=["us", "de"], refresh={"every": "day", "at": "08:00"})``.

        An item is a target, or a mapping of ``target``, ``note``, ``tags``, ``targetPrice`` and ``marketplace``; up to 10,000
        here, more by ``put_items``.
        """
        project_id = yield from self._project_id(project, make=True)
        body = {"name": name, "type": type, "marketplaces": list(marketplaces), "items": _items(items)}
        options = {to_camel(key): value for key, value in config.items() if value is not None}
        body |= body_of(refresh=refresh, config=options or None)
        call = Call("POST", f"/projects/{project_id}/lists", data(models.ProductList), body=body, once=True)
        return (yield from answered(call))

    @operation
    def change_list(self, /, one: str, *, project: str | None = None, **changes: Any) -> Flow[models.ProductList]:
        """Change ``name``, ``marketplaces``, ``config`` or ``refresh``; ``refresh=None`` ends refreshing."""
        list_id = yield from self._list_id(one, project)
        return (yield from answered(Call("PATCH", f"/lists/{list_id}", data(models.ProductList), body=changes)))

    @operation
    def delete_list(self, one: str, *, project: str | None = None) -> Flow[None]:
        """Delete a list with its items; its jobs and the history stay."""
        list_id = yield from self._list_id(one, project)
        yield from answered(Call("DELETE", f"/lists/{list_id}", nothing))

    @operation
    def refresh_list(self, one: str, *, project: str | None = None) -> Flow[list[models.PostedJob]]:
        """Post its jobs now, one for each marketplace."""
        list_id = yield from self._list_id(one, project)
        call = Call("POST", f"/lists/{list_id}/refresh", items(models.PostedJob), once=True)
        return (yield from answered(call))

    @listing
    def list_items(
        self,
        one: str,
        *,
        text: str | None = None,
        tag: str | None = None,
        most: int | None = None,
        project: str | None = None,
    ) -> Items[models.ListItem]:
        """The items of a list."""
        list_id = yield from self._list_id(one, project)
        yield from listed(f"/lists/{list_id}/items", models.ListItem, most=most, limit="1000", text=text, tag=tag)

    @operation
    def put_items(
        self, one: str, items: Iterable[str | Mapping[str, Any]], *, project: str | None = None
    ) -> Flow[models.PutItems]:
        """Put items in; those that are there already get the new note, tags and price."""
        list_id = yield from self._list_id(one, project)
        rest = _items(items)
        added = changed = total = duplicates = 0
        while rest:
            part, rest = rest[:_AT_ONCE], rest[_AT_ONCE:]
            call = Call("POST", f"/lists/{list_id}/items", data(models.PutItems), body={"items": part})
            done = yield from answered(call)
            added, changed, total = added + done.added, changed + done.changed, done.total
            duplicates += done.duplicates
        return models.PutItems(added=added, changed=changed, total=total, duplicates=duplicates)

    @operation
    def change_item(
        self, /, one: str, item_id: str, *, project: str | None = None, **changes: Any
    ) -> Flow[models.ListItem]:
        """Change an item: ``note``, ``tags``, ``target_price`` (None takes it away) or ``currency``. Raises NotFoundError."""
        list_id = yield from self._list_id(one, project)
        body = {to_camel(name): value for name, value in changes.items()}
        path = f"/lists/{list_id}/items/{quote(item_id, safe='')}"
        return (yield from answered(Call("PATCH", path, data(models.ListItem), body=body)))

    @operation
    def put_items_file(
        self,
        one: str,
        file: bytes,
        *,
        name: str | None = None,
        replace: bool = False,
        on_invalid: models.OnInvalid | None = None,
        sheet: str | None = None,
        column: str | None = None,
        project: str | None = None,
    ) -> Flow[models.PutItems]:
        """Put a CSV, text or XLSX file in; ``replace`` takes out what is not in it. Raises InvalidInputError.

        ``name`` says by its ending what a text file is. With ``on_invalid="skip"`` lines that can't be read are left out, and the
        answer names them and why. ``column`` is that of the targets, by its header or letter, where another would be taken.
        """
        list_id = yield from self._list_id(one, project)
        told = {"onInvalid": on_invalid, "sheet": sheet, "column": column}
        params = given(name=name, replace="true" if replace else None, **told)
        call = Call(
            "PUT", f"/lists/{list_id}/items", data(models.PutItems), params, file, headers={"Content-Type": "text/csv"}
        )
        return (yield from answered(call))

    @operation
    def remove_items(self, one: str, ids: Sequence[str], *, project: str | None = None) -> Flow[int]:
        """Take items out, by their ids; how many were there."""
        list_id = yield from self._list_id(one, project)
        removed = 0
        for at in range(0, len(ids), _IDS_AT_ONCE):
            params = {"id": list(ids[at : at + _IDS_AT_ONCE])}
            call = Call("DELETE", f"/lists/{list_id}/items", data(models.RemovedItems), params)
            removed += (yield from answered(call)).removed
        return removed

    @operation
    def export_list(
        self,
        one: str,
        path: str | Path,
        file_format: models.ExportFormat | None = None,
        *,
        names: Literal["dotted", "snake", "labels"] | None = None,
        marketplace: str | None = None,
        tag: str | None = None,
        project: str | None = None,
    ) -> Flow[Path]:
        """Write a list of products to a file, each as it is now; without a format the file's suffix says which.

        ``names="labels"`` gives a CSV or workbook for people. It counts as an export of the month. Raises ConflictError for
        lists of other things.
        """
        target = Path(path)
        list_id = yield from self._list_id(one, project)
        params = given(format=file_format or format_of(target), names=names, marketplace=marketplace, tag=tag)
        return (yield from downloaded(Call("GET", f"/lists/{list_id}/export", bytes, params), target))

    def _list_id(self, one: str, project: str | None) -> Flow[str]:
        if is_id(one):
            return one
        project_id = yield from self._project_id(project)
        found = yield from answered(Call("GET", f"/projects/{project_id}/lists", items(models.ProductList)))
        named = [each.id for each in found if each.name == one]
        if len(named) != 1:
            raise NotFoundError(
                f"There is no list {one!r}" if not named else f"{len(named)} lists are named {one!r}; use the id"
            )
        return named[0]


def _items(written: Iterable[str | Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"target": item} if isinstance(item, str) else dict(item) for item in written]
