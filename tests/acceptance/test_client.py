"""The Python client against a running service, in both colours."""

import inspect
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import orjson
import pandas as pd
import pyarrow as pa
import pytest

from azscraper.client import (
    AsyncAzScraper,
    AzScraper,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    JobFailedError,
    NotFoundError,
    Product,
    SearchRow,
    UnauthenticatedError,
    WaitTimeoutError,
    account,
    jobs,
    models,
    routes,
)
from azscraper.client.flows import Open, Pause

ASINS = ["B0DEMO0001", "B0DEMO0002", "B0DEMO0003"]


@pytest.fixture(params=["sync", "async"])
async def client(request, service):
    if request.param == "sync":
        with AzScraper(service.url, token=service.token) as client:
            yield client
    else:
        async with AsyncAzScraper(service.url, token=service.token) as client:
            yield client


async def got(value):
    return await value if inspect.isawaitable(value) else value


async def listed(items):
    return [item async for item in items] if hasattr(items, "__aiter__") else list(items)


async def test_one_target_at_once(client):
    answer = await got(client.ask("details", ASINS[0], marketplace="de", wait_seconds=1))
    assert [row.asin for row in answer.rows] == [ASINS[0]]
    assert (answer.meta.status, answer.meta.target) == ("success", ASINS[0])
    waited = []
    later = await got(client.ask("details", "B0DEMO0005", wait_seconds=0, seen=waited.append))
    assert {job.id for job in waited} == {later.meta.job_id}
    found = await got(client.ask("search", "kettle"))
    assert len(found.rows) > 5
    assert found.summary.keyword == "kettle"
    with pytest.raises(NotFoundError) as raised:
        await got(client.ask("details", "B0NOSUCH01"))
    assert raised.value.details[0].code == "not_found"


async def test_the_rows_of_a_project(client):
    project = await got(client.create_project("Rows"))
    job = await got(client.run("details", ASINS, project=project.id, marketplace="de"))
    await got(job.wait(timeout_seconds=60))
    search = await got(client.run("search", ["kettle"], project=project.id))
    await got(search.wait(timeout_seconds=60))
    rows = await listed(client.rows(project.id))
    products = [row for row in rows if isinstance(row, models.StoredProduct)]
    assert sorted(row.meta.target for row in products) == ASINS
    assert sorted(row.asin for row in products) == ASINS
    assert {type(row) for row in rows[3:]} == {models.StoredSearchRow}
    assert {row.meta.job_id for row in rows[3:]} == {search.id}
    raw = [orjson.loads(row) for row in await listed(client.rows(project.id, raw=True, type="details"))]
    assert [row["meta"]["rowId"] for row in raw] == [row.meta.row_id for row in products]
    assert len(await listed(client.rows(project.id, most=2))) == 2
    pages = await listed(client.row_pages(project.id, page_rows=2))
    assert [row.meta.row_id for page in pages for row in page.rows] == [row.meta.row_id for row in rows]
    assert [page.has_more for page in pages] == [True] * (len(pages) - 1) + [False]
    assert await listed(client.rows(project.id, cursor=pages[-1].cursor)) == []
    wrong = await got(client.run("details", ["B0NOSUCH01"], project=project.id, name="Wrong", tags=["x"]))
    assert [one.id for one in await listed(client.jobs(project.id, text="wro", tag="x"))] == [wrong.id]
    assert (await got(wrong.change(tags=["y"]))).state.tags == ["y"]
    await got(wrong.wait(timeout_seconds=60, check=False))
    (failure,) = await listed(client.rows(project.id, failures=True, since=date(2026, 1, 1)))
    assert (failure.target, failure.error.code) == ("B0NOSUCH01", "not_found")
    await got(client.change_project(project.id, archived=True))


