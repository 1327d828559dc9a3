"""Projects at a glance: their jobs, and the last state of each product and keyword with the record it was read from.

Beside ``history``, which owns the observations and answers for one product: a list needs other questions of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from azscraper.kinds.observations import spelling
from azscraper.store.db import Conn, count_rows, fetch_all, like, scalar
from azscraper.tenants import projects
from azscraper.tenants.principal import Principal
from azscraper.tenants.projects import Project
from azscraper.tracking.finding.finder import IS_KNOWN


@dataclass(frozen=True, slots=True)
class Summary:
    """A project's jobs in one line."""

    project_id: str
    jobs: int
    open: int
    last_at: datetime
    """When the last one was posted."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword as it was last searched."""

    marketplace: str
    keyword: str
    searches: int
    """That are kept: those that differ from the one before, and one a day."""
    observed_at: datetime
    tiles: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a keyword's last search showed, in order."""

    job_id: str
    observed_at: datetime
    asins: list[str]
    sponsored: list[bool]


async def summaries(conn: Conn, principal: Principal) -> dict[str, Summary]:
    """Of the principal's projects that have jobs, by the project's id."""
    found = await fetch_all(
        conn,
        Summary,
        """SELECT project_id, count(*) AS jobs, count(*) FILTER (WHERE status IN ('queued', 'running')) AS open,
                  max(created_at) AS last_at
           FROM jobs WHERE project_id IN (
               SELECT id FROM projects WHERE organization_id = %s AND id = coalesce(%s, id)) GROUP BY project_id""",
        [principal.organization_id, principal.project_id],
    )
    return {summary.project_id: summary for summary in found}


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list by its name."""

    id: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a project has."""

    lists: Sequence[NamedList]
    products: int
    """Each once, however many marketplaces it is on; of the first ``MOST_COUNTED`` on all of them."""
    alerts: int


MOST_COUNTED = 10_000
"""Products on all marketplaces that a glance counts: more are told as so many."""


async def contents(conn: Conn, principal: Principal, project_id: str) -> Contents:
    """Of a project of the principal's; nothing of other projects."""
    own = {"project_id": project_id, "organization_id": principal.organization_id, "most": MOST_COUNTED}
    found = await fetch_all(
        conn,
        NamedList,
        """SELECT id, name, type FROM lists WHERE project_id = %(project_id)s AND organization_id = %(organization_id)s
           ORDER BY lower(name), id""",
        own,
    )
    products = await count_rows(
        conn,
        f"""SELECT count(DISTINCT asin) FROM (
               SELECT asin FROM series_states s JOIN projects p ON p.id = s.project_id
               WHERE s.project_id = %(project_id)s AND s.place = '' AND {IS_KNOWN} AND p.organization_id = %(organization_id)s
               LIMIT %(most)s) counted""",
        own,
    )
    alerts = await count_rows(
        conn,
        "SELECT count(*) FROM alerts WHERE project_id = %(project_id)s AND organization_id = %(organization_id)s",
        own,
    )
    return Contents(found, products, alerts)


@dataclass(frozen=True, slots=True)
class Named:
    """A product by its title."""

    asin: str
    marketplace: str
    title: str | None
    image: str | None


async def find_named(conn: Conn, project_id: str, text: str, *, limit: int) -> list[Named]:
    """Products with the text in title or ASIN. The caller has found the project among its own."""
    return await fetch_all(
        conn,
        Named,
        """SELECT DISTINCT ON (asin) asin, marketplace, texts ->> 'title' AS title, texts ->> 'image' AS image FROM series_states
           WHERE project_id = %(project_id)s AND place = '' AND (asin ILIKE %(text)s OR texts ->> 'title' ILIKE %(text)s)
           ORDER BY asin, marketplace LIMIT %(limit)s""",
        {"project_id": project_id, "text": like(text), "limit": limit},
    )


async def first_targets(conn: Conn, job_ids: Sequence[str]) -> dict[str, str]:
    """The first target of each job: what people know a job by. The caller has found the jobs among its own."""
    cursor = await conn.execute(
        "SELECT job_id, value FROM targets WHERE job_id = ANY(%s) AND ordinal = 0", [list(job_ids)]
    )
    return dict(await cursor.fetchall())


async def last_record(
    conn: Conn, principal: Principal, project_id: str, *, marketplace: str, asin: str
) -> dict[str, Any] | None:
    """The product's record of the last job that saw it change; None when that job's rows are gone."""
    return await scalar(
        conn,
        dict,
        """SELECT r.record FROM (
               SELECT job_id FROM product_observations
               WHERE organization_id = %s AND asin = %s AND project_id = %s AND marketplace = %s
               ORDER BY observed_at DESC, seq DESC LIMIT 5) o
           JOIN targets t ON t.job_id = o.job_id AND t.asin = %s AND t.marketplace = %s
           JOIN results r ON r.job_id = t.job_id AND r.ordinal = t.ordinal ORDER BY r.job_id DESC LIMIT 1""",
        [principal.organization_id, asin, project_id, marketplace, asin, marketplace],
    )


@dataclass(frozen=True, slots=True)
class LastOffers:
    """Offers of a product as they were last listed."""

    job_id: str
    fetched_at: datetime | None
    records: list[dict[str, Any]]
    """``OfferRow``, in the list's order."""


