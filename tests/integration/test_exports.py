"""Exports over HTTP: every format carries the same rows under its own name and type."""

import io
import zipfile

import orjson
import pyarrow as pa
import pytest
from pyarrow import parquet
from python_calamine import CalamineWorkbook

from azscraper.results.formats import MEDIA_TYPES, Format
from azscraper.store.db import transaction
from integration.test_api import run_chunk, succeeded

ASINS = ["B000000001", "B000000002"]


@pytest.fixture
async def export(tenant, pool):
    job = await tenant.post_job()
    await run_chunk(pool, job["id"], succeeded)

    async def get(file_format, **params):
        response = await tenant.http.get(f"/jobs/{job['id']}/export", params={"format": file_format} | params)
        assert response.status_code == 200
        assert response.headers["content-type"] == MEDIA_TYPES[file_format]
        name = f"job-{job['id']}.{file_format}"
        assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
        return response.content

    return get


async def test_ndjson(export):
    lines = (await export(Format.NDJSON)).splitlines()
    assert [orjson.loads(line)["asin"] for line in lines] == ASINS


async def test_parquet(export):
    table = parquet.read_table(io.BytesIO(await export(Format.PARQUET)))
    assert table.column("asin").to_pylist() == ASINS
    assert b"fields are only added" in table.schema.metadata[b"azscraper.compatibility"]


async def test_workbook(export):
    with zipfile.ZipFile(io.BytesIO(await export(Format.XLSX))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert all(asin in sheet for asin in ASINS)


async def test_the_guard_can_be_switched_off(export, pool):
    async with transaction(pool) as conn:
        await conn.execute("""UPDATE results SET record = '{"asin":"B000000001","title":"=1+1"}'""")
    assert b"'=1+1" in await export(Format.CSV)
    assert b",=1+1" in await export(Format.CSV, guard="false")


async def test_fields_and_rows_that_are_chosen(export):
    chosen = {"fields": "title,asin", "where": 'title~"of b000000002"'}
    assert await export(Format.JSON, **chosen) == b'[{"title":"Title of B000000002","asin":"B000000002"}]'
    assert await export(Format.CSV, **chosen) == b"title,asin\r\nTitle of B000000002,B000000002\r\n"
    table = parquet.read_table(
        io.BytesIO(
            await export(Format.PARQUET, fields="asin,price.amount,offers.newCount,offers.nothing,brand.nothing")
        )
    )
    assert table.column_names == ["asin", "price", "offers"]
    assert table.schema.field("price").type.names == ["amount"]
    assert "brand" not in parquet.read_table(io.BytesIO(await export(Format.PARQUET, fields="-brand"))).column_names


async def test_columns_for_warehouses_and_where_rows_came_from(export):
    head, first, *_ = (await export(Format.CSV, include="meta", names="snake")).decode().splitlines()
    columns = head.split(",")
    assert {"price_amount", "fetched_at", "parent_asin"} < set(columns)
    assert columns[-11:] == [
        "meta_job_id", "meta_project_id", "meta_schedule_id", "meta_list_id", "meta_target", "meta_ordinal",
        "meta_position", "meta_job_created_at", "meta_stored_at", "meta_row_id", "meta_cached",
    ]  # fmt: skip
    assert first.split(",")[-7:-4] == ["B000000001", "0", "1"]
    few = (await export(Format.CSV, include="meta", names="snake", fields="asin")).decode().splitlines()[0].split(",")
    assert few == ["asin", *columns[-11:]]
    ordered = await export(Format.CSV, include="meta", fields="meta.rowId,buyingOptions,asin")
    assert ordered.splitlines()[0] == b"meta.rowId,buyingOptions,asin"
    table = parquet.read_table(io.BytesIO(await export(Format.PARQUET, include="meta")))
    assert [meta["ordinal"] for meta in table.column("meta").to_pylist()] == [0, 1]
    assert table.schema.field("meta").type.field("storedAt").type == pa.timestamp("us", tz="UTC")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"fields": "titel"}, "fields"),
        ({"where": "title=kettle"}, "where"),
        ({"include": "everything"}, "include"),
        ({"format": "json", "names": "snake"}, "names"),
        ({"record": "Lamp"}, "record"),
        ({"record": "Lamp", "format": "json"}, "record"),
        ({"record": "Lamp", "format": "ndjson"}, "record"),
    ],
    ids=str,
)
async def test_wrong_choices_are_named_and_cost_no_export(tenant, pool, params, field):
    job = await tenant.post_job()
    await run_chunk(pool, job["id"], succeeded)
    refused = await tenant.http.get(f"/jobs/{job['id']}/export", params={"format": "csv"} | params)
    assert (refused.status_code, refused.json()["error"]["details"][0]["field"]) == (400, field)
    assert (await tenant.http.get("/usage")).json()["data"]["used"]["exportsThisMonth"] == 0