async def test_a_details_job(client, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "_PAGE", "2")
    looks = []
    job = await got(client.run("details", ASINS, marketplace="de"))
    assert await got(job.wait(seen=looks.append, timeout_seconds=60)) is job
    assert looks[-1].is_over
    assert job.progress.succeeded == 3
    products = await listed(job.products())
    assert products == await listed(job.results())
    assert [product.requested_asin for product in products] == ASINS
    assert all(isinstance(product, Product) for product in products)
    assert any(isinstance(product.price and product.price.amount, Decimal) for product in products)
    fitting = await listed(job.rows(where=f'requestedAsin="{ASINS[1]}"'))
    assert fitting == products[1:2]
    assert await listed(job.objects(fields="asin", where=f'requestedAsin="{ASINS[1]}"')) == [{"asin": products[1].asin}]
    assert [target.value for target in await listed(job.targets())] == ASINS
    assert len(await listed(job.results(most=1))) == 1
    with pytest.raises(InvalidInputError, match="details"):
        await listed(job.search_rows())
    (point, *_) = await listed(client.product_history(products[0].asin, marketplace="de"))
    assert point.asin == products[0].asin
    assert (point.price and point.price.amount) == (products[0].price and products[0].price.amount)
    assert await listed(client.product_history(ASINS[0], until=date(2020, 1, 1))) == []
    (rates,) = await got(job.fill_rates())
    assert rates.marketplace == "www.amazon.de"
    for name in ("rows.csv", "rows.parquet", "rows.xlsx"):
        path = await got(job.export(tmp_path / name))
        assert path.stat().st_size > 500
    exported = orjson.loads((await got(job.export(tmp_path / "rows", "json"))).read_bytes())
    assert [Product.model_validate(row) for row in exported] == products


async def test_frames_have_the_records_types(client):
    job = await got((await got(client.run("details", ASINS, marketplace="de"))).wait())
    (polars, pandas) = (await got(job.to_polars()), await got(job.to_pandas()))
    assert polars["requestedAsin"].to_list() == pandas["requestedAsin"].to_list() == ASINS
    assert str(polars.schema["fetchedAt"]).startswith("Datetime")
    assert "Decimal" in str(polars.schema["price"])


async def test_no_thread_of_arrow_reads_a_python_object(client, monkeypatch):
    """One that still does as the interpreter ends aborts the process: the script did its work and says it failed."""
    read = pd.read_parquet
    files = []
    monkeypatch.setattr(pd, "read_parquet", lambda file, **options: files.append(file) or read(file, **options))
    job = await got((await got(client.run("details", ASINS, marketplace="de"))).wait())
    await got(job.to_pandas())
    assert [type(file) for file in files] == [pa.BufferReader]


async def test_a_search_job(client):
    job = await got((await got(client.run("search", "kettle", pages=1))).wait())
    rows = await listed(job.search_rows())
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert all(isinstance(row, SearchRow) for row in rows)
    found = next(row for row in rows if not row.sponsored)
    (point,) = await listed(client.keyword_history("kettle", found.asin, most=1))
    assert point.organic_position == found.organic_position
    states = await listed(job.events())
    assert [state.status for state in states] == ["completed"]


async def test_a_job_that_fails(client):
    job = await got(client.run("details", ["B0FAULT404"]))
    with pytest.raises(JobFailedError, match="failed") as failed:
        await got(job.wait())
    assert failed.value.job.progress.failed == 1
    (target,) = await listed(job.targets(status="failed"))
    assert target.error.code == "not_found"
    assert (await got(job.wait(check=False))).status == "failed"
    with pytest.raises(ConflictError):
        await got(job.cancel())
    again = await got(job.retry(only_failed=True))
    assert again.id != job.id
    assert (await got(again.wait(check=False))).progress.total == 1


async def test_waiting_is_bounded_and_cancelling_ends_it(client):
    job = await got(client.run("search", [f"mug {n}" for n in range(2000)]))
    with pytest.raises(WaitTimeoutError, match="still"):
        await got(job.wait(timeout_seconds=0.01))
    await got(job.cancel())
    assert job.status == "cancelled"
    with pytest.raises(JobFailedError, match="cancelled"):
        await got(job.wait())


async def test_a_job_goes_on_without_what_is_no_target(client):
    job = await got(client.run("details", ["nonsense", "\u200eB0DEMO0001"], on_invalid="skip", marketplace="de"))
    assert (job.progress.total, job.progress.failed) == (2, 1)
    made = await got(client.create_schedule("@daily", "details", ["nonsense", "B0DEMO0001"], on_invalid="skip"))
    assert (made.crawl_config.on_invalid, made.crawl_config.targets) == ("skip", ["nonsense", "B0DEMO0001"])
    await got(client.delete_schedule(made.id))


async def test_errors_have_a_class_each(service, client):
    with pytest.raises(NotFoundError):
        await got(client.job("0" * 24))
    with pytest.raises(NotFoundError, match="not an id"):
        await got(client.job("../projects"))
    with pytest.raises(InvalidInputError) as wrong:
        await got(client.run("details", ["B0DEMO0001", "nonsense", "https://www.amazon.com/gp/cart"]))
    assert [detail.field for detail in wrong.value.details] == ["targets.1", "targets.2"]
    with pytest.raises(InvalidInputError):
        await got(client.run("details", []))
    with AzScraper(service.url, token="forged") as stranger, pytest.raises(UnauthenticatedError):
        stranger.usage()


