"""A project's rules, kept in memory by version, and those of them that a check may concern. No query where there are none."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from azscraper.store.db import Conn, fetch_all
from azscraper.tracking.alerts import alerts
from azscraper.tracking.alerts.alerts import Alert
from azscraper.tracking.alerts.items import Item
from azscraper.tracking.alerts.rules import Rule
from azscraper.tracking.alerts.timing import Digest, QuietHours
from azscraper.tracking.series_states import Change, Observed

_MOST_KEPT = 200
"""Projects whose rules a process keeps."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A rule, and where what it fires goes."""

    rule: Rule
    name: str
    digest: Digest
    quiet_hours: QuietHours | None
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A project's rules, sorted by what they watch."""

    of_asin: dict[str, list[Watch]] = field(default_factory=dict)
    of_field: dict[str, list[Watch]] = field(default_factory=dict)
    """Those that name no products, by each field that they look at."""
    of_keyword: dict[str, list[Watch]] = field(default_factory=dict)
    of_items: dict[tuple[str | None, str | None], list[Watch]] = field(default_factory=dict)
    """Those that name a list, a tag or a target price: they change with the items, and are judged at each check of one. By the list
    and the tag, each None where the rule names none."""
    of_reviews: list[Watch] = field(default_factory=list)
    of_runs: list[Watch] = field(default_factory=list)
    newest: datetime | None = None
    by_id: dict[str, Watch] = field(default_factory=dict)

    @property
    def looks_at_own(self) -> bool:
        """Whether one of them compares products with one's own."""
        return any(watch.rule.looks_at_own for watches in self.of_items.values() for watch in watches)

    @classmethod
    def of(cls, rows: Sequence[Alert]) -> "RuleSet":
        """Of enabled rules."""
        sets = cls(newest=max((row.began_at for row in rows), default=None))
        for row in rows:
            sets.add(_watch(row))
        return sets

    def add(self, watch: Watch) -> None:
        """Sort a rule in."""
        what = watch.rule.what
        self.by_id[watch.rule.id] = watch
        if what.runs:
            self.of_runs.append(watch)
        elif watch.rule.looks_at_reviews:
            self.of_reviews.append(watch)
        elif what.keyword:
            self.of_keyword.setdefault(what.keyword, []).append(watch)
        elif watch.rule.looks_at_items:
            self.of_items.setdefault((what.list_id, what.tag), []).append(watch)
        elif what.products:
            for asin in what.products:
                self.of_asin.setdefault(asin, []).append(watch)
        else:
            for name in watch.rule.fields:
                self.of_field.setdefault(name, []).append(watch)

    def concerned(self, seen: Observed, remembered: Sequence[str]) -> Iterator[Watch]:
        """Rules that may say something else of this product than at its last check, each once.

        A field of theirs has changed, or was told for the first time, or not since the rule began; or they have fired for
        it (``remembered``), and may be armed again, or fire again, though nothing changed.
        """
        fresh = {name for name, change in seen.fields.items() if change.known is None or change.is_change}
        old = [change for name, change in seen.fields.items() if name not in fresh]
        found = {watch.rule.id: watch for watch in self.of_asin.get(seen.asin, ()) if _concerns(watch.rule, seen)}
        for name in fresh:
            found |= {watch.rule.id: watch for watch in self.of_field.get(name, ())}
        if self.newest is not None and any(_is_older(change, self.newest) for change in old):
            for name, change in seen.fields.items():
                found |= {
                    watch.rule.id: watch
                    for watch in self.of_field.get(name, ())
                    if _is_older(change, watch.rule.began_at)
                }
        for each in remembered:
            watch = self.by_id.get(each)
            if watch is not None and not watch.rule.looks_at_items:  # those are judged with their items
                found[each] = watch
        return iter(found.values())

    def about(self, items: Sequence[Item]) -> Iterator[Watch]:
        """Rules of items that may mean one of these, each once."""
        tags = {(one.list_id, tag) for one in items for tag in (*one.tags, None)}
        keys = {key for list_id, tag in tags for key in ((list_id, tag), (None, tag))}
        for key in keys & self.of_items.keys():
            yield from self.of_items[key]


def _concerns(rule: Rule, seen: Observed) -> bool:
    return any(
        change.known is None or change.is_change or _is_older(change, rule.began_at)
        for name in rule.fields
        if (change := seen.fields.get(name)) is not None
    )


def _is_older(change: Change, moment: datetime) -> bool:
    """Whether the field was told last before then."""
    return change.known is not None and change.known.checked_at < moment


def _watch(row: Alert) -> Watch:
    draft = row.draft
    return Watch(row.rule, row.name, draft.digest, draft.quiet_hours, draft.channels)


_kept: OrderedDict[str, tuple[int, RuleSet]] = OrderedDict()


async def load(conn: Conn, project_id: str, version: int) -> RuleSet:
    """The project's rules as of the version, which was read in this transaction."""
    kept = _kept.get(project_id)
    if kept is None or kept[0] != version:
        kept = _kept[project_id] = (version, RuleSet.of(await _find(conn, project_id)))
    _kept.move_to_end(project_id)
    while len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    return kept[1]


async def _find(conn: Conn, project_id: str) -> list[Alert]:
    return await fetch_all(
        conn,
        Alert,
        f"SELECT {alerts.COLUMNS} FROM alerts a WHERE a.project_id = %s AND a.enabled ORDER BY a.id",
        [project_id],
    )