async def test_results_by_choice(tenant, pool):
    job = await tenant.post_job(targets=[f"B{n:09}" for n in range(30)])
    await run_chunk(pool, job["id"], succeeded)
    path = f"/jobs/{job['id']}/results"
    whole = (await tenant.http.get(path, params={"include": "meta", "fields": "asin,meta.rowId"})).json()
    assert whole["data"][3] == {"asin": "B000000003", "meta": {"rowId": f"{job['id']}-3-1"}}
    for chosen in ("asin", "asin,-meta.target"):
        (row,) = (await tenant.http.get(path, params={"include": "meta", "fields": chosen, "limit": 1})).json()["data"]
        assert (row["asin"], row["meta"]["rowId"]) == ("B000000000", f"{job['id']}-0-1")
    params = {"where": 'asin>="B000000010",asin!="B000000012"', "limit": 7, "include": "meta"}
    found, cursor = [], "0.0"
    while cursor:
        page = (await tenant.http.get(path, params=params | {"cursor": cursor})).json()
        found += [row["meta"]["ordinal"] for row in page["data"]]
        assert page["meta"]["total"] == 14
        cursor = page["meta"]["nextCursor"]
    assert found == [10, 11, *range(13, 25)]
    assert all(row["meta"]["storedAt"] for row in page["data"])


async def test_the_document_names_every_type(tenant):
    answers = (await tenant.http.get("/openapi.json")).json()["paths"]["/jobs/{job_id}/export"]["get"]["responses"]
    assert set(answers["200"]["content"]) == set(MEDIA_TYPES.values())


@pytest.mark.parametrize("file_format", Format)
async def test_a_job_that_runs_is_no_whole_file(tenant, file_format):
    job = await tenant.post_job()
    path = f"/jobs/{job['id']}/export"
    refused = await tenant.http.get(path, params={"format": file_format})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "CONFLICT")
    assert "partial=true" in refused.json()["error"]["message"]
    part = await tenant.http.get(path, params={"format": file_format, "partial": "true"})
    assert (part.status_code, part.headers["x-job-status"]) == (200, "queued")
    name = f"job-{job['id']}-partial.{file_format}"
    assert part.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert (await tenant.http.get("/usage")).json()["data"]["used"]["exportsThisMonth"] == 1  # a refusal is no export


async def test_json_lines_of_a_job_that_runs_say_so_at_their_end(tenant, pool):
    job = await tenant.post_job(targets=[f"B{n:09}" for n in range(30)])
    await run_chunk(pool, job["id"], succeeded)
    path = f"/jobs/{job['id']}/export"
    part = await tenant.http.get(path, params={"format": "ndjson", "partial": "true"})
    *rows, last = [orjson.loads(line) for line in part.content.splitlines()]
    assert (len(rows), last, part.headers["x-job-status"]) == (25, {"_status": "running"}, "running")


async def test_the_file_of_a_cancelled_job(tenant, pool):
    job = await tenant.post_job(targets=[f"B{n:09}" for n in range(30)])
    await run_chunk(pool, job["id"], succeeded)
    await tenant.http.post(f"/jobs/{job['id']}/cancel")
    file = await tenant.http.get(f"/jobs/{job['id']}/export", params={"format": "ndjson"})
    assert (file.status_code, file.headers["x-job-status"], len(file.content.splitlines())) == (200, "cancelled", 25)
    assert "-partial" not in file.headers["content-disposition"]


async def test_results_of_a_job_that_runs_say_so(tenant, pool):
    job = await tenant.post_job(targets=[f"B{n:09}" for n in range(30)])
    await run_chunk(pool, job["id"], succeeded)
    path = f"/jobs/{job['id']}/results"
    for query in ("", "?limit=10", "?limit=10&cursor=3.1"):
        meta = (await tenant.http.get(path + query)).json()["meta"]
        assert (meta["total"], meta["status"], meta["partial"]) == (25, "running", True)
    await run_chunk(pool, job["id"], succeeded, lane=1)
    meta = (await tenant.http.get(path)).json()["meta"]
    assert meta == {"total": 30, "status": "completed"}


async def test_a_file_for_a_client(tenant, pool):
    job = await tenant.post_job(name="Kettles für Ann")
    await run_chunk(pool, job["id"], succeeded)

    async def get(status=200, **params):
        response = await tenant.http.get(f"/jobs/{job['id']}/export", params=params)
        assert response.status_code == status, response.text
        return response

    answer = await get(format="csv", names="labels", columns="table")
    day = job["createdAt"][:10]
    assert answer.headers["content-disposition"] == (
        f"attachment; filename=\"kettles-fur-ann-{day}.csv\"; filename*=UTF-8''kettles-f%C3%BCr-ann-{day}.csv"
    )
    head = answer.text.splitlines()[0]
    assert head == ('\ufeffTitle,ASIN,Price,"Price, currency",Availability,Rating,Rating count,Rank,Brand')
    assert (await get(format="csv", columns="table")).text.startswith("title,asin,price.amount,price.currency,")
    book = CalamineWorkbook.from_filelike(io.BytesIO((await get(format="xlsx", names="labels")).content))
    rows = book.get_sheet_by_index(0).to_python()
    assert {"URL", "Price", "Price, currency"} <= set(rows[0])
    assert [row[rows[0].index("ASIN")] for row in rows[1:]] == ASINS
    for wrong in (
        {"format": "json", "names": "labels"},
        {"format": "xlsx", "names": "snake"},
        {"format": "parquet", "columns": "table"},
        {"format": "csv", "columns": "table", "fields": "asin"},
    ):
        assert {"names", "columns"} & {one["field"] for one in (await get(400, **wrong)).json()["error"]["details"]}