def test_what_can_be_asked_for(service):
    with AzScraper(service.url) as client:
        assert [one.type for one in client.kinds(marketplace="de")][:2] == ["details", "search"]
        assert "pages" in client.schema("search-options")["properties"]


def test_everything_else(service):
    """The rest of the routes, once, with what each is for."""
    with AzScraper(service.url) as client:
        session = client.register("client@example.com", "correct horse", name="Cleo")
        assert client.me() == session.user
        assert client.usage().plan == "unlimited"
        first = client.create_project("One")
        assert client.project().id == client.project("One").id == first.id
        job = client.run("search", "kettle")
        job.wait()
        second = client.create_project("Two")
        with pytest.raises(InvalidInputError, match="'Two', 'One'"):
            client.run("search", "kettle")
        assert [one.id for one in client.jobs("One", status="completed")] == [job.id]
        assert list(client.jobs("Two")) == []
        assert client.change_project("Two", archived=True).archived
        assert [one.name for one in client.projects(archived=True)] == [second.name]
        schedule = client.create_schedule("@daily", "details", ASINS, timezone="Europe/Berlin", max_retries=1)
        assert schedule.crawl_config.config == {"maxRetries": 1}
        assert [one.id for one in client.schedules()] == [schedule.id] == [client.schedule(schedule.id).id]
        assert client.change_schedule(schedule.id, enabled=False).next_run_at is None
        client.delete_schedule(schedule.id)
        with pytest.raises(NotFoundError):
            client.schedule(schedule.id)
        key = client.create_api_key("nightly")
        with AzScraper(service.url, api_key=key.key) as robot:
            assert robot.project().id == first.id
            with pytest.raises(ForbiddenError):
                robot.me()
        assert [one.key_hint for one in client.api_keys()] == [key.key[-4:]]
        assert client.change_api_key(key, disabled=True).disabled
        client.delete_api_key(key)
        assert "api_key" in next(iter(client.audit())).action
        assert client.credits().balance == 0
        assert list(client.credit_entries()) == list(client.signups()) == []
        client.click_referral(client.referral().code)
        assert client.referral().clicks == 1
        assert len(client.marketplaces()) > 20
        assert client.project(first.id).change_thresholds is not None
        thresholds = models.ChangeThresholds(price_percent=5, rating=0.5)
        assert client.change_project("One", change_thresholds=thresholds).change_thresholds == thresholds
        assert client.schema("product")["title"] == "Product"
        changed = client.change_me(current_password="correct horse", new_password="battery staple")
        assert client.me().id == changed.id
        code = client.login_handoff("client@example.com", "battery staple").code
        with AzScraper(service.url) as other:
            assert other.verify_handoff(code).user == client.me()
            other.logout()
            with pytest.raises(UnauthenticatedError):
                other.me()


SAMPLES = {
    "body": {}, "code": "c", "cron": "@daily", "current_password": "old password", "delivery_id": "0" * 24,
    "email": "a@example.com", "events": ["job.failed"], "job_id": "0" * 24, "name": "n", "new_password": "new password",
    "password": "correct horse", "project": "1" * 24, "record": "product", "schedule_id": "0" * 24, "targets": ["kettle"], "target": "kettle",
    "type": "search", "url": "https://example.com", "webhook_id": "0" * 24, "path": "/admin/stats", "method": "GET",
    "asin": "B0DEMO0001", "keyword": "kettle", "file": b"asin,time,price\n", "one": "0" * 24, "items": ["B0DEMO0001"], "ids": ["0" * 24],
    "when": [{"field": "price", "op": "changes"}], "alert_id": "0" * 24, "channel_id": "0" * 24, "item_id": "0" * 24,
}  # fmt: skip
STATE = models.JobState.model_validate(
    {"id": "0" * 24, "projectId": "1" * 24, "organizationId": "2" * 24, "type": "search", "status": "queued", "config": {}, "bullJobId": "0" * 24,
     "resultCount": 0, "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
     "progress": {"total": 1, "pending": 1, "running": 0, "succeeded": 0, "failed": 0, "cancelled": 0}}
)  # fmt: skip
KEY = models.ApiKey.model_construct(id="0" * 24, project_id="1" * 24)


