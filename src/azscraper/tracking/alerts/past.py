"""What series held before a check: lowest, highest, and which texts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from azscraper.store.db import Conn, fetch_all
from azscraper.tracking.alerts.evaluating import Need, Past
from azscraper.tracking.series_states import Observed

_BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class _Found:
    at: int
    lowest: Decimal | None
    highest: Decimal | None
    texts: list[str] | None


async def look_up(
    conn: Conn, project_id: str, wanted: Iterable[tuple[Observed, Need]]
) -> Mapping[tuple[int, Need], Past]:
    """The past of each need of each check, by the check's ``id()``; in one query, none where nothing is wanted.

    The value that held at a need's beginning is in it; of money only amounts in the currency of the check are.
    """
    asked = [(key, *pair) for key, pair in {(id(seen), need): (seen, need) for seen, need in wanted}.items()]
    if not asked:
        return {}
    rows = await fetch_all(
        conn,
        _Found,
        """SELECT (k.at - 1)::int AS at, min(p.value_number) AS lowest, max(p.value_number) AS highest,
               array_agg(DISTINCT p.value_text) FILTER (WHERE p.value_number IS NULL AND p.value_text IS NOT NULL) AS texts
           FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[])
               WITH ORDINALITY AS k (marketplace, place, asin, field, since, until, unit, at),
           LATERAL (
               (SELECT s.value_number, s.value_text FROM product_series s
                WHERE s.project_id = %s AND s.asin = k.asin AND s.marketplace = k.marketplace AND s.place = k.place
                  AND s.field = k.field AND s.observed_at > k.since AND s.observed_at < k.until)
               UNION ALL
               (SELECT s.value_number, s.value_text FROM product_series s
                WHERE s.project_id = %s AND s.asin = k.asin AND s.marketplace = k.marketplace AND s.place = k.place
                  AND s.field = k.field AND s.observed_at <= k.since AND s.observed_at < k.until
                ORDER BY s.observed_at DESC LIMIT 1)) p
           WHERE p.value_number IS NULL OR p.value_text IS NOT DISTINCT FROM k.unit GROUP BY k.at""",
        [
            [seen.marketplace for _, seen, _ in asked],
            [seen.place for _, seen, _ in asked],
            [seen.asin for _, seen, _ in asked],
            [need.field for *_, need in asked],
            [need.since or _BEGINNING for *_, need in asked],
            [seen.observed_at for _, seen, _ in asked],
            [seen.fields[need.field].after.text for _, seen, need in asked],
            project_id,
            project_id,
        ],
    )
    return {asked[row.at][0]: Past(row.lowest, row.highest, frozenset(row.texts or ())) for row in rows}