async def last_offers(
    conn: Conn, principal: Principal, project_id: str, *, marketplace: str, asin: str
) -> LastOffers | None:
    """Of the last job for offers that found some, among the project's last thousand jobs; None where there is none."""
    found = await fetch_all(
        conn,
        LastOffers,
        """SELECT t.job_id, t.fetched_at, t.records FROM (
               SELECT id FROM (SELECT id, type, total FROM jobs WHERE organization_id = %(organization_id)s
                   AND project_id = %(project_id)s ORDER BY id DESC LIMIT 1000) last
               WHERE type = 'offers' AND total <= 2000 LIMIT 20) j, LATERAL (
               SELECT t.job_id, t.fetched_at, ARRAY(SELECT r.record FROM results r WHERE r.job_id = t.job_id
                   AND r.ordinal = t.ordinal ORDER BY r.position LIMIT 50) AS records
               FROM targets t WHERE t.job_id = j.id AND coalesce(t.key, t.asin) = %(asin)s
                   AND t.marketplace = %(marketplace)s AND t.status = 'success' LIMIT 1) t
           ORDER BY t.job_id DESC LIMIT 1""",
        {
            "organization_id": principal.organization_id,
            "project_id": project_id,
            "asin": asin,
            "marketplace": marketplace,
        },
    )
    return found[0] if found and found[0].records else None


async def find_keywords(conn: Conn, principal: Principal, project_id: str) -> list[Keyword]:
    """The project's keywords, last searched first. Raises NotFoundError when the principal reaches no such project."""
    await projects.get(conn, principal, project_id)
    return await fetch_all(
        conn,
        Keyword,
        """SELECT marketplace, keyword, count(*) AS searches, max(greatest(observed_at, checked_at)) AS observed_at,
                  (array_agg(cardinality(asins) ORDER BY observed_at DESC))[1] AS tiles
           FROM keyword_observations WHERE organization_id = %s AND project_id = %s AND sort = '' AND category = ''
           GROUP BY marketplace, keyword ORDER BY 4 DESC, keyword LIMIT 1000""",
        [principal.organization_id, project_id],
    )


async def best_places(
    conn: Conn, principal: Principal, project_id: str, asins: Sequence[str]
) -> dict[tuple[str, str], int]:
    """By marketplace and keyword, the best place, advertisements left out, that any of the products had at its last search."""
    cursor = await conn.execute(
        """SELECT marketplace, keyword, (
               SELECT min(place) FROM (SELECT asin, row_number() OVER (ORDER BY at) AS place FROM unnest(k.asins, k.sponsored)
                   WITH ORDINALITY AS t (asin, is_paid, at) WHERE NOT is_paid) organic WHERE asin = ANY(%s)) AS best
           FROM (SELECT DISTINCT ON (marketplace, keyword) marketplace, keyword, asins, sponsored FROM keyword_observations
                 WHERE organization_id = %s AND project_id = %s AND sort = '' AND category = ''
                 ORDER BY marketplace, keyword, observed_at DESC LIMIT 1000) k""",
        [list(asins), principal.organization_id, project_id],
    )
    return {(host, keyword): best for host, keyword, best in await cursor.fetchall() if best is not None}


async def last_ranking(
    conn: Conn, principal: Principal, project_id: str, *, marketplace: str, keyword: str
) -> Ranking | None:
    """What the keyword's last search showed; None when it was never searched."""
    found = await fetch_all(
        conn,
        Ranking,
        """SELECT job_id, greatest(observed_at, checked_at) AS observed_at, asins, sponsored FROM keyword_observations
           WHERE organization_id = %s AND keyword = %s AND project_id = %s AND marketplace = %s AND sort = ''
             AND category = '' ORDER BY keyword_observations.observed_at DESC, seq DESC LIMIT 1""",
        [principal.organization_id, spelling(keyword), project_id, marketplace],
    )
    return found[0] if found else None


async def followed(
    conn: Conn, principal: Principal, project_id: str, *, marketplace: str, asins: Sequence[str]
) -> list[str]:
    """Those of the products whose pages the project reads, in the order given."""
    cursor = await conn.execute(
        """SELECT asin FROM product_states WHERE marketplace = %s AND asin = ANY(%s)
           AND project_id = (SELECT id FROM projects WHERE organization_id = %s AND id = %s)""",
        [marketplace, list(asins), principal.organization_id, project_id],
    )
    known = {row[0] for row in await cursor.fetchall()}
    return [asin for asin in dict.fromkeys(asins) if asin in known]


async def all_followed(conn: Conn, project: Project) -> list[str]:
    """ASINs of the products whose pages the project reads: at most a thousand, those last looked at."""
    cursor = await conn.execute(
        "SELECT asin FROM product_states WHERE project_id = %s GROUP BY asin ORDER BY max(coalesce(checked_at, observed_at)) DESC LIMIT 1000",
        [project.id],
    )
    return [row[0] for row in await cursor.fetchall()]


async def titles(conn: Conn, project_id: str, asins: Sequence[str]) -> dict[str, Named]:
    """Those products of which a title is known, by ASIN. The caller has found the project among its own."""
    found = await fetch_all(
        conn,
        Named,
        """SELECT DISTINCT ON (asin) asin, marketplace, texts ->> 'title' AS title, texts ->> 'image' AS image FROM series_states
           WHERE project_id = %s AND asin = ANY(%s) AND place = '' AND texts ? 'title' ORDER BY asin, marketplace""",
        [project_id, list(asins)],
    )
    return {one.asin: one for one in found}


async def tiles(
    conn: Conn, job_id: str, *, marketplace: str, keyword: str, also: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """The rows of one keyword of a job, in order, however its target was spelled. The caller has found the job among its own."""
    cursor = await conn.execute(
        """SELECT r.record FROM targets t JOIN results r ON r.job_id = t.job_id AND r.ordinal = t.ordinal
           WHERE t.job_id = %s AND t.marketplace = %s AND lower(regexp_replace(btrim(t.value), '\\s+', ' ', 'g')) = ANY(%s)
           ORDER BY r.position LIMIT 200""",
        [job_id, marketplace, [spelling(keyword), *also]],
    )
    return [row[0] for row in await cursor.fetchall()]