class Recording:
    """A driver that notes the first request of a flow and goes no further."""

    def __init__(self):
        self.calls = []

    def run(self, flow):
        step = next(flow)
        while isinstance(step, Pause):
            step = flow.send(None)
        assert isinstance(step, Open)
        self.calls.append(step.call)
        flow.close()

    iterate = run


def recorded():
    """The first call of every method, with each argument that has a sample."""
    driver = Recording()
    for owner in (routes.Routes(driver), account.Account(driver), jobs.Job(driver, STATE)):
        kinds = [item for one in type(owner).mro() for item in vars(one).items()]
        for name in [name for name, kind in kinds if type(kind).__name__ in {"operation", "listing"}]:
            if name == "products" and isinstance(owner, jobs.Job):  # its rows, as another type
                continue
            if name in {"to_polars", "to_pandas", "request"}:
                continue
            parameters = inspect.signature(getattr(owner, name)).parameters.values()
            given = {p.name: SAMPLES[p.name] for p in parameters if p.name in SAMPLES}
            given |= {"key": KEY} if any(p.name == "key" for p in parameters) else {}
            given |= {"path": "rows.csv"} if name in {"export", "export_list", "export_changes"} else {}
            given.pop("self", None)
            getattr(owner, name)(**given)
    return driver.calls


@pytest.fixture(scope="module")
def document(service):
    with AzScraper(service.url) as client:
        return client.request("GET", "/openapi.json")


def matching(document, call):
    """The operation of the document that the call is."""
    parts = urlsplit(call.path).path.strip("/").split("/")
    for path, operations in document["paths"].items():
        names = path.strip("/").split("/")
        fits = len(names) == len(parts) and all(
            name == part or (name.startswith("{") and part in {"0", "0" * 24, "1" * 24, "product", "B0DEMO0001"})
            for name, part in zip(names, parts, strict=True)
        )
        if fits and call.method.lower() in operations:
            return operations[call.method.lower()]
    raise AssertionError(f"no route for {call.method} {call.path}")


_OPERATORS = "an operator's own: `request` reaches it"
WITHOUT_METHOD = {
    "getHealth": "`is_healthy` asks /health/ready, which says more: the database answers too",
    "askByQuery": "`ask` asks with a body",
    "askByAddress": "`ask` of the type `auto` asks with a body",
    "adminListOrganizations": _OPERATORS,
    "adminGetOrganization": _OPERATORS,
    "adminChangeOrganization": _OPERATORS,
    "adminGrantCredits": _OPERATORS,
    "adminListUsers": _OPERATORS,
    "adminChangeUser": _OPERATORS,
    "adminListJobs": _OPERATORS,
    "adminCancelJob": _OPERATORS,
    "adminListPlans": _OPERATORS,
    "adminCreatePlan": _OPERATORS,
    "adminChangePlan": _OPERATORS,
    "adminGetSettings": _OPERATORS,
    "adminChangeSettings": _OPERATORS,
    "adminListReferrals": _OPERATORS,
    "adminGetStats": _OPERATORS,
    "adminCreateInvitation": _OPERATORS,
    "adminListInvitations": _OPERATORS,
    "adminRevokeInvitation": _OPERATORS,
}
"""Operations that the client has no method for, and why."""


def test_every_route_has_its_method_and_every_method_its_route(document):
    found = {}
    for call in recorded():
        operation = matching(document, call)
        known = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert call.params.keys() | parse_qs(urlsplit(call.path).query).keys() <= known, operation["operationId"]
        assert call.once == ("idempotency-key" in known), operation["operationId"]
        found[operation["operationId"]] = operation
    every = {operation["operationId"] for path in document["paths"].values() for operation in path.values()}
    assert every - found.keys() == WITHOUT_METHOD.keys(), "a new route wants a method of its own in azscraper.client"


def test_what_changed_becomes_a_file(cli, tmp_path):
    project = ("-p", cli("projects", "create", "Files").stdout.strip())
    written = cli("changes", *project, "--since", "2020-01-01", "--output", tmp_path / "changes.csv")
    assert "changes.csv (" in written.stderr
    assert (tmp_path / "changes.csv").read_text().startswith("time,marketplace,asin,title,change,")
    refused = cli("changes", *project, "--output", tmp_path / "changes.pdf", exit_code=2)
    assert ".csv or .xlsx" in refused.exception.message
